"""Calls in x86 code."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.code import Image, Region
from asepsis.evidence.protocols.code_x86 import calls

HOME, KERNEL, LAST = 0x401000, 0xFFFF_FFFF_8100_0000, 0xFFFF_FFFF_FFFF_F000


@pytest.mark.parametrize("address", [HOME, KERNEL, LAST])
def test_a_call_is_found_wherever_the_program_is_loaded(address: int):
    code = b"\x90\x90" + b"\xe8" + (0x20).to_bytes(4, "little") + b"\x90" * 16
    target = address + 2 + 5 + 0x20
    image = Image(memoryview(code), "x86", False, True, (Region(address, 0, len(code), True),), {}, {target: "strcmp"})
    assert [(call.at, call.name) for call in calls(image, image.regions[0])] == [(address + 2, "strcmp")]


def test_functions_too_far_away_to_be_called_are_passed_over():
    code = b"\xe8\0\0\0\0" + b"\x90" * 8
    image = Image(memoryview(code), "x86", False, True, (Region(0, 0, len(code), True),), {}, {(1 << 64) - 1: "strcmp"})
    assert list(calls(image, image.regions[0])) == []


def test_a_region_that_begins_behind_the_end_of_the_file_holds_no_calls():
    image = Image(memoryview(b"\x90" * 16), "x86", False, True, (Region(HOME, 64, 0, True),), {}, {HOME: "strcmp"})
    assert list(calls(image, image.regions[0])) == []
