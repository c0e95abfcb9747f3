"""A usual safeguard is missing.

## What it finds

Safeguards of programs and of the system that were looked for and are not there: in Linux programs PIE, NX, RELRO, stack protector, FORTIFY and
trusted library paths; in Windows programs ASLR, DEP, CFG, SafeSEH and the maker's signature; beside them a watchdog, password length, lock-out.

## Why it matters for a patient

A missing safeguard harms nobody by itself, but makes other flaws easier to use, or keeps the device down after a
crash. It matters most in programs that can be reached over the network: there it decides whether a flaw stops a
program or hands the device over.

## How it decides

A hardening setting that was read as absent is a finding. What several programs lack is one finding for each safeguard, not one for each
program: it names first the programs that listen on the network, then those that the device starts by itself, and counts the rest. It is
*enabled* if one of them is started. Stack protector and FORTIFY leave their marks only where a program had use for them: their absence is
*likely*, that of the others *confirmed*. No path is built on it.

## When it stays silent

Settings that are present. Of a program only what is absent is read, so programs with every safeguard leave no trace.

## When it cannot tell

When hardening was not looked for, or parts of the evidence could not be opened. A static program without symbols does not show whether it has
a stack protector; whether a program is `setuid` is not looked at.

## References

CWE-693, CWE-1188, ATT&CK M0942
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.ways_in import program_name
from asepsis.findings.witness import unique
from asepsis.findings.words import listed, named
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, Hardening, StartedProgram
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="hardening_absent",
    title="Missing safeguard",
    summary="A safeguard that such software usually has is not there.",
    weakness=Weakness.MISSING_HARDENING,
    cwe=(693,),
    needs=(Hardening,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-693", "CWE-1188", "ATT&CK M0942"),
)

OF_PROGRAMS = {
    "PIE": "loaded at a fixed, known address",
    "NX": "data on the stack can be run as code",
    "RELRO": "the loader's tables stay writable",
    "full RELRO": "listening on the network, with a writable table of imported functions",
    "stack protector": "an overrun of the stack is not noticed",
    "FORTIFY": "an overrun of a known buffer is not noticed",
    "trusted library path": "libraries come from a folder that others may write, or from where it is started",
    "ASLR": "loaded at a fixed, known address",
    "high-entropy ASLR": "loaded at one of few addresses",
    "DEP": "data can be run as code",
    "CFG": "jumps through tables are not guarded",
    "SafeSEH": "any exception handler is obeyed",
    "Authenticode": "no signature of the maker in the file",
}
"""The safeguards of programs, named as in :class:`asepsis.model.facts.Hardening`, and what is the matter without."""

_MARKED_IF_USED = frozenset({"stack protector", "FORTIFY"})
_MOST_PLACES = 40
"""Places that a finding about many programs shows."""


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every safeguard that is absent; those of programs together."""
    absent: dict[str, list[Hardening]] = {}
    for setting in facts.of(Hardening):
        if setting.present:
            yield dismissed(INFO, Exemption.PROTECTED, f"{named(setting.name, 'a safeguard')} is there", setting.where)
        elif setting.name in OF_PROGRAMS:
            absent.setdefault(setting.name, []).append(setting)
        else:
            yield _of_system(setting)
    started = {program_name(start) for start in facts.of(StartedProgram) if start.enabled}
    for name in OF_PROGRAMS:
        if name in absent:
            yield _of_programs(name, absent[name], started)


def _of_system(setting: Hardening) -> Found:
    of_what = f" of {named(setting.subject, 'without a name')}" if setting.subject else ""
    return found(
        INFO,
        subject=f"{setting.name} {setting.subject}".strip(),
        title=f"The safeguard {named(setting.name, 'without a name')}{of_what} is missing",
        certainty=Certainty.PRESENT,
        confidence=Confidence.CONFIRMED,
        locations=[setting.where],
        claims=(),
        shown_by=["read in the software"],
    )


def _of_programs(name: str, programs: Sequence[Hardening], started: set[str]) -> Found:
    """One finding for all programs that lack ``name``, those that matter most first."""
    ranked = sorted(programs, key=lambda one: (not one.listens, one.subject not in started, one.where.sort_key))
    names = unique(one.subject for one in ranked)
    listening = unique(one.subject for one in ranked if one.listens)
    running = tuple(program for program in names if program in started)
    rest = len(ranked) - _MOST_PLACES
    return found(
        INFO,
        subject=name,
        title=f"{len(names)} program{'' if len(names) == 1 else 's'} without {name} ({OF_PROGRAMS[name]}): {listed(names)}",
        certainty=Certainty.ENABLED if running else Certainty.PRESENT,
        confidence=Confidence.LIKELY if name in _MARKED_IF_USED else Confidence.CONFIRMED,
        locations=[one.where for one in ranked[:_MOST_PLACES]],
        claims=(),
        shown_by=[f"the device starts {listed(running, 8)} by itself" if running else "read in the programs; no start of one was seen"],
        facts=[
            f"listening on the network: {listed(listening, 8) or 'none of them'}",
            *([f"{rest} more places are not listed"] if rest > 0 else []),
        ],
        of_whole=True,
    )
