"""Programs of Windows by their version resource: PE files made here; one that mingw's windres made was read alike."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from asepsis.evidence.reader import NotThisFormat
from asepsis.evidence.readers.packages.version_resource import VersionResourceReader
from asepsis.guard.source import OutOfBounds
from asepsis.model.facts import Component, Confidence
from tests.unit.evidence.reading import read_file, source_of
from tests.unit.evidence.test_windows_kernel import program


def resource(numbers: tuple[int, int, int, int] = (1, 1, 1, 14), *, wide: bool = True, **texts: str) -> bytes:
    """A program whose resource holds ``texts``."""
    first, *others = [f"{name}\0\0{text}\0" for name, text in texts.items()] or ["ProductName\0\0\0"]
    return program(numbers, first.removeprefix("ProductName\0\0").removesuffix("\0") + "\0" + "".join(others), wide=wide)


def read(data: bytes) -> list[Component]:
    return [fact for fact in read_file(VersionResourceReader(), data, "opt/app/a.dll") if isinstance(fact, Component)]


@pytest.mark.parametrize("wide", [True, False])
def test_a_library_is_its_product_with_the_version_that_people_know(wide: bool):
    (found,) = read(
        resource(wide=wide, ProductName="The OpenSSL Toolkit", ProductVersion="1.1.1n", CompanyName="The OpenSSL Project", FileVersion="9")
    )
    assert (found.name, found.version, found.product) == ("The OpenSSL Toolkit", "1.1.1n", "openssl")
    assert (found.supplier, found.method, found.confidence) == ("The OpenSSL Project", "version resource", Confidence.LIKELY)


@pytest.mark.parametrize(
    ("written", "version"),
    [("4, 0, 2, 1", "4.0.2.1"), ("v2.3", "2.3"), ("release of May", "1.1.1.14"), ("10.0.17763.1 (WinBuild.160101.0800)", "10.0.17763.1")],
)
def test_a_version_is_written_in_many_ways(written: str, version: str):
    (found,) = read(resource(ProductName="Pump Service", ProductVersion=written))
    assert (found.name, found.version, found.product) == ("Pump Service", version, "")


def test_marks_of_trade_are_no_part_of_a_name():
    (found,) = read(resource(ProductName="Microsoft\u00ae Windows\u00ae Operating System", ProductVersion="6.1.7601.17514"))
    assert found.name == "Microsoft Windows Operating System"


def test_a_resource_that_names_nothing_does_not_guess():
    with pytest.raises(NotThisFormat):
        read(program((1, 2, 3, 4)))
    with pytest.raises(NotThisFormat):
        read(b"MZ" + bytes(200))
    assert read(b"\x7fELF" + bytes(60)) == []


def test_no_number_at_all_leaves_the_version_open():
    (found,) = read(resource((0, 0, 0, 0), ProductName="Pump Service", ProductVersion="beta"))
    assert (found.name, found.version) == ("Pump Service", "")


def test_no_change_of_a_byte_and_no_cut_raises_anything_else():
    dice, whole = random.Random(7), resource(ProductName="Pump Service", ProductVersion="1.2")
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            data[dice.choice((dice.randrange(len(data)), dice.randrange(0x40, 0x180), dice.randrange(0x400, len(data))))] = dice.randrange(256)
        with suppress(NotThisFormat, OutOfBounds):
            VersionResourceReader().read(source_of(bytes(data[: dice.randrange(len(data) + 1)]), "a.dll"), lambda _: None)
