"""The day of definitions, which a case's TOML cannot say, and programs whose linker wrote it."""

from __future__ import annotations

import struct
from datetime import date

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.config.virus_definitions import VirusDefinitionsReader
from asepsis.guard.source import OutOfBounds
from asepsis.model.facts import Protection
from tests.unit.evidence.reading import read_file


def day(data: bytes, path: str) -> date | None:
    (found,) = read_file(VirusDefinitionsReader(), data, path)
    assert isinstance(found, Protection)
    return found.definitions_date


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (b"ClamAV-VDB:01 Jan 2001 08-02 -0500:1:1:63:X:X:neo:1488891746   ", "var/lib/clamav/daily.cvd"),
        (b"ClamAV-VDB:07 Mar 2017 08-02 -0500:1:1", "var/lib/clamav/daily.cld"),
        (b"[DefDates]\r\nCurDefs=20170307.003\r\n", "VirusDefs/definfo.dat"),
        (b"MZ".ljust(0x3C, b"\0") + struct.pack("<I4s4sI", 0x40, b"PE\0\0", b"\x4c\1\1\0", 1488891746), "Definition Updates/{1}/mpavdlta.vdm"),
    ],
)
def test_every_maker_writes_the_day_in_another_way(text: bytes, path: str):
    assert day(text, path) == date(2017, 3, 7)


def test_a_stamp_of_nonsense_is_no_day():
    data = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I4s4sI", 0x40, b"PE\0\0", b"\x4c\1\1\0", 7)
    with pytest.raises(Malformed):
        read_file(VirusDefinitionsReader(), data, "mpasdlta.vdm")
    with pytest.raises(OutOfBounds):
        read_file(VirusDefinitionsReader(), data[:50], "mpasdlta.vdm")
