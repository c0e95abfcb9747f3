"""Unpack with unblob, inside the bounded child process.

Request: JSON with ``jobs`` (pairs of file and extraction directory), ``suffix``, ``depth``. Answers: one message a file that something was found in,
and ``whole`` with the path of each file in which nothing was, so that it can be read while the rest is still being unpacked.

unblob is used as a library so that its results leave the process as they come: what was opened before a limit stays usable. Four of its parts are
replaced, each because it loses something or trusts something:

* squashfs is opened by :mod:`asepsis.guard.squashfs` (unblob's way needs ``sasquatch``, which few have);
* tar, zip and cpio are read by :mod:`asepsis.guard.members`, which drops no entry and reports what each tried;
* links stay as the image has them (nobody follows one), where unblob rewrites or removes them;
* work is queued in this one process: unblob's workers leave the process group, and its single-process way recurses a level for each directory.
"""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH101

from __future__ import annotations

import json
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import structlog
from unblob import processing, report

from asepsis.guard import formats, trouble
from asepsis.guard.opened import Opened, Piece, to_message
from asepsis.guard.tree import walk
from asepsis.guard.unblob_handlers import all_handlers
from asepsis.guard.unblob_reports import piece_troubles, troubles_of


class _Queue:
    """The pool interface over a plain queue."""

    def __init__(self, handler: Callable[[Any], Any], result_callback: Callable[[Any, Any], None]) -> None:
        self._handler, self._result_callback, self._tasks = handler, result_callback, deque[Any]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tasks.clear()

    def submit(self, task: Any) -> None:
        """Put a task at the end."""
        self._tasks.append(task)

    def process_until_done(self) -> None:
        """Breadth first: a bomb that nests deep does not keep the rest of the image from its turn."""
        while self._tasks:
            self._result_callback(self, self._handler(self._tasks.popleft()))


def _make_readable(folder: Path, _: Any) -> None:
    """Give the owner his rights back; links and special files are left as they are, unopened."""
    waiting = [os.fspath(folder)] if folder.exists() else []
    while waiting:
        path = waiting.pop()
        os.chmod(path, 0o700)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    os.chmod(entry.path, entry.stat(follow_symlinks=False).st_mode & 0o111 | 0o600)


class _NoHash(report.HashReport):
    """Nobody reads unblob's three digests of every file; they cost a second for each 100 MB."""

    @classmethod
    def from_path(cls, path: Path) -> report.HashReport:  # noqa: ARG003 - unblob's signature
        return report.HashReport(md5="", sha1="", sha256="")


class _NoMagic:
    """Nobody reads what libmagic calls each file, in words and again as a MIME type; asking it took longer than all of the unpacking."""

    def Magic(self, **_: bool) -> Self:  # noqa: N802 - the library's name
        """As the module's class."""
        return self

    def from_file(self, _path: Path) -> str:
        """No name."""
        return ""


def _adapt(name: str, value: object) -> None:
    """Put a part of ours in place. Raises ``AttributeError`` if unblob no longer has that part: better loud than unprotected."""
    getattr(processing, name)
    setattr(processing, name, value)


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """Unpack each job; see the module's text for request and answers."""
    asked = json.loads(request)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # ``process_num`` is unblob's word; one process is enough for us.
    _adapt("make_pool", lambda process_num, handler, result_callback: _Queue(handler, result_callback))  # noqa: ARG005
    _adapt("fix_extracted_directory", _make_readable)
    _adapt("HashReport", _NoHash)
    _adapt("magic", _NoMagic())
    handlers = all_handlers()
    for number, (path, folder) in enumerate(asked["jobs"]):
        _unpack(number, Path(path), Path(folder), asked["suffix"], asked["depth"], handlers, send)


def _unpack(number: int, path: Path, folder: Path, suffix: str, depth: int, handlers: tuple[type[Any], ...], send: Callable[[bytes], None]) -> None:
    class Reporter:
        """Told a progress bar about each finished task; we listen."""

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

        def update(self, result: Any) -> None:
            spoken = list(_opened(result, path, folder, depth))
            for opened in spoken:
                send(trouble.encode({"job": number, **to_message(opened)}))
            if not spoken and _is_file(result):
                send(trouble.encode({"job": number, "whole": os.path.relpath(result.task.path, folder)}))

    config = processing.ExtractionConfig(
        extract_root=folder,
        randomness_depth=0,
        max_depth=depth,
        process_num=1,
        extract_suffix=suffix,
        carve_suffix=suffix,
        handlers=handlers,
        skip_magic=(),
        skip_extension=(),
        progress_reporter=Reporter,
        verbose=0,
    )
    processing.process_file(config, path)


def _is_file(result: Any) -> bool:
    return any(isinstance(item, report.StatReport) and item.is_file and not item.is_link for item in result.reports)


def _opened(result: Any, evidence: Path, folder: Path, depth: int) -> Iterator[Opened]:
    """What unblob's reports on one file come to; nothing for a directory or a file in which nothing was found."""
    task, reports = result.task, result.reports
    if task.depth >= depth:
        yield from _too_deep(task.path, folder)
        return
    sizes = [item.size for item in reports if isinstance(item, report.StatReport) and item.is_file]
    troubles = tuple(found for item in reports if isinstance(item, report.ErrorReport) for found in troubles_of(item))
    chunks = [item for item in reports if isinstance(item, report.ChunkReport)]
    pieces = tuple(Piece(item.handler_name, item.start_offset, item.end_offset, piece_troubles(item)) for item in chunks)
    unknown = tuple((item.start_offset, item.end_offset) for item in reports if isinstance(item, report.UnknownChunkReport))
    if pieces or unknown or troubles or task.depth == 0:
        carved = any(isinstance(item, report.CarveDirectoryReport) for item in reports)
        path = "" if task.path == evidence else os.path.relpath(task.path, folder)
        yield Opened(path, sizes[0] if sizes else 0, pieces, unknown, carved, "", troubles)


def _too_deep(top: Path, folder: Path) -> Iterator[Opened]:
    """The containers in a directory that unblob leaves alone for its depth, and says nothing about."""
    found = 0
    for file in walk(top).files:
        path = top / file.path
        start = formats.container(formats.head_of(path))
        if start is not None and found < trouble.MOST_OF_ONE_CONTAINER:
            found += 1
            yield Opened(os.path.relpath(path, folder), file.size, deep=start.name)
