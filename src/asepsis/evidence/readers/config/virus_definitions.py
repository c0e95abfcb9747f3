r"""Definitions of security software, and the day they were made.

- ClamAV ``daily.cvd``/``.cld``: 512 bytes of text ``ClamAV-VDB:07 Mar 2017 08-02 -0500:version:signatures:level:MD5:signature:builder:seconds``.
  ``main`` and ``bytecode`` change once in years and say nothing about age.
- Symantec ``definfo.dat``: ``CurDefs=20110314.003`` below ``[DefDates]``.
- Microsoft Defender ``mpavdlta.vdm``, ``mpasdlta.vdm``: programs whose linker wrote the day (PE ``TimeDateStamp``).
- McAfee ``avvdat*.ini``, Trend Micro ``lpt$vpn.NNN``, Sophos ``*.ide``, ESET ``em*.dat``: a number instead of a day, so only that they are there.

Known ways it lies: definitions may be there without a program that uses them; a time stamp can be any number, so one before 2005 is none.
"""

from __future__ import annotations

import re
import struct
from datetime import UTC, date, datetime

from asepsis.evidence.protocols.days import day_in
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Protection

_CLAMAV = b"ClamAV-VDB:"
_CLAMAV_HEAD = 512
_DAILY = re.compile(r"(?:^|/)daily\.(?:cvd|cld|cud)$", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN = re.compile(r"(\d{1,2}) ([A-Za-z]{3}) (\d{4})\b")
_DEFINFO = re.compile(r"(?:^|/)definfo\.dat$", re.IGNORECASE)
_DEFENDER = re.compile(r"(?:^|/)mp(?:av|as)dlta\.vdm$", re.IGNORECASE)
_BY_NAME = (
    (re.compile(r"(?:^|/)avvdat[^/]*\.ini$", re.IGNORECASE), "McAfee"),
    (re.compile(r"(?:^|/)lpt\$vpn\.\d{3}$", re.IGNORECASE), "Trend Micro"),
    (re.compile(r"(?:^|/)sophos[^/]*/(?:[^/]+/)*[\w-]+\.ide$", re.IGNORECASE), "Sophos"),
    (re.compile(r"(?:^|/)eset/(?:[^/]+/)*em\d{3}_\d\d[^/]*\.dat$", re.IGNORECASE), "ESET"),
)
_FIRST_STAMP = datetime(2005, 1, 1, tzinfo=UTC).timestamp()
_ANTI_VIRUS = "anti-virus"


class VirusDefinitionsReader:
    """Emits a :class:`Protection`, with the day of its definitions where one is written."""

    info = ReaderInfo("virus_definitions", "Definitions of security software", (Protection,), ("daily.cvd", "definfo.dat", "mpavdlta.vdm"))
    signs = Signs(paths=(_DAILY, _DEFINFO, _DEFENDER, *(name for name, _ in _BY_NAME)))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; ClamAV's by its first bytes as well."""
        if _DAILY.search(path):
            return Sureness.YES if head.startswith(_CLAMAV) else Sureness.NO
        known = _DEFINFO.search(path) or (_DEFENDER.search(path) and head.startswith(b"MZ")) or any(name.search(path) for name, _ in _BY_NAME)
        return Sureness.YES if known and head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """By kind. Raises ``Malformed`` where a day should stand and none does."""
        if bytes(source.buffer[: len(_CLAMAV)]) == _CLAMAV:
            _emit(source, "ClamAV", _clamav_day(source), 0, emit)
        elif _DEFENDER.search(source.path):
            _emit(source, "Microsoft Defender", _linked(source), 0, emit)
        elif _DEFINFO.search(source.path):
            _read_definfo(source, emit)
        else:
            name = next((name for pattern, name in _BY_NAME if pattern.search(source.path)), "")
            if name:
                emit(Protection(source.where(), name, _ANTI_VIRUS))


def _emit(source: BoundedSource, name: str, day: date | None, offset: int, emit: Emit) -> None:
    emit(Protection(source.where(offset=offset), name, _ANTI_VIRUS, day))
    if day is None:
        raise Malformed("no day where that of the definitions should stand", offset=offset)


def _clamav_day(source: BoundedSource) -> date | None:
    head = bytes(source.buffer[:_CLAMAV_HEAD]).decode("latin-1").split(":")
    seconds = re.match(r"\d{9,10}(?!\d)", head[8].strip()) if len(head) > 8 else None  # noqa: PLR2004 - the ninth field
    if seconds:
        return datetime.fromtimestamp(int(seconds.group()), UTC).date()
    written = _WRITTEN.match(head[1])
    if not written or written[2].lower() not in _MONTHS:
        return None
    try:
        return date(int(written[3]), _MONTHS.index(written[2].lower()) + 1, int(written[1]))
    except ValueError:
        return None


def _linked(source: BoundedSource) -> date | None:
    """The time stamp of a PE file."""
    at = struct.unpack("<I", source.window(0x3C, 4).buffer)[0]
    magic, stamp = struct.unpack("<4s4xI", source.window(at, 12).buffer)
    return datetime.fromtimestamp(stamp, UTC).date() if magic == b"PE\0\0" and stamp >= _FIRST_STAMP else None


def _read_definfo(source: BoundedSource, emit: Emit) -> None:
    for entry in key_file(source.lines()):
        if entry.key.lower() == "curdefs":
            day = day_in(entry.value)
            emit(Protection(source.where(line=entry.line), "Symantec Endpoint Protection", _ANTI_VIRUS, day))
            return
