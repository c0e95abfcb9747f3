"""The bounded view of a file: text as devices and people save it, and windows that end where they say."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

import pytest

from asepsis.guard.limits import STANDARD
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource, OutOfBounds
from asepsis.model.where import Where

TEXT = "psk=ünï\r\nssid=ward\n"


def source(data: bytes) -> BoundedSource:
    return BoundedSource(data, Where("e1", "pump.bin!etc/x.conf"), Redactor(b"sixteen bytes or"), STANDARD)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        BOM_UTF8 + TEXT.encode(),
        BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16 little endian", "utf-16 big endian"],
)
def test_lines_are_the_same_however_they_were_saved(data):
    assert list(source(data).lines()) == [(1, "psk=ünï"), (2, "ssid=ward"), (3, "")]


def test_bytes_that_are_no_text_survive_as_surrogates():
    assert list(source(b"\xff=1").lines()) == [(1, "\udcff=1")]


def test_half_a_character_of_utf_16_costs_no_other_line():
    assert next(source(BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"\xd8").lines()) == (1, "a")


@pytest.mark.parametrize(("offset", "length"), [(0, 5), (4, 1), (-1, 2), (2, -1)])
def test_a_window_beyond_the_end_is_refused(offset, length):
    with pytest.raises(OutOfBounds):
        source(b"abcd").window(offset, length)


def test_a_place_in_a_window_counts_from_the_start_of_the_file():
    assert source(b"abcdef").window(2, 3).window(1, 1).where(offset=0) == Where("e1", "pump.bin!etc/x.conf", offset=3)
