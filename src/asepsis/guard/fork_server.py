"""A process that has a module loaded, and forks a bounded child of it whenever :mod:`asepsis.guard.sandbox` asks for one.

Loading all readers takes as long as looking at a hundred megabytes: it is done once, for all children that start together. The server is
``python -m asepsis.guard.fork_server``, with the scrubbed environment of a child. It never sees a byte of evidence; a child gives up its rights
after the fork and before its first piece of work, as one that was started by itself does (:mod:`asepsis.guard.child`).

Children of one server share the layout of their memory. So whoever kills a child must not get another like it to try again: the next one is
started by itself. Pipes for as many children as there may be are made beforehand, for descriptors travel otherwise only through sockets.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from asepsis.guard import child

_ANSWER_SECONDS = 30.0
_TICK_SECONDS = 0.002


class _Place(NamedTuple):
    """The descriptors of one child, the same numbers in the server: what it reads, what it answers and complains through."""

    stdin: int
    answers: int
    stderr: int


class Forked:
    """A child that was forked: what :mod:`asepsis.guard.sandbox` uses of a ``Popen``, and the ends of its pipes."""

    def __init__(self, server: ForkServer, pid: int, ours: _Place, theirs: _Place) -> None:
        """``ours`` and ``theirs`` are the ends of its pipes here and there."""
        self._server, self.pid = server, pid
        self.stdin: IO[bytes] | None = os.fdopen(ours.stdin, "wb")
        self.stderr: IO[bytes] | None = os.fdopen(ours.stderr, "rb")
        self.answers, self.theirs = ours.answers, theirs.answers
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs. Until it is known the number of the process stays its own."""
        if self.returncode is None:
            self.returncode = self._server.reap(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code. Raises ``subprocess.TimeoutExpired``."""
        deadline = time.monotonic() + timeout if timeout is not None else float("inf")
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a forked child", timeout or 0)
            time.sleep(_TICK_SECONDS)
        return code


class ForkServer:
    """The server, seen from outside. Use it in a ``with``; several threads may ask it."""

    def __init__(self, module: str, most: int, environment: Mapping[str, str]) -> None:
        """Start it: it loads ``module``, and can fork it ``most`` times. It returns at once. Raises ``OSError``."""
        self._lock, self.module = threading.Lock(), module
        pipes = [[os.pipe() for _ in _Place._fields] for _ in range(most)]
        self._theirs = [_Place(stdin[0], answers[1], stderr[1]) for stdin, answers, stderr in pipes]
        self._ours = [_Place(stdin[1], answers[0], stderr[0]) for stdin, answers, stderr in pipes]
        handles = [handle for place in self._theirs for handle in place]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-s", "-m", "asepsis.guard.fork_server", module, json.dumps(self._theirs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=handles,
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        finally:
            for handle in handles:
                os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the server; whoever took a child of it ends that one."""
        self._process.kill()
        self._process.communicate()
        for handle in (handle for place in self._ours for handle in place):
            os.close(handle)

    def fork(self, home: Path) -> Forked | None:
        """A child that has its own session and ``home``, confined to nothing yet; None if there is no room or no server any more."""
        with self._lock:
            place = len(self._ours) - 1  # the last of those that are left
            pid = self._asked({"home": os.fspath(home), "place": place}) if place >= 0 else None
            return Forked(self, pid, self._ours.pop(), self._theirs[place]) if pid else None

    def reap(self, pid: int) -> int | None:
        """The exit code of a child, None while it runs. If the server is gone nobody knows it any more: then it was killed."""
        with self._lock:
            code = self._asked({"reap": pid})
        return -signal.SIGKILL if code is None else None if code == _RUNNING else code

    def _asked(self, order: Mapping[str, Any]) -> int | None:
        """What the server answers; None if it does not, and then never again."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018 - for the type checker: we asked for the pipes
        with contextlib.suppress(OSError, ValueError):
            stdin.write(json.dumps(order).encode() + b"\n")
            stdin.flush()
            if select.select([stdout], [], [], _ANSWER_SECONDS)[0]:
                return int(stdout.readline())
        self._process.kill()  # what it would still say would be taken for another answer
        return None


_RUNNING = 1 << 16
"""No exit code."""


def main() -> None:
    """Load the module, then fork and reap as the parent asks, until it closes the pipe."""
    places = [_Place(*place) for place in json.loads(sys.argv[2])]
    gc.disable()  # nothing of what is loaded is garbage
    module = importlib.import_module(sys.argv[1])
    getattr(module, "prepare", lambda: None)()
    gc.freeze()
    gc.enable()
    while line := sys.stdin.buffer.readline():
        order = json.loads(line)
        if "reap" in order:
            pid, status = os.waitpid(order["reap"], os.WNOHANG)
            _answer(os.waitstatus_to_exitcode(status) if pid else _RUNNING)
            continue
        place = places[order["place"]]
        if os.fork() == 0:
            _be_child(place, {handle for place in places for handle in place}, order["home"])
        for handle in place:
            os.close(handle)


def _answer(number: int) -> None:
    os.write(1, b"%d\n" % number)


def _be_child(place: _Place, handles: set[int], home: str) -> None:
    """Become what ``asepsis.guard.child`` is when it is started by itself, with none of the ``handles`` of the others; never returns."""
    code = 1
    try:
        os.setsid()
        _answer(os.getpid())  # by now its group can be killed
        null = os.open(os.devnull, os.O_WRONLY)
        for number, handle in enumerate((place.stdin, null, place.stderr)):
            os.dup2(handle, number)
        for handle in {*handles, null} - {place.answers}:
            with contextlib.suppress(OSError):  # the server has closed it
                os.close(handle)
        os.environ.update(HOME=home, TMPDIR=home)
        os.chdir(home)
        sys.stdin = os.fdopen(0, closefd=False)
        child.main()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - the process ends with it, after saying its name
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
