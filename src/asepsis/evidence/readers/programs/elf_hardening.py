"""What an ELF program was built without: position-independent code, a stack that cannot run, tables that cannot be rewritten, checks of its own.

The loader's tables say it (System V ABI, GNU extensions; options as of GCC and GNU ld)::

    PIE                   type ET_DYN                       loaded at a place that an attacker does not know
    NX                    PT_GNU_STACK without PF_X         data on the stack cannot be run as code
    RELRO                 PT_GNU_RELRO                      the loader's tables become read-only
    full RELRO            ... and BIND_NOW                  the table of imported functions too; asked of programs that listen only
    stack protector       __stack_chk_fail                  an overrun of the stack ends the program
    FORTIFY               __printf_chk and its like         glibc only: overruns of known buffers end the program
    trusted library path  DT_RPATH, DT_RUNPATH              libraries come from folders that only the administrator can write

Facts are kept few: only what is absent, and of a library only a stack that runs and a library path, because its other settings follow its
program's. Kernels and RTOS images are left out: these words mean nothing there.

Known ways it lies: a program without arrays on the stack needs no stack protector and shows none (one that was built with FORTIFY is taken to be
such a program); a static program without symbols does not
show whether it has one (nothing is said then); Go and Rust programs check their bounds themselves and are left out; a wrapper may start a
hardened program from a folder that it was not linked for; ``setuid`` is a property of the file system, not of the program, and not seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols import elf
from asepsis.evidence.protocols.elf import Elf
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Hardening

_STACK_RUNS_UNLESS_DENIED = frozenset({3, 8, 20, 40, 62})
"""x86, MIPS, PowerPC, ARM: without PT_GNU_STACK the stack can run there."""
_PRINTS = frozenset({"printf", "fprintf", "sprintf", "snprintf", "vprintf", "vfprintf", "vsprintf", "vsnprintf", "syslog", "vsyslog"})
"""FORTIFY replaces each call of these, whatever its arguments."""
_CHECKED = re.compile(r"__(?!stack)\w+_chk\Z")
_GLIBC = re.compile(rb"/ld(?:-linux[\w-]*|64|)\.so\.\d\Z")
_CHECKS_ITSELF = (b"/rustc/", b".gopclntab", b"go.buildid", b"\xff Go buildinf")
_ANYBODY_WRITES = re.compile(r"(?!/|\$ORIGIN|\$\{ORIGIN\})|/(?:tmp|var/tmp|dev/shm|home|mnt|media|run/user)(?:/|\Z)")


class ElfHardeningReader:
    """Emits a :class:`Hardening` for each safeguard that a program lacks."""

    info = ReaderInfo("elf_hardening", "Safeguards that an ELF program was built with", (Hardening,), ("ELF programs and libraries",))
    signs = Signs(heads=(begins(elf.MAGIC),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - a program's name says nothing
        """By its magic; that it is a program and no object file is seen in ``read``."""
        return Sureness.YES if head.startswith(elf.MAGIC) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The loader's tables."""
        program = elf.program_in(source)
        if program is None or program.is_bare_metal:
            raise NotThisFormat
        names = _names(program, elf.imports_in(source))
        name, listens = source.path.rsplit("/", 1)[-1], "bind" in names and bool(names & {"listen", "recvfrom", "recvmsg", "recv", "accept"})
        for safeguard in absent(program, names, listens=listens):
            emit(Hardening(source.where(), safeguard, False, name, listens))


def absent(program: Elf, names: frozenset[str], *, listens: bool) -> Iterator[str]:
    """The safeguards that ``program``, which uses the functions ``names``, lacks."""
    if _stack_runs(program):
        yield "NX"
    if any(map(_ANYBODY_WRITES.match, _library_paths(program))):
        yield "trusted library path"
    if program.is_program:
        yield from _absent_in_program(program, names, listens=listens)


def _absent_in_program(program: Elf, names: frozenset[str], *, listens: bool) -> Iterator[str]:
    if program.type == elf.ET_EXEC:
        yield "PIE"
    if program.segment(elf.PT_GNU_RELRO) is None:
        yield "RELRO"
    elif listens and not _binds_at_once(program):
        yield "full RELRO"
    checked = any(map(_CHECKED.match, names))
    if names and not checked and not names & {"__stack_chk_fail", "__stack_chk_fail_local"} and not program.holds(*_CHECKS_ITSELF):
        yield "stack protector"
    if _GLIBC.search(program.interpreter) and names & _PRINTS and not checked:
        yield "FORTIFY"


def _names(program: Elf, imports: dict[int, str]) -> frozenset[str]:
    """Functions that it takes from libraries; of a static program those that it holds, as far as it was not stripped."""
    return frozenset(imports.values()) or frozenset(symbol.name for symbol in program.all_symbols())


def _stack_runs(program: Elf) -> bool:
    """A library without the header takes what its program has."""
    stack = program.segment(elf.PT_GNU_STACK)
    if stack is None:
        return program.is_program and program.machine in _STACK_RUNS_UNLESS_DENIED
    return bool(stack.flags & elf.PF_X)


def _binds_at_once(program: Elf) -> bool:
    """All imported functions are bound before the program starts."""
    flags = (program.tag(elf.DT_FLAGS) & elf.DF_BIND_NOW) or (program.tag(elf.DT_FLAGS_1) & elf.DF_1_NOW)
    return elf.DT_BIND_NOW in program.dynamic or bool(flags)


def _library_paths(program: Elf) -> Iterator[str]:
    """Folders that the program itself names for its libraries."""
    for tag in (elf.DT_RPATH, elf.DT_RUNPATH):
        for value in program.dynamic.get(tag, ()):
            yield from program.string(value).split(":")
