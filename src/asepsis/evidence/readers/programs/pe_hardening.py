"""What a Windows program was built without: random addresses, data that cannot run, guarded jumps, a signature.

Microsoft PE Format (2024), ``DllCharacteristics`` and data directories::

    ASLR               0x0040 DYNAMIC_BASE       loaded at a place that an attacker does not know
    high-entropy ASLR  0x0020                    64 bit: out of many more places
    DEP                0x0100 NX_COMPAT          data cannot be run as code
    CFG                0x4000 GUARD_CF           jumps through tables go only where the compiler allowed
    SafeSEH            load configuration        32-bit x86: only known exception handlers are called (or 0x0400: it has none)
    Authenticode       directory 4               the maker's signature is in the file

Facts are kept few: only what is absent, of ordinary programs and their DLLs; of a DLL only ASLR and SafeSEH, because its process decides the
rest. Drivers, boot programs and Windows CE are left out.

Known ways it lies: a signature is there but its hash or its certificate is wrong, or it lies apart in a catalogue (as for Windows' own
files); Windows XP and older know nothing of ASLR; a setting of the system can force what the file does not ask for; .NET programs are
compiled where they run, so that DEP, CFG and SafeSEH are not asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.protocols import pe
from asepsis.evidence.protocols.pe import Pe
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Hardening

HIGH_ENTROPY_VA, DYNAMIC_BASE, NX_COMPAT, NO_SEH, GUARD_CF = 0x0020, 0x0040, 0x0100, 0x0400, 0x4000
_SE_HANDLER_TABLE = 64
"""Where the 32-bit load configuration points at the table of exception handlers."""


class PeHardeningReader:
    """Emits a :class:`Hardening` for each safeguard that a program lacks."""

    info = ReaderInfo("pe_hardening", "Safeguards that a Windows program was built with", (Hardening,), ("PE programs and libraries",))
    signs = Signs(heads=(begins(b"MZ"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - a program's name says nothing
        """By the DOS stub in front; whether Windows' header follows is seen in ``read``."""
        return Sureness.YES if head.startswith(b"MZ") else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Headers and data directories."""
        program = pe.parse(source.buffer)
        if program is None or program.subsystem not in {pe.SUBSYSTEM_GUI, pe.SUBSYSTEM_CONSOLE}:
            raise NotThisFormat
        name, listens = source.path.rsplit("/", 1)[-1], {"bind", "listen"} <= set(program.imports().values())
        for safeguard in absent(program):
            emit(Hardening(source.where(), safeguard, False, name, listens))


def absent(program: Pe) -> Iterator[str]:
    """The safeguards that ``program`` lacks."""
    has, managed = program.dll_flags, program.has(pe.CLR)
    if not has & DYNAMIC_BASE:
        yield "ASLR"
    if program.machine == pe.I386 and not managed and not has & NO_SEH and not _lists_handlers(program):
        yield "SafeSEH"
    if program.is_library:
        return
    if program.wide and has & DYNAMIC_BASE and not has & HIGH_ENTROPY_VA:
        yield "high-entropy ASLR"
    if not managed and not has & NX_COMPAT:
        yield "DEP"
    if not managed and not has & GUARD_CF:
        yield "CFG"
    if not program.has(pe.SECURITY):
        yield "Authenticode"


def _lists_handlers(program: Pe) -> bool:
    """The load configuration is long enough to name the handlers, and does."""
    if not program.has(pe.LOAD_CONFIG):
        return False
    start, size = program.directories[pe.LOAD_CONFIG]
    return max(size, program.number(start)) > _SE_HANDLER_TABLE and program.number(start + _SE_HANDLER_TABLE) != 0
