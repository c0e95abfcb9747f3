"""Names of an ELF program's tables, cut out of one copy or each for itself."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols import elf

TABLE = b"\0first\0second\0" + b"x" * 300 + b"\0last, and cut"


@pytest.mark.parametrize("most", [elf._NAMES_BYTES, 0], ids=["one copy", "each for itself"])
@pytest.mark.parametrize("before", [0, 7], ids=["at the beginning", "in the file"])
def test_names_are_the_same_however_they_are_read(most: int, before: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(elf, "_NAMES_BYTES", most)
    data = memoryview(b"?" * before + TABLE)
    offsets = [7, 1, 3, 0, 14, 315, 10_000_000, 1]
    found = list(elf.names_at(data, before, offsets))
    assert found == ["second", "first", "rst", "", "x" * 256, "last, and cut", "", "first"]


def test_no_names_are_asked_for():
    assert list(elf.names_at(memoryview(TABLE), 0, [])) == []
