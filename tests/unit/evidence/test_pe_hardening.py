"""What Windows programs lack."""

from __future__ import annotations

import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat
from asepsis.evidence.readers.programs.pe_hardening import PeHardeningReader
from asepsis.model.facts import Hardening
from asepsis.model.where import Where
from tests.unit.evidence.made_programs import pe
from tests.unit.evidence.reading import read_file

DLL, X86 = 0x2000, {"machine": 0x14C, "wide": False}


def lacks(data: bytes) -> list[str]:
    try:
        return [fact.name for fact in read_file(PeHardeningReader(), data, "Program Files/Pump/pump.exe")]
    except NotThisFormat:
        return []


def test_a_program_with_every_safeguard_leaves_no_fact():
    assert lacks(pe()) == []
    assert lacks(pe(**X86, dll_flags=0x4140, handlers=True)) == []


def test_a_program_without_any_lacks_each_by_its_name():
    facts = read_file(PeHardeningReader(), pe(**X86, dll_flags=0, signed=False, imports=("bind", "listen", "accept")), "Pump/pump.exe")
    assert facts == [
        Hardening(Where("e1", "Pump/pump.exe"), name, False, "pump.exe", True) for name in ("ASLR", "SafeSEH", "DEP", "CFG", "Authenticode")
    ]


@pytest.mark.parametrize(
    ("flags", "missing"),
    [(0x4120, ["ASLR"]), (0x4140, ["high-entropy ASLR"]), (0x4060, ["DEP"]), (0x0160, ["CFG"])],
)
def test_each_flag_stands_for_its_safeguard(flags: int, missing: list[str]):
    assert lacks(pe(dll_flags=flags)) == missing


def test_a_program_without_handlers_needs_no_list_of_them():
    assert lacks(pe(**X86, dll_flags=0x4540)) == []
    assert lacks(pe(**X86, dll_flags=0x4140)) == ["SafeSEH"]


def test_of_a_library_only_its_place_and_handlers_are_asked():
    assert lacks(pe(flags=DLL, dll_flags=0x40, signed=False)) == []
    assert lacks(pe(flags=DLL, dll_flags=0, signed=False)) == ["ASLR"]


def test_a_managed_program_is_asked_for_its_place_and_signature_only():
    assert lacks(pe(**X86, dll_flags=0x40, managed=True, signed=False)) == ["Authenticode"]


@pytest.mark.parametrize("subsystem", [1, 9, 10, 16])
def test_drivers_boot_programs_and_windows_ce_are_left_out(subsystem: int):
    assert lacks(pe(dll_flags=0, subsystem=subsystem)) == []


def test_a_program_that_asks_for_no_port_does_not_listen():
    (fact,) = read_file(PeHardeningReader(), pe(signed=False, imports=("connect", "send")), "a.exe")
    assert isinstance(fact, Hardening)
    assert fact.listens is False


@pytest.mark.parametrize("data", [b"", b"MZ", b"MZ" + bytes(200), pe()[:80]])
def test_a_dos_program_is_none_of_windows(data: bytes):
    assert lacks(data) == []


def test_an_optional_header_cut_short_is_malformed():
    with pytest.raises(Malformed, match="optional header"):
        lacks(pe()[:120])


def test_a_section_table_cut_short_is_malformed():
    with pytest.raises(Malformed, match="section table"):
        lacks(pe()[:340])


def test_import_tables_that_point_nowhere_name_nothing():
    data = bytearray(pe(signed=False, imports=("bind", "listen")))
    data[0x400:0x414] = b"\xff" * 20
    (fact,) = read_file(PeHardeningReader(), bytes(data), "a.exe")
    assert isinstance(fact, Hardening)
    assert fact.listens is False
