"""The release of Windows from programs made here: a PE file with one version resource."""

from __future__ import annotations

import random
import struct

import pytest

from asepsis.evidence.protocols.pe_version import version_of
from asepsis.evidence.reader import NotThisFormat
from asepsis.evidence.readers.windows.windows_kernel import WindowsKernelReader
from asepsis.model.facts import OperatingSystem
from tests.unit.evidence.reading import read_file, source_of

RSRC = 0x2000


def program(version: tuple[int, int, int, int], product: str = "", *, wide: bool = True) -> bytes:
    """``wide`` is a 64-bit program."""
    numbers = struct.pack("<4I", *(struct.unpack("<2I", struct.pack("<4H", version[1], version[0], version[3], version[2])) * 2))
    info = "VS_VERSION_INFO\0".encode("utf-16-le") + struct.pack("<II", 0xFEEF04BD, 0x10000) + numbers
    info += f"ProductName\0\0{product}\0".encode("utf-16-le") if product else b""

    def directory(number: int, below: int) -> bytes:
        return struct.pack("<12xHHII", 0, 1, number, below)

    tree = directory(16, 0x80000018) + directory(1, 0x80000030) + directory(1033, 0x48)
    tree += struct.pack("<IIII", RSRC + 0x58, len(info), 0, 0) + info
    start = 112 if wide else 96
    optional = struct.pack("<H", 0x20B if wide else 0x10B).ljust(start, b"\0") + bytes(16) + struct.pack("<II", RSRC, len(tree)) + bytes(104)
    head = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0)
    section = b".rsrc\0\0\0" + struct.pack("<IIII", len(tree), RSRC, len(tree), 0x400) + bytes(16)
    return (head + coff + optional + section).ljust(0x400, b"\0") + tree


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(
    ("numbers", "version"),
    [((5, 1, 2600, 5512), "XP"), ((6, 1, 7601, 1), "7"), ((6, 3, 9600, 1), "8.1"), ((10, 0, 17763, 1), "10.0.17763"), ((5, 0, 2195, 1), "2000")],
)
def test_the_kernel_says_which_release_it_is(numbers: tuple[int, int, int, int], version: str, wide: bool):
    (found,) = read_file(WindowsKernelReader(), program(numbers, wide=wide), "WINDOWS/system32/ntoskrnl.exe")
    assert isinstance(found, OperatingSystem)
    assert (found.name, found.version, found.product) == ("Windows", version, "windows")


def test_windows_ce_by_its_kernel_and_by_its_image():
    (found,) = read_file(WindowsKernelReader(), program((6, 0, 0, 0), "Microsoft\u00ae Windows CE", wide=False), "nk.exe")
    assert isinstance(found, OperatingSystem)
    assert (found.version, found.product) == ("CE 6", "windows-embedded")
    (image,) = read_file(WindowsKernelReader(), b"B000FF\n" + bytes(40), "NK.bin")
    assert isinstance(image, OperatingSystem)
    assert (image.name, image.version, image.product) == ("Windows Embedded", "CE", "windows-embedded")


def test_other_programs_say_nothing():
    assert read_file(WindowsKernelReader(), program((6, 1, 7601, 1)), "WINDOWS/notepad.exe") == []
    with pytest.raises(NotThisFormat):
        read_file(WindowsKernelReader(), program((1, 2, 0, 0), "Something"), "coredll.dll")
    with pytest.raises(NotThisFormat):
        read_file(WindowsKernelReader(), b"MZ" + bytes(100), "ntoskrnl.exe")


def test_no_change_of_a_byte_and_no_cut_raises():
    dice, whole = random.Random(7), program((6, 1, 7601, 1), "Windows")
    for _ in range(3000):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            data[dice.choice((dice.randrange(len(data)), dice.randrange(0x40, 0x180), dice.randrange(0x400, len(data))))] = dice.randrange(256)
        version_of(source_of(bytes(data[: dice.randrange(len(data) + 1)]), "ntoskrnl.exe"))
