"""A directory of our own for the time of one study: private, locked while in use, removed at the end whatever lies in it."""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH101, PTH104, PTH106, PTH108

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

_PREFIX = "asepsis-work-"
_LOCK, _UNLOCKED = ".lock", ".lock-to-be"


@contextlib.contextmanager
def work_directory(root: Path | None = None) -> Iterator[Path]:
    """A new directory under ``root`` (default ``$TMPDIR``, else the system's), mode 0700. Raises ``OSError`` if none can be made.

    It is removed at the end, also when the process is asked to terminate (SIGTERM, SIGHUP). After a kill that nobody can catch it stays until the
    next study under the same root: a directory whose lock nobody holds is an orphan and is removed then.
    """
    parent = Path(root or os.environ.get("TMPDIR") or tempfile.gettempdir())
    _remove_orphans(parent)
    path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    lock = os.open(path / _UNLOCKED, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.rename(path / _UNLOCKED, path / _LOCK)  # a lock that can be seen is held: nobody takes a new directory for an orphan
        with _asked_to_end_means_leave():
            inside = path / "w"
            inside.mkdir(mode=0o700)
            yield inside
    finally:
        os.close(lock)
        remove(path)


def remove(path: Path) -> None:
    """Remove a tree whatever its modes and its depth; never follows a link. What still cannot be removed is left to the next study."""
    waiting, folders = [os.fspath(path)], []
    while waiting:
        folder = waiting.pop()
        folders.append(folder)
        with contextlib.suppress(OSError):
            os.chmod(folder, 0o700)
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        os.unlink(entry.path)
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _remove_orphans(parent: Path) -> None:
    for path in sorted(parent.glob(f"{_PREFIX}*")):
        try:
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            continue  # another user's, or being made just now
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)
        remove(path)


@contextlib.contextmanager
def _asked_to_end_means_leave() -> Iterator[None]:
    """SIGTERM and SIGHUP unwind the stack instead of ending the process at once; a caller's own handlers are left alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    ours = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
