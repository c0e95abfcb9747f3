"""The bounded child process: ``python -m asepsis.guard.child MODULE``. Started by :mod:`asepsis.guard.sandbox` only.

Standard input carries one header (JSON, a line), the request, and then what the module asks for piece by piece (four bytes of length and the
payload; an empty one is the last). It stays open as long as the parent lives: its end is the order to die with the whole process group, so that a
killed parent leaves nothing running. Answers go to the pipe named in the header, each as one byte of kind, four bytes of length and the payload.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asepsis.guard import confine
from asepsis.guard.garbage import look_seldom

FRAME = struct.Struct(">cI")
LENGTH = struct.Struct(">I")
MISSING, MESSAGE, FAILED, DONE, HUNGRY = b"I", b"M", b"E", b"D", b"H"
"""Kinds of frame: rights that could not be given up, a message of the module, an exception, the end, the wish for the next piece of work."""


def confine_self(header: dict[str, Any]) -> list[str]:
    """Give up every right that is not needed; the names of the steps that the kernel refused."""
    missing = []
    apart = confine.leave_network()
    if os.getuid() == 0:
        confine.drop_capabilities()
    confine.forbid_new_privileges()
    files, tcp = confine.restrict_writes([Path(path) for path in header["writable"]])
    if not files:
        missing.append(confine.NO_WRITE_PROTECTION)
    if not apart:
        missing.append(confine.NO_UDP_ISOLATION if tcp else confine.NO_NETWORK_ISOLATION)
    bounds = header["bounds"]
    confine.limit_resources(
        memory=bounds["memory_bytes"],
        heap=bounds["heap_bytes"],
        cpu_seconds=bounds["cpu_seconds"],
        file_bytes=bounds["file_bytes"],
        open_files=bounds["open_files"],
    )
    return missing


def main() -> None:
    """Read the request, confine ourselves, serve it."""
    header = json.loads(sys.stdin.buffer.readline())
    request = sys.stdin.buffer.read(header["request"])
    answers = int(header["answers"])
    os.set_inheritable(answers, False)
    lifeline = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)

    def send_frame(kind: bytes, payload: bytes) -> None:
        rest = memoryview(FRAME.pack(kind, len(payload)) + payload)
        while rest:
            rest = rest[os.write(answers, rest) :]

    missing = confine_self(header)  # before the first thread: a user namespace cannot be entered by two
    pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_live_with_parent, args=(lifeline, pieces), daemon=True).start()
    send_frame(MISSING, json.dumps(missing).encode())

    def receive() -> bytes:
        send_frame(HUNGRY, b"")
        return pieces.get()

    _serve(sys.argv[1], request, send_frame, receive if header["fed"] else None)


def _serve(module: str, request: bytes, send_frame: Callable[[bytes, bytes], None], receive: Callable[[], bytes] | None) -> None:
    try:
        serve = importlib.import_module(module).serve
        look_seldom()
        serve(request, lambda payload: send_frame(MESSAGE, payload), *([receive] if receive else []))
    except BaseException as error:  # noqa: BLE001 - the process ends with it, after saying its name
        send_frame(FAILED, type(error).__name__.encode())
        traceback.print_exc()
        raise SystemExit(1) from None
    send_frame(DONE, b"")


def _live_with_parent(lifeline: int, pieces: queue.SimpleQueue[bytes]) -> None:
    """Take in what the parent sends; die with it."""
    with os.fdopen(lifeline, "rb") as stream:
        while len(head := stream.read(LENGTH.size)) == LENGTH.size:
            pieces.put(stream.read(LENGTH.unpack(head)[0]))
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
