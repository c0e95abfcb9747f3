"""Watch an extraction directory grow, and say when it is enough: unpackers have no budget of their own."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from asepsis.guard.limits import MIB, Limits

DISK_FULL = "disk full"
RESERVE_BYTES = 8 * MIB
"""So much of the disk is left alone, for the study's own files."""

_LOOK_SHARE = 5
"""Looking may take no more than a fifth of the time."""


class Watcher:
    """Sums the files under ``folder``. ``written`` (bytes) and ``files`` hold what the last look saw; ``stopped_by`` the limit that was reached."""

    def __init__(self, folder: Path, limits: Limits, notice: Callable[[str], None]) -> None:
        self._folder, self._limits, self._notice = folder, limits, notice
        self._next_look = 0.0
        self._next_notice = time.monotonic() + 1.0
        self.written, self.files, self.stopped_by = 0, 0, ""

    def __call__(self) -> str:
        """The name of the limit that is reached, or an empty text. Looks only as often as it is cheap."""
        started = time.monotonic()
        if started < self._next_look:
            return ""
        self.written, self.files = size_of(self._folder, self._limits.unpack_files)
        now = time.monotonic()
        self._next_look = now + _LOOK_SHARE * (now - started)
        if now > self._next_notice:
            self._next_notice = now + 1.0
            self._notice(f"unpacking: {self.files} files, {self.written // MIB} MiB")
        self.stopped_by = self._reached()
        return self.stopped_by

    def _reached(self) -> str:
        if self.written > self._limits.unpack_written_bytes:
            return "unpack_written_bytes"
        if self.files > self._limits.unpack_files:
            return "unpack_files"
        return DISK_FULL if shutil.disk_usage(self._folder).free < RESERVE_BYTES else ""


def size_of(folder: Path, enough: int) -> tuple[int, int]:
    """Bytes and number of files, links and directories under ``folder``; counting stops soon after ``enough`` files."""
    total, count, waiting = 0, 0, [os.fspath(folder)]
    while waiting and count <= enough:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:  # files come and go while we look
            for entry in entries:
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    return total, count
