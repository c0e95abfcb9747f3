"""The bounded child process: ``python -m asepsis.guard.child MODULE``. Started by :mod:`asepsis.guard.sandbox` only.

Standard input carries one header (JSON, a line) and the request, and stays open as long as the parent lives: its end is the order to die with the
whole process group, so that a killed parent leaves nothing running. Answers go to the pipe named in the header, each as one byte of kind, four
bytes of length and the payload.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asepsis.guard import confine

FRAME = struct.Struct(">cI")
MISSING, MESSAGE, FAILED, DONE = b"I", b"M", b"E", b"D"
"""Kinds of frame: rights that could not be given up, a message of the module, an exception, the end."""


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
    threading.Thread(target=_die_with_parent, args=(lifeline,), daemon=True).start()
    send_frame(MISSING, json.dumps(missing).encode())
    _serve(sys.argv[1], request, send_frame)


def _serve(module: str, request: bytes, send_frame: Callable[[bytes, bytes], None]) -> None:
    try:
        importlib.import_module(module).serve(request, lambda payload: send_frame(MESSAGE, payload))
    except BaseException as error:  # noqa: BLE001 - the process ends with it, after saying its name
        send_frame(FAILED, type(error).__name__.encode())
        traceback.print_exc()
        raise SystemExit(1) from None
    send_frame(DONE, b"")


def _die_with_parent(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
