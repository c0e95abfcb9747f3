"""Run a module's function in a bounded child process: no network, no writing outside its directories, limited memory, time and talk.

The child is ``python -m asepsis.guard.child MODULE``; it calls ``MODULE.serve(request, send)``. It answers with plain bytes, never pickles: what a
child under attack says is data to be judged, not objects to be built.
"""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH208

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from asepsis.guard import child
from asepsis.guard.child import FRAME, LENGTH, MESSAGE
from asepsis.guard.fork_server import Forked, ForkServer
from asepsis.guard.limits import GIB, KIB, MIB
from asepsis.guard.tools import search_path
from asepsis.guard.workdir import work_directory

HowEnded = Literal["ok", "time", "cpu", "memory", "signal", "crashed", "stopped", "talk"]
"""``stopped`` is the watcher's word, ``talk`` more or stranger messages than allowed."""

_STDERR_BYTES = 8 * KIB
_TICK_SECONDS = 0.1
_HUNTS = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one child may use.

    ``memory_bytes`` is address space, which counts a mapped file whole; ``heap_bytes`` what it may fill with data of its own (0: no other bound).
    """

    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int
    file_bytes: int
    open_files: int = 512
    heap_bytes: int = 0
    message_bytes: int = 16 * MIB
    messages_bytes: int = GIB


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    ``missing`` names protections that this kernel did not give; ``stopped_by`` is the watcher's reason; ``signal`` is the signal's number or 0;
    ``error`` the name of the exception that ended it; ``stderr`` its last lines, for a bug report, not for a study.
    """

    how: HowEnded
    missing: tuple[str, ...] = ()
    stopped_by: str = ""
    signal: int = 0
    error: str = ""
    stderr: str = ""

    @property
    def ok(self) -> bool:
        """The function returned."""
        return self.how == "ok"


def run(
    module: str | ForkServer,
    request: bytes,
    *,
    bounds: Bounds,
    writable: tuple[Path, ...] = (),
    on_message: Callable[[bytes], None],
    watch: Callable[[], str] | None = None,
    feed: Callable[[], bytes | None] | None = None,
) -> Ended:
    """Call ``serve(request, send)`` of ``module`` in a child and wait for its end; whatever happens nothing of it runs on afterwards.

    ``on_message`` gets each message; if it raises, the child is killed and the exception goes on. ``watch`` is asked every tick (0.1 s) and stops
    the child by returning a reason. With ``feed`` the call is ``serve(request, send, receive)``: whenever the child receives, ``feed`` gives the next
    piece of work, empty bytes for the end, or None for "not yet" (it is asked again after a tick). Given a server instead of the
    module's name, the child is forked by it and starts faster.
    """
    # Under the first writable directory, so that a watcher counts what the child's programs put into TMPDIR too.
    with work_directory(writable[0] if writable else None) as home:
        return _Child(module, request, bounds, (home, *writable), home, feed).follow(on_message, watch)


def fork_server(module: str, most: int) -> ForkServer:
    """A server for ``most`` children of ``module`` (:mod:`asepsis.guard.fork_server`). Raises ``OSError``."""
    return ForkServer(module, most, _scrubbed(Path("/nonexistent")))


class _Child:
    """One running child: its process, its pipes and what came out of them so far."""

    def __init__(
        self,
        module: str | ForkServer,
        request: bytes,
        bounds: Bounds,
        writable: tuple[Path, ...],
        home: Path,
        feed: Callable[[], bytes | None] | None,
    ) -> None:
        self._bounds, self._deadline = bounds, time.monotonic() + bounds.wall_seconds
        self._feed, self._hungry, self._outgoing = feed, False, bytearray()
        self._buffer, self._talked, self._tail = bytearray(), 0, bytearray()
        self._missing: tuple[str, ...] = ()
        self._done, self._error = False, ""
        name, forked = (module.module, module.fork(home)) if isinstance(module, ForkServer) else (module, None)
        theirs = self._is(forked) if forked else self._start(name, home)
        header = {
            "writable": [os.fspath(path) for path in writable],
            "bounds": asdict(bounds),
            "answers": theirs,
            "request": len(request),
            "fed": feed is not None,
        }
        with contextlib.suppress(BrokenPipeError):  # it died at birth; its exit says why
            self._stdin.write(json.dumps(header).encode() + b"\n" + request)
            self._stdin.flush()
        os.set_blocking(self._stdin.fileno(), False)

    def _is(self, forked: Forked) -> int:
        self._process: subprocess.Popen[bytes] | Forked = forked
        self._answers = forked.answers
        return forked.theirs

    def _start(self, module: str, home: Path) -> int:
        """Start the process; the number of the pipe that it answers through."""
        self._answers, theirs = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-s", "-m", "asepsis.guard.child", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(theirs,),
                env=_scrubbed(home),
                cwd=home,
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        return theirs

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker: we asked for the pipe
        return self._process.stdin

    def follow(self, on_message: Callable[[bytes], None], watch: Callable[[], str] | None) -> Ended:
        """Read until both pipes are closed, the time is over or the watcher says stop."""
        how: HowEnded | None = None
        reason = ""
        try:
            with selectors.DefaultSelector() as selector:
                assert self._process.stderr is not None  # noqa: S101 - for the type checker
                selector.register(self._answers, selectors.EVENT_READ)
                selector.register(self._process.stderr.fileno(), selectors.EVENT_READ)
                next_look = time.monotonic()
                while selector.get_map() and how is None:
                    self._give()
                    ready = selector.select(_TICK_SECONDS)
                    for key, _ in ready:
                        if not self._take(key.fd):
                            selector.unregister(key.fd)
                    if not self._hand_over(on_message):
                        how = "talk"
                    elif time.monotonic() > self._deadline:
                        how = "time"
                    elif not ready and self._process.poll() is not None:
                        break  # a grandchild may hold the pipes open
                    elif watch is not None and time.monotonic() >= next_look:
                        reason = watch()
                        how = "stopped" if reason else None
                        next_look = time.monotonic() + _TICK_SECONDS
        finally:
            self._kill()
        return self._ended(how, reason)

    def _take(self, handle: int) -> bool:
        """Read what one pipe has; False at its end."""
        data = os.read(handle, 256 * KIB)
        if handle == self._answers:
            self._buffer += data
        else:
            self._tail = (self._tail + data)[-_STDERR_BYTES:]
        return bool(data)

    def _give(self) -> None:
        """The next piece of work, if the child waits for one and there is one."""
        piece = self._feed() if self._feed and self._hungry and not self._outgoing else None
        if piece is not None:
            self._hungry = False
            self._outgoing += LENGTH.pack(len(piece)) + piece
        # It may have died in the meantime (its exit says why), or not read what it asked for: we wait for nobody.
        with contextlib.suppress(BrokenPipeError, BlockingIOError):
            while self._outgoing:
                del self._outgoing[: os.write(self._stdin.fileno(), self._outgoing)]

    def _hand_over(self, on_message: Callable[[bytes], None]) -> bool:
        """Deal with every whole frame; False if the child talks more than it may."""
        while len(self._buffer) >= FRAME.size:
            kind, length = FRAME.unpack_from(self._buffer)
            if length > self._bounds.message_bytes or self._talked + length > self._bounds.messages_bytes:
                return False
            if len(self._buffer) < FRAME.size + length:
                return True
            payload = bytes(self._buffer[FRAME.size : FRAME.size + length])
            del self._buffer[: FRAME.size + length]
            self._talked += length
            if kind == MESSAGE:
                on_message(payload)
            elif not self._heed(kind, payload):
                return False
        return True

    def _heed(self, kind: bytes, payload: bytes) -> bool:
        """Note what the child says of itself; False if it is no word of ours."""
        match kind:
            case child.MISSING:
                self._missing = tuple(str(name) for name in json.loads(payload))
            case child.FAILED:
                self._error = payload.decode("ascii", "replace")
            case child.DONE:
                self._done = True
            case child.HUNGRY:
                self._hungry = True
            case _:
                return False
        return True

    def _kill(self) -> None:
        """End the whole group, and whoever left the group but not the session; then reap."""
        group = self._process.pid
        with contextlib.suppress(ProcessLookupError):
            if self._process.poll() is None and not self._done:
                os.killpg(group, signal.SIGKILL)
        try:
            self._process.wait(timeout=5 if self._done else None)
        except subprocess.TimeoutExpired:
            os.killpg(group, signal.SIGKILL)
            self._process.wait()
        _end_session(group)
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        os.close(self._answers)
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _ended(self, how: HowEnded | None, reason: str) -> Ended:
        code = self._process.wait()
        number = -code if code < 0 else 0
        text = self._tail.decode("utf-8", "replace")
        if how is None:
            how = "ok" if self._done and code == 0 else _cause(number, self._error, text)
        return Ended(how, self._missing, reason, number, self._error, text)


def _cause(number: int, error: str, stderr: str) -> HowEnded:
    if number == signal.SIGXCPU:
        return "cpu"
    if error == "MemoryError" or "bad_alloc" in stderr or "Cannot allocate memory" in stderr or "MemoryError" in stderr[-200:]:
        return "memory"
    return "signal" if number else "crashed"


def _end_session(leader: int) -> None:
    """Kill who left the group: a worker may change its group, but it stays in the child's session. Again until nobody is left."""
    for _ in range(_HUNTS):
        alive = _session(leader)
        if not alive:
            return
        for process in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.01)


def _session(leader: int) -> list[int]:
    """The living processes of a session (``man 5 proc``: state is the first field after the name, the session the fourth)."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):  # a process may end while we look
                fields = Path("/proc", name, "stat").read_bytes().rsplit(b")", 1)[1].split()
                if int(fields[3]) == leader and fields[0] not in b"ZX":
                    found.append(int(name))
    return sorted(found)


def _scrubbed(home: Path) -> dict[str, str]:
    """The whole environment of a child: nothing of the user's passes but PATH and where Python finds modules."""
    return {
        "PATH": search_path(),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in sys.path if path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "HOME": os.fspath(home),
        "TMPDIR": os.fspath(home),
        "OPENBLAS_NUM_THREADS": "1",  # numpy's library of algebra starts threads, which nothing here uses
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }
