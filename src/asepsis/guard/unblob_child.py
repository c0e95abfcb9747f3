"""Unpack with unblob, inside the bounded child process.

Request: JSON with ``jobs`` (pairs of file and extraction directory), ``suffix``, ``depth``. Answers: one message a file that something was found in.

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
import mmap
import os
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import structlog
from unblob import processing, report
from unblob.extractors import Command
from unblob.handlers import BUILTIN_HANDLERS
from unblob.handlers.archive import cpio, tar
from unblob.handlers.archive import zip as ziparchive
from unblob.handlers.filesystem import squashfs as unblob_squashfs
from unblob.models import ExtractError, Extractor, ExtractResult, Handler, HexString, ValidChunk

from asepsis.guard import formats, squashfs, trouble, uimage
from asepsis.guard.archive_tricks import UNKNOWN_METHOD, Writer, in_device_folder
from asepsis.guard.members import MEMBERS, cpio_entries
from asepsis.guard.opened import PADDING, Opened, Piece, to_message
from asepsis.guard.tree import walk
from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause


class TroubleReport(report.ErrorReport):
    """Our troubles on their way through unblob's reports."""

    severity: report.Severity = report.Severity.WARNING
    packed: str


def _as_report(troubles: list[Trouble]) -> TroubleReport:
    return TroubleReport(packed=json.dumps(trouble.pack(troubles), ensure_ascii=True))


class SquashfsExtractor(Extractor):
    """Ours."""

    def __init__(self, *, big_endian_4: bool) -> None:
        self._big_endian_4 = big_endian_4

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult | None:
        """Open the carved image."""
        troubles = squashfs.open_image(inpath, outdir, big_endian_4=self._big_endian_4)
        if troubles:
            raise ExtractError(_as_report(troubles))
        return None

    def get_dependencies(self) -> list[str]:
        """One of these."""
        return ["unsquashfs", "sasquatch"]


class ArchiveExtractor(Extractor):
    """Ours for tar, zip and cpio. What Python's zip reader cannot, 7z may: it fills the gaps and overwrites nothing."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult | None:
        """Write every entry."""
        writer = Writer(outdir)
        failed: list[Any] = []
        try:
            writer.write(MEMBERS[self._kind](inpath))
        except zipfile.BadZipFile:
            failed = _seven_zip(inpath, outdir)
        else:
            gaps = [item for item in writer.troubles if item.what == UNKNOWN_METHOD]
            if gaps and not (failed := _seven_zip(inpath, outdir)):
                writer.troubles = [item for item in writer.troubles if item not in gaps]
        if writer.troubles or failed:
            raise ExtractError(_as_report(writer.troubles), *failed)
        return None


def _seven_zip(inpath: Path, outdir: Path) -> list[Any]:
    try:
        Command("7z", "x", "-p", "-y", "-aos", "{inpath}", "-o{outdir}").extract(inpath, outdir)
    except ExtractError as error:
        return list(error.reports)
    return []


class UImageExtractor(Extractor):
    """Ours."""

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult | None:
        """Write the payload."""
        troubles = uimage.open_image(inpath, outdir)
        if troubles:
            raise ExtractError(_as_report(troubles))
        return None


class UImageHandler(Handler[Any]):
    """U-Boot's legacy image, which unblob does not know: without it the boot code around a kernel counts as unknown bytes."""

    NAME = "uimage"
    PATTERNS = [HexString("27 05 19 56")]  # noqa: RUF012 - as unblob declares it
    EXTRACTOR = UImageExtractor()
    DOC = None

    def calculate_chunk(self, file: Any, start_offset: int) -> ValidChunk | None:
        """From the header to the end of the payload."""
        header = uimage.read_header(bytes(file[start_offset : start_offset + uimage.HEADER_BYTES]))
        end = start_offset + uimage.HEADER_BYTES + header.payload_bytes if header else 0
        return ValidChunk(start_offset=start_offset, end_offset=end) if start_offset < end <= len(file) else None


def _handlers() -> tuple[type[Any], ...]:
    """The list of unblob with our readers in the places of its own."""
    return (*(_replaced(handler) for handler in BUILTIN_HANDLERS), UImageHandler)


def _replaced(handler: type[Any]) -> type[Any]:
    body: dict[str, Any]
    if issubclass(handler, unblob_squashfs._SquashFSBase):  # noqa: SLF001 - unblob has no public name for the family
        body = {"EXTRACTOR": SquashfsExtractor(big_endian_4=handler.NAME == "squashfs_v4_be")}
    elif issubclass(handler, tar._TarHandler):  # noqa: SLF001 - unblob has no public name for the family
        body = {"EXTRACTOR": ArchiveExtractor("tar")}
    elif issubclass(handler, ziparchive.ZIPHandler):
        body = {"EXTRACTOR": ArchiveExtractor("zip"), "calculate_chunk": _zip_chunk}
    elif issubclass(handler, cpio._CPIOHandlerBase):  # noqa: SLF001 - unblob has no public name for the family
        body = {"EXTRACTOR": ArchiveExtractor("cpio"), "calculate_chunk": _cpio_chunk}
    else:
        return handler
    return type(handler.__name__, (handler,), body)


def _zip_chunk(self: Any, file: Any, start_offset: int) -> ValidChunk | None:
    """Where unblob opens nothing of an archive with one encrypted entry, we open the others."""
    chunk = ziparchive.ZIPHandler.calculate_chunk(self, file, start_offset)
    if chunk is not None:
        chunk.is_encrypted = False
    return chunk


def _cpio_chunk(_: Any, file: mmap.mmap, start_offset: int) -> ValidChunk | None:
    """Read on where unblob gives a whole archive up: a name that is no UTF-8, a cut end."""
    end, trailer = start_offset, False
    try:
        for entry in cpio_entries(file, start_offset):
            end, trailer = entry.end, entry.name == b"TRAILER!!!"
    except ValueError:
        pass
    # Two magic bytes alone match by chance: the old binary format must end as it should.
    if end == start_offset or (not trailer and file[start_offset : start_offset + 5] != b"07070"):
        return None
    padded = start_offset + -(-(end - start_offset) // 512) * 512
    if trailer and padded <= len(file) and not any(file[end:padded]):
        end = padded
    return ValidChunk(start_offset=start_offset, end_offset=end)


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
    handlers = _handlers()
    for number, (path, folder) in enumerate(asked["jobs"]):
        _unpack(number, Path(path), Path(folder), asked["suffix"], asked["depth"], handlers, send)


def _unpack(number: int, path: Path, folder: Path, suffix: str, depth: int, handlers: tuple[type[Any], ...], send: Callable[[bytes], None]) -> None:
    class Reporter:
        """Told a progress bar about each finished task; we listen."""

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

        def update(self, result: Any) -> None:
            for opened in _opened(result, path, folder, depth):
                send(trouble.encode({"job": number, **to_message(opened)}))

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


def _opened(result: Any, evidence: Path, folder: Path, depth: int) -> Iterator[Opened]:
    """What unblob's reports on one file come to; nothing for a directory or a file in which nothing was found."""
    task, reports = result.task, result.reports
    if task.depth >= depth:
        yield from _too_deep(task.path, folder)
        return
    sizes = [item.size for item in reports if isinstance(item, report.StatReport) and item.is_file]
    troubles = tuple(found for item in reports if isinstance(item, report.ErrorReport) for found in _troubles(item))
    chunks = [item for item in reports if isinstance(item, report.ChunkReport)]
    pieces = tuple(Piece(item.handler_name, item.start_offset, item.end_offset, _piece_troubles(item)) for item in chunks)
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


def _piece_troubles(item: Any) -> tuple[Trouble, ...]:
    if item.handler_name == PADDING:
        return ()
    if item.is_encrypted:
        return (Trouble(Cause.NOT_PERMITTED, "is encrypted and there is no password", shut=True),)
    return tuple(found for part in item.extraction_reports for found in _troubles(part))


def _troubles(item: Any) -> list[Trouble]:  # noqa: PLR0911, PLR0912, C901 - a table of unblob's reports
    match item:
        case TroubleReport():
            return list(trouble.unpack(json.loads(item.packed)))
        case report.ExtractorDependencyNotFoundReport():
            return [Trouble(Cause.MISSING_TOOL, "", program=name, shut=True) for name in item.dependencies]
        case report.ExtractCommandFailedReport():
            text = (item.stderr + item.stdout)[-65536:].decode("utf-8", "replace")
            return [trouble.diagnose(Path(item.command.split(" ", 1)[0]).name, text, item.exit_code)]
        case report.ExtractorTimedOut():
            return [Trouble(Cause.LIMIT_REACHED, "unpacking took too long")]
        case report.PathTraversalProblem():
            return [Trouble(Cause.NOT_PERMITTED, "wants out of the image; it was kept inside", item.path or "", trouble.PATH_TRAVERSAL)]
        case report.LinkExtractionProblem():
            return [Trouble(Cause.NOT_PERMITTED, "is a link out of the image; it was not made", item.path or "", trouble.LINK_ESCAPE)]
        case report.SpecialFileExtractionProblem():
            name = item.path or ""
            return [] if in_device_folder(name) else [Trouble(Cause.NOT_PERMITTED, "is a device node; it was not made", name, trouble.DEVICE_NODE)]
        case report.ExtendedAttributeExtractionProblem():
            return []
        case report.ExtractionProblem():
            return [Trouble(Cause.BROKEN_INPUT, "could not be read as it stands", item.path or "")]
        case report.CalculateChunkExceptionReport():
            # A pattern matched where there is no such container. If it was one after all, the file's own first bytes say so to the parent.
            found = trouble.diagnose("unblob", str(item.exception))
            return [found] if found.cause is Cause.LIMIT_REACHED else []
        case report.UnknownError():
            return [trouble.diagnose("unblob", str(item.exception))]
        case report.ErrorReport():
            return [Trouble(Cause.OUR_BUG, f"unblob says {type(item).__name__}")]
        case _:
            return []
