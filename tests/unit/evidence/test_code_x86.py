"""Calls in x86 code."""

from __future__ import annotations

from random import Random

import pytest

from asepsis.evidence.protocols import code_x86
from asepsis.evidence.protocols.code import Call, Image, Region, Starts
from asepsis.evidence.protocols.code_x86 import calls, jumps_through, named_near

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


def near(image: Image, *at: int) -> list[set[int]]:
    found = [set[int]() for _ in at]
    for named in named_near(image, image.regions[0], [Call(one, "strcmp") for one in at], 96, 48):
        for call, which in zip(named.calls, named.which, strict=True):
            found[call].add(named.addresses[which])
    return found


def program(code: bytes, address: int = HOME) -> Image:
    return Image(memoryview(code), "x86", False, True, (Region(address, 0, len(code), True),), {}, {})


@pytest.mark.parametrize("address", [HOME, KERNEL])
def test_what_is_named_near_a_call_is_found_wherever_the_program_is_loaded(address: int):
    here = b"\x90" * 4 + b"\x48\x8d\x3d" + (0x100).to_bytes(4, "little")  # lea rdi, [rip+0x100]: from address + 11
    back = b"\x4c\x8d\x05" + (-8).to_bytes(4, "little", signed=True)  # lea r8, [rip-8]: from address + 18
    numbers = b"\xbe\x78\x56\x34\x92" + b"\x48\xc7\xc7\x01\x02\x03\x04"  # mov esi, 0x92345678; mov rdi, 0x4030201
    code = here + back + numbers + b"\x90" * 60
    (found,) = near(program(code, address), address + 40)
    assert {address + 0x10B, address + 10, 0x92345678, 0x04030201} <= found


def test_a_pointer_near_a_call_is_followed():
    code = b"\x48\x8b\x3d" + (1).to_bytes(4, "little") + b"\x90" + (0x1234).to_bytes(8, "little") + b"\x90" * 60  # mov rdi, [rip+1]
    assert near(program(code), HOME + 20) == [{0x1234}]


@pytest.mark.parametrize(("at", "seen"), [(96, True), (97, False)])
def test_what_begins_before_the_window_of_a_call_is_not_near(at: int, seen: bool):
    code = b"\xbf\x44\x33\x22\x11" + b"\x90" * 200
    assert near(program(code), HOME + at) == [{0x11223344} if seen else set()]


@pytest.mark.parametrize(("at", "seen"), [(57, True), (56, False)])
def test_what_does_not_end_in_the_window_of_a_call_is_not_near(at: int, seen: bool):
    code = b"\x90" * 100 + b"\xbf\x44\x33\x22\x11" + b"\x90" * 100  # ends at 105, the window 48 after the call
    assert near(program(code), HOME + at) == [{0x11223344} if seen else set()]


def test_each_call_has_what_is_near_it_and_the_end_of_the_file_hides_nothing():
    code = b"\xbf\x01\0\0\0" + b"\x90" * 200 + b"\xbf\x02\0\0\0"
    assert near(program(code), HOME + 10, HOME + 120, HOME + len(code) - 6) == [{1}, set(), {2}]


def test_a_number_cut_off_by_the_end_of_the_file_is_none():
    assert near(program(b"\x90" * 20 + b"\xbf\x02\0\0"), HOME + 10) == [set()]


def every_call(image: Image, region: Region) -> list[tuple[int, str]]:
    """The same by trying every byte, as the encoding says it."""
    code, found = bytes(image.data), []
    for at, first in enumerate(code):
        size, names = (5, image.functions) if first in b"\xe8\xe9" else (6, image.slots)
        if size == 6 and code[at : at + 2] not in {b"\xff\x15", b"\xff\x25"}:
            continue
        target = region.address + at + size + int.from_bytes(code[at + size - 4 : at + size], "little", signed=True)
        if at + size <= len(code) and target in names:
            found.append((region.address + at, names[target]))
    return found


@pytest.mark.parametrize("spread", [0x40, 0x20_0000, 0x4000_0000], ids=["near", "far", "as far as it goes"])
def test_looking_at_many_bytes_at_once_finds_what_trying_every_byte_finds(spread: int, monkeypatch):
    monkeypatch.setattr(code_x86, "_BLOCK", 256)
    random = Random(spread)
    code, targets = bytearray(random.randbytes(4096)), list[int]()
    for number in range(200):
        at, opcode = random.randrange(4080), random.choice([b"\xe8", b"\xe9", b"\xff\x15", b"\xff\x25", b"\xff\x35"])
        distance = random.randint(-spread, spread)
        code[at : at + len(opcode) + 4] = opcode + distance.to_bytes(4, "little", signed=True)
        targets += [HOME + at + len(opcode) + 4 + distance] * (number % 3 > 0)
    image = Image(
        memoryview(code), "x86-64", False, True, (Region(HOME, 0, len(code), True),), dict.fromkeys(targets, "slot"), dict.fromkeys(targets, "called")
    )
    found = [(call.at, call.name) for call in calls(image, image.regions[0])]
    assert found == every_call(image, image.regions[0])
    assert len(found) > 50
    assert list(jumps_through(image, image.regions[0])) == [(at, name) for at, name in found if code[at - HOME : at - HOME + 2] == b"\xff\x25"]


def test_names_of_functions_are_read_when_one_is_asked_for():
    asked = []
    starts = Starts(lambda: asked.append(1) or {0x20: "second", 0x10: "first"})
    assert asked == []
    assert [starts.around(at) for at in (0xF, 0x10, 0x1F, 0x20, 0x1000)] == ["", "first", "first", "second", "second"]
    assert asked == [1]
