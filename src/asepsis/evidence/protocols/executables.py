r"""Executables: is a file a program, and for which processor. Only the header is looked at. No I/O.

ELF: ``7f 45 4c 46``, class at 4, byte order at 5, type at 16, machine at 18 (System V ABI). PE: ``MZ``, offset of ``PE\0\0`` at 60,
machine after it.
"""

from __future__ import annotations

import struct

_ELF_PROGRAMS = frozenset({2, 3})
"""ET_EXEC and ET_DYN: programs and shared libraries, not object files, kernel modules or core dumps."""
_ELF_MACHINES = {
    2: "sparc", 3: "x86", 4: "m68k", 8: "mips", 20: "powerpc", 21: "powerpc64", 22: "s390x", 40: "arm", 42: "superh", 50: "ia64",
    62: "x86-64", 83: "avr", 94: "xtensa", 105: "msp430", 106: "blackfin", 113: "nios2", 183: "aarch64", 189: "microblaze", 243: "riscv",
    258: "loongarch",
}  # fmt: skip
_PE_MACHINES = {0x14C: "x86", 0x8664: "x86-64", 0x1C0: "arm", 0x1C2: "arm", 0x1C4: "arm", 0xAA64: "aarch64", 0x166: "mips", 0x1A2: "superh"}
_PE_OFFSET_AT = 60


def architecture(head: bytes) -> str | None:
    """The processor's name (``unknown`` if it has none here), or None if ``head`` is no program's beginning."""
    if head.startswith(b"\x7fELF"):
        return _elf(head)
    if head.startswith(b"MZ"):
        return _pe(head)
    return None


def _elf(head: bytes) -> str | None:
    if len(head) < 20 or head[5] not in {1, 2}:  # noqa: PLR2004
        return None
    kind, machine = struct.unpack_from("<HH" if head[5] == 1 else ">HH", head, 16)
    return _ELF_MACHINES.get(machine, "unknown") if kind in _ELF_PROGRAMS else None


def _pe(head: bytes) -> str | None:
    if len(head) < _PE_OFFSET_AT + 4:
        return None
    (offset,) = struct.unpack_from("<I", head, _PE_OFFSET_AT)
    if offset + 6 > len(head) or head[offset : offset + 4] != b"PE\0\0":
        return None
    (machine,) = struct.unpack_from("<H", head, offset + 4)
    return _PE_MACHINES.get(machine, "unknown")
