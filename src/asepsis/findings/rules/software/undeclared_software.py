"""The software holds parts that its bill of materials does not declare.

## What it finds

Parts in the software that the bill of materials given beside it does not name, or names in another version.

## Why it matters for a patient

A hospital that looks for a flaw in its devices reads their bills of materials. A part that is missing there, or stands
there in another version, is not looked for and not mended, and whoever gets in through it meets no defence.

## How it decides

Every part that package metadata or version evidence shows is looked for in all bills given for the device, by file
digest, package URL without version, CPE name, product, whole name, or source package, never by a likeness of names.
Versions agree if they are written alike or are the same release upstream; two packages of one kind must also agree in
what their packager added. There is one finding for each piece of software, with numbers and the first names. If a bill
says that it is incomplete, or could not be read whole, the finding is weak. No path is built on it.

## When it stays silent

When the bill declares every part that was found. A missing version contradicts nothing. A library in the version of a
package that is installed beside it counts as that package. Declared parts that were not seen are told, and are no
weakness by themselves: a bill may cover more than one image. The operating system as a whole is not compared.

## When it cannot tell

Without a bill of materials, or without software beside it; when the bill names no part, or none was recognised in the
software; and for programs that were not recognised.

## References

CWE-1059, CWE-1395, IEC 62443-4-2 CR 7.8, MDS2 SBOM-1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from asepsis.findings.declared import Answer, Register, Verdict
from asepsis.findings.dismissals import dismissed
from asepsis.findings.flaws.part import is_packaged
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import surest, unique
from asepsis.findings.words import listed, short
from asepsis.model.dismissed import Exemption
from asepsis.model.evidence import EvidenceKind
from asepsis.model.facts import Component, Confidence, OperatingSystem, UnidentifiedProgram
from asepsis.model.finding import Certainty, Weakness
from asepsis.model.where import Where

INFO = RuleInfo(
    id="undeclared_software",
    title="Software that the bill of materials does not declare",
    summary="The device holds software that its bill of materials leaves out or gives in another version.",
    weakness=Weakness.UNDECLARED_BEHAVIOUR,
    cwe=(1059, 1395),
    needs=(Component,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-1059", "CWE-1395", "IEC 62443-4-2 CR 7.8", "MDS2 SBOM-1"),
)

MOST = 10
"""Parts that a finding names; the others are counted."""
SUBJECT = "subject of the bill of materials"
"""The method of what a bill is of: it is no part of itself."""
COVERS_MORE = "the bill may cover more than this software"


class _Bill(NamedTuple):
    """All bills of the device as one: what they declare, their names, and why they may be incomplete."""

    parts: tuple[Component, ...]
    register: Register
    names: str
    doubts: tuple[str, ...]


class _Compared(NamedTuple):
    """One part of the software, and what the bill says of it."""

    part: Component
    answer: Answer

    @property
    def label(self) -> str:
        return f"{short(self.part.name)} {short(self.part.version)}".strip()


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every piece of software against all bills given with it."""
    bill, software = _bill(facts, context), facts.given(EvidenceKind.FIRMWARE, EvidenceKind.DIR)
    if bill is None:
        yield NotAssessed(INFO.id, "no bill of materials was given", optional=True)
    elif not software:
        yield NotAssessed(INFO.id, "no software was given to compare the bill of materials with")
    elif not bill.parts:
        yield NotAssessed(INFO.id, f"{bill.names} names no part that could be read")
    else:
        for evidence in software:
            yield from _software(evidence, bill, facts, context)


def _bill(facts: Facts, context: Context) -> _Bill | None:
    given = facts.given(EvidenceKind.SBOM)
    if not given:
        return None
    parts = tuple(one for one in facts.of(Component) if one.where.evidence in given)
    systems = [one for one in facts.of(OperatingSystem) if one.where.evidence in given]
    doubts = unique(problem.what for problem in context.problems if problem.where and problem.where.evidence in given)
    names = listed((facts.name_of(Where(one, "")) for one in given), MOST)
    return _Bill(parts, Register([*parts, *systems], context.knowledge.cpe_of_product), names, doubts)


def _software(evidence: str, bill: _Bill, facts: Facts, context: Context) -> Iterator[Outcome]:
    seen = [one for one in facts.of(Component) if one.where.evidence == evidence]
    systems = [one for one in facts.of(OperatingSystem) if one.where.evidence == evidence]
    compared = _compared(seen, bill, context)
    missing = _missing(bill, Register([*seen, *systems], context.knowledge.cpe_of_product))
    several = len(facts.given(EvidenceKind.FIRMWARE, EvidenceKind.DIR)) > 1
    if not compared:
        yield NotAssessed(
            INFO.id, f"no part was recognised in {facts.name_of(Where(evidence, ''))}, so there is nothing to compare with {bill.names}"
        )
    elif any(one.answer.verdict in {Verdict.UNDECLARED, Verdict.OTHER_VERSION} for one in compared):
        yield _found(compared, missing, bill, f" in {facts.name_of(Where(evidence, ''))}" if several else "")
    elif missing:
        yield dismissed(INFO, Exemption.HARMLESS, missing, bill.parts[0].where)
    unknown = sum(one.where.evidence == evidence for one in facts.of(UnidentifiedProgram))
    if unknown:
        yield NotAssessed(
            INFO.id, f"{unknown} program{'s were' if unknown > 1 else ' was'} not recognised; whether the bill declares what they are is not known"
        )


def _compared(seen: Sequence[Component], bill: _Bill, context: Context) -> list[_Compared]:
    """Each part once, however many names and places it has; the answer is the best that any of its names gets."""
    firm = [one for one in seen if one.confidence is not Confidence.WEAK]
    packages = Register(filter(is_packaged, firm), context.knowledge.cpe_of_product)
    groups: dict[tuple[str, str], list[_Compared]] = {}
    for one in firm:
        if is_packaged(one) or packages.answer(one).verdict is not Verdict.SAME:
            key = (one.purl or (one.product or one.name).lower(), one.version)
            groups.setdefault(key, []).append(_Compared(one, bill.register.answer(one)))
    order = list(Verdict)
    best = (min(group, key=lambda one: order.index(one.answer.verdict)) for group in groups.values())
    return sorted(best, key=lambda one: (one.label.lower(), one.part.where.sort_key))


def _missing(bill: _Bill, seen: Register) -> str:
    """What is declared and was not seen, in words; empty if everything was."""
    names = unique(
        f"{one.name} {one.version}".strip() for one in bill.parts if one.method != SUBJECT and seen.answer(one).verdict is Verdict.UNDECLARED
    )
    return f"{len(names)} declared part{'s were' if len(names) > 1 else ' was'} not seen: {listed(names, MOST)}; {COVERS_MORE}" if names else ""


def _found(compared: Sequence[_Compared], missing: str, bill: _Bill, inside: str) -> Found:
    absent = [one for one in compared if one.answer.verdict is Verdict.UNDECLARED]
    other = [one for one in compared if one.answer.verdict is Verdict.OTHER_VERSION]
    by_name = sum(one.answer.verdict is Verdict.BY_NAME for one in compared)
    differing = [f"{one.label} (declared: {listed(one.answer.versions)})" for one in other]
    named = (*absent[:MOST], *other[:MOST])
    return found(
        INFO,
        subject=f"software that is not declared{inside}",
        title=f"{_counted(len(absent), len(other))} in the bill of materials {short(bill.names)}",
        certainty=Certainty.PRESENT,
        confidence=Confidence.WEAK if bill.doubts else surest(one.part.confidence for one in named),
        locations=[one.part.where for one in named],
        claims=(),
        shown_by=unique(f"recognised by its {short(one.part.method)}" if one.part.method else "recognised in the software" for one in named),
        facts=[
            f"{len(compared) - len(absent) - len(other)} of {len(compared)} parts of the software are declared",
            *([f"{by_name} of them by name alone, because a version is missing on one side"] if by_name else []),
            *([f"not declared: {listed((one.label for one in absent), MOST)}"] if absent else []),
            *([f"declared in another version: {'; '.join(differing[:MOST])}{_more(len(differing) - MOST)}"] if other else []),
            *([missing] if missing else []),
            *(f"the bill may be incomplete: {short(doubt, 200)}" for doubt in bill.doubts[:MOST]),
        ],
        of_whole=True,
    )


def _counted(absent: int, other: int) -> str:
    lacking = f"{absent} part{'s' * (absent > 1)} of the software {'are' if absent > 1 else 'is'} not declared"
    differing = f"{'stand' if other > 1 else 'stands'} in another version"
    if not absent:
        return f"{other} part{'s' * (other > 1)} of the software {differing}"
    return f"{lacking} and {other} {differing}" if other else lacking


def _more(rest: int) -> str:
    return f" and {rest} more" if rest > 0 else ""
