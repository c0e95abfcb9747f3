"""Readers of ours in the places of unblob's own. Imported only in the bounded child process; :mod:`asepsis.guard.unblob_child` says why each."""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unblob.extractors import Command
from unblob.handlers import BUILTIN_HANDLERS
from unblob.handlers.archive import cpio, tar
from unblob.handlers.archive import zip as ziparchive
from unblob.handlers.filesystem import squashfs as unblob_squashfs
from unblob.models import ExtractError, Extractor, ExtractResult, Handler, HexString, Regex, ValidChunk

from asepsis.guard import encoded, squashfs, uimage
from asepsis.guard.archive_tricks import UNKNOWN_METHOD, Writer
from asepsis.guard.members import MEMBERS, cpio_entries
from asepsis.guard.unblob_reports import as_report


class SquashfsExtractor(Extractor):
    """Ours."""

    def __init__(self, *, big_endian_4: bool) -> None:
        self._big_endian_4 = big_endian_4

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult | None:
        """Open the carved image."""
        troubles = squashfs.open_image(inpath, outdir, big_endian_4=self._big_endian_4)
        if troubles:
            raise ExtractError(as_report(troubles))
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
            raise ExtractError(as_report(writer.troubles), *failed)
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
            raise ExtractError(as_report(troubles))
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


class EncodedExtractor(Extractor):
    """Ours."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult | None:
        """Decode every record."""
        troubles = encoded.open_image(self._kind, inpath, outdir)
        if troubles:
            raise ExtractError(as_report(troubles))
        return None


class _EncodedHandler(Handler[Any]):
    """A flash image encoded in records, which unblob does not know: from the beginning of a file to its end."""

    DOC = None

    def calculate_chunk(self, file: Any, start_offset: int) -> ValidChunk | None:
        """The whole file, if its first record is right."""
        right = start_offset == 0 and encoded.recognise(bytes(file[:4096])) == self.NAME
        return ValidChunk(start_offset=0, end_offset=len(file)) if right else None


_ENCODED = {
    "intel_hex": Regex(r"^\s*:[0-9A-Fa-f]{10}"),
    "s_record": Regex(r"^\s*S[0-3][0-9A-Fa-f]{6}"),
    "ti_txt": Regex(r"^\s*@[0-9A-Fa-f]{1,8}\s"),
    "uf2": Regex(r"^UF2\x0aWQ\x5d\x9e"),
    "dfuse": Regex(r"^DfuSe\x01"),
}
"""What such files begin with, as unblob's search wants it."""


def _encoded_handlers() -> Iterator[type[Any]]:
    for kind, pattern in _ENCODED.items():
        yield type(f"Encoded_{kind}", (_EncodedHandler,), {"NAME": kind, "PATTERNS": [pattern], "EXTRACTOR": EncodedExtractor(kind)})


def all_handlers() -> tuple[type[Any], ...]:
    """The list of unblob with our readers in the places of its own."""
    return (*(_replaced(handler) for handler in BUILTIN_HANDLERS), UImageHandler, *_encoded_handlers())


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
