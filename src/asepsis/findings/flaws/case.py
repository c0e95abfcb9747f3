"""A flaw and a part, compared by versions only: which statements concern this version, and which of them outweighs which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asepsis.findings.flaws.names import Basis, Spoken
from asepsis.findings.flaws.part import Part
from asepsis.findings.flaws.versions import concerns, narrowed
from asepsis.findings.witness import unique
from asepsis.findings.words import listed, short
from asepsis.model.cpe import NOTHING
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Affected, Range, Vulnerability


@dataclass(frozen=True, slots=True)
class Case:
    """A flaw and a part, by version: ``affected`` are the statements that concern it, ``mended`` why a source calls it mended."""

    part: Part
    flaw: Vulnerability
    said: tuple[Spoken, ...]
    affected: tuple[Spoken, ...]
    mended: str
    for_: tuple[str, ...]
    against: tuple[str, ...]


def compare(part: Part, flaw: Vulnerability, said: Sequence[Spoken]) -> Case | None:
    """The case by versions, or None if no version of this part is concerned. The surest kind of advisory decides; the others are told."""
    if not said:
        return None
    best = min((one.basis for one in said), key=list(Basis).index)
    answers = [(one, _concerns(one)) for one in said]
    affected = [_doubtful(one, answer) for one, answer in answers if answer is not False and not one.statement.status.closes]
    if not affected:
        return None
    deciding = tuple(one for one in affected if one.basis is best)
    others = tuple(one for one in affected if one.basis is not best)
    mended = [_words(one) for one, answer in answers if answer and one.statement.status.closes and one.basis is best]
    if not deciding and others and not mended:
        mended.append(f"{best.value} does not concern {next(one.version for one in said if one.basis is best)}")
    against = [f"{_words(one)}, but {best.value} outweighs it" for one in others] if not deciding else []
    return Case(part, flaw, tuple(said), deciding or others, "; ".join(mended), unique(_words(one) for one in deciding), tuple(against))


def _concerns(one: Spoken) -> bool | None:
    """Equal digests are the very file that the source means, whatever it calls the version."""
    return True if one.basis is Basis.DIGEST else concerns(one.statement, one.version)


def _doubtful(one: Spoken, answer: bool | None) -> Spoken:
    if answer is None:
        return one._replace(doubts=(*one.doubts, f"{short(one.version) or 'no version'} cannot be compared with {_range(one.statement)}"))
    if one.statement.status is VexStatus.UNDER_INVESTIGATION:
        return one._replace(doubts=(*one.doubts, f"{one.statement.source} does not say that this version is affected, only that it may be"))
    if not one.statement.ranges and not one.statement.versions and one.basis is not Basis.DIGEST:
        return one._replace(doubts=(*one.doubts, f"{one.statement.source} names no versions"))
    return one


def _words(one: Spoken) -> str:
    plain = "may be affected" if NOTHING in one.statement.versions and not concerns(one.statement, one.version) else "is affected"
    what = {VexStatus.FIXED: "is mended", VexStatus.NOT_AFFECTED: "is not affected"}.get(one.statement.status, plain)
    return f"by {one.basis.value}, {short(one.version) or 'it'} {what}: {_range(narrowed(one.statement, one.version))} ({one.statement.source})"


def _range(statement: Affected) -> str:
    """The versions that a statement names, in words."""
    words = [_limits(limits) for limits in statement.ranges] + ([listed(map(_single, statement.versions))] if statement.versions else [])
    return listed(words, most=2) or "all versions"


def _single(version: str) -> str:
    return "a version that is not named" if version == NOTHING else version


def _limits(limits: Range) -> str:
    after = "after" if limits.introduced_excluded else "from"
    words = [f"{after} {short(limits.introduced)}" if limits.introduced not in {"", "0"} else "from the first"]
    words += [f"before {short(limits.fixed)}"] if limits.fixed else []
    return " ".join([*words, *([f"up to {short(limits.last)}"] if limits.last else [])])
