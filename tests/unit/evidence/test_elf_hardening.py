"""What ELF programs lack: one table for each safeguard, and the programs that these words do not fit."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols import elf as codec
from asepsis.evidence.reader import Malformed, NotThisFormat
from asepsis.evidence.readers.programs.elf_hardening import ElfHardeningReader
from asepsis.model.facts import Hardening
from asepsis.model.where import Where
from tests.unit.evidence.made_programs import ARM, X86, elf
from tests.unit.evidence.reading import read_file

HARDENED = ("__printf_chk", "__stack_chk_fail", "bind", "listen")
NOW = ((codec.DT_FLAGS, codec.DF_BIND_NOW),)
RPATH, RUNPATH, SONAME = codec.DT_RPATH, codec.DT_RUNPATH, codec.DT_SONAME


def lacks(data: bytes, path: str = "usr/sbin/pumpd") -> list[str]:
    try:
        return [fact.name for fact in read_file(ElfHardeningReader(), data, path)]
    except NotThisFormat:
        return []


def test_a_program_with_every_safeguard_leaves_no_fact():
    assert lacks(elf(imports=HARDENED, tags=NOW)) == []


def test_a_program_without_any_lacks_each_by_its_name():
    facts = read_file(ElfHardeningReader(), elf(imports=("printf", "bind", "recvfrom"), kind=2, stack=7, relro=False), "usr/sbin/pumpd")
    assert facts == [
        Hardening(Where("e1", "usr/sbin/pumpd"), name, False, "pumpd", True) for name in ("NX", "PIE", "RELRO", "stack protector", "FORTIFY")
    ]


@pytest.mark.parametrize(
    ("wide", "big", "machine"), [(True, False, 183), (True, True, 21), (False, False, ARM), (False, True, 8), (False, False, X86)]
)
def test_every_width_and_byte_order_is_read(wide: bool, big: bool, machine: int):
    plain = elf(imports=("strcpy",), kind=2, wide=wide, big=big, machine=machine, stack=7, interpreter=b"/lib/ld-uClibc.so.0", base=0x10000)
    assert lacks(plain) == ["NX", "PIE", "stack protector"]
    assert lacks(elf(imports=HARDENED, wide=wide, big=big, machine=machine, tags=NOW)) == []


def test_tables_that_are_bound_late_are_told_of_programs_that_listen_only():
    assert lacks(elf(imports=HARDENED)) == ["full RELRO"]
    assert lacks(elf(imports=("__printf_chk", "__stack_chk_fail", "connect"))) == []
    assert lacks(elf(imports=HARDENED, tags=((codec.DT_FLAGS_1, codec.DF_1_NOW),))) == []
    assert lacks(elf(imports=HARDENED, tags=((codec.DT_BIND_NOW, 0),))) == []


@pytest.mark.parametrize("path", ["lib", "", "/tmp/build/lib", "/opt/lib:.", "/home/builder/sysroot/lib"])
def test_a_library_path_that_others_can_fill_is_not_trusted(path: str):
    for tag in (RPATH, RUNPATH):
        assert lacks(elf(imports=HARDENED, tags=NOW, paths=((tag, path),))) == ["trusted library path"]


@pytest.mark.parametrize("path", ["/opt/pump/lib", "$ORIGIN/../lib", "${ORIGIN}", "/usr/lib/samba:/usr/lib"])
def test_a_library_path_of_the_system_or_beside_the_program_is_trusted(path: str):
    assert lacks(elf(imports=HARDENED, tags=NOW, paths=((RUNPATH, path),))) == []


def test_a_missing_stack_header_counts_where_the_stack_can_run_without_it():
    assert lacks(elf(imports=HARDENED, tags=NOW, stack=None, machine=ARM)) == ["NX"]
    assert lacks(elf(imports=HARDENED, tags=NOW, stack=None, machine=183)) == []


def test_of_a_library_only_a_stack_that_runs_and_its_path_are_told():
    plain = elf(imports=("printf",), interpreter=b"", relro=False)
    assert lacks(plain, "usr/lib/libx.so") == []
    assert lacks(elf(imports=("printf",), interpreter=b"", stack=7), "usr/lib/libx.so") == ["NX"]


def test_a_library_that_can_be_started_is_a_library():
    assert lacks(elf(imports=("printf",), relro=False, paths=((SONAME, "libc.so.6"),)), "lib/libc.so.6") == []


def test_fortify_is_asked_of_glibc_only():
    assert lacks(elf(imports=("printf", "__stack_chk_fail"))) == ["FORTIFY"]
    assert lacks(elf(imports=("printf", "__stack_chk_fail"), interpreter=b"/lib/ld-musl-arm.so.1")) == []
    assert lacks(elf(imports=("read", "__stack_chk_fail"))) == []


def test_a_static_program_shows_its_stack_protector_by_its_symbols_or_not_at_all():
    static = {"imports": (), "interpreter": b"", "kind": 2}
    assert lacks(elf(**static)) == ["PIE"]
    assert lacks(elf(**static, symbols=("main", "strcpy"))) == ["PIE", "stack protector"]
    assert lacks(elf(**static, symbols=("main", "__stack_chk_fail"))) == ["PIE"]


def test_a_program_built_with_fortify_that_shows_no_stack_protector_had_no_use_for_it():
    assert lacks(elf(imports=("__printf_chk", "read"))) == []


@pytest.mark.parametrize("mark", [b"\0/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library\0", b"\0.gopclntab\0"])
def test_languages_that_check_their_bounds_need_no_stack_protector(mark: bytes):
    assert lacks(elf(imports=("read",), tail=mark)) == []
    assert lacks(elf(imports=("read",))) == ["stack protector"]


def test_a_kernel_and_an_image_without_a_system_are_no_programs():
    assert lacks(elf(imports=(), interpreter=b"", kind=2, base=0xFFFFFFFF81000000, relro=False)) == []
    assert lacks(elf(imports=(), interpreter=b"", kind=2, wide=False, base=0xC0008000, machine=ARM)) == []
    assert lacks(elf(imports=(), interpreter=b"", kind=2, wide=False, base=0x8000000, machine=ARM, stack=None, relro=False)) == []


@pytest.mark.parametrize("kind", [1, 4])
def test_object_files_and_core_dumps_are_no_programs(kind: int):
    assert lacks(elf(kind=kind)) == []


def test_a_header_cut_short_is_malformed():
    with pytest.raises(Malformed, match="header is cut short"):
        lacks(elf()[:40])


def test_program_headers_outside_the_file_are_malformed():
    with pytest.raises(Malformed, match="program headers"):
        lacks(elf()[:100])


def test_a_dynamic_section_outside_the_file_is_malformed():
    with pytest.raises(Malformed, match="dynamic section"):
        lacks(elf()[:-20])


def test_an_empty_file_is_no_program():
    assert lacks(b"") == []
    assert lacks(b"\x7fELF") == []


def test_very_many_symbols_are_read_to_a_limit():
    many = elf(imports=tuple(f"f{number}" for number in range(codec.MAX_SYMBOLS + 10)))
    program = codec.parse(memoryview(many))
    assert program is not None
    assert len(program.imports()) == codec.MAX_SYMBOLS - 1
