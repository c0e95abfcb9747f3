"""What becomes of accepted findings in the next firmware: carried over, mended, expired, or in need of a new look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from asepsis.model.claim import VOCABULARY
from asepsis.model.evidence import EvidenceKind
from asepsis.model.finding import Finding
from asepsis.model.study import Study
from asepsis.model.triage import Accepted, Triaged, TriageState
from asepsis.model.where import CHAIN
from asepsis.reports.text import join, some
from asepsis.reports.triage import accepted, state_words

_NUMBERS = re.compile(r"0x[0-9a-f]+|[0-9]+", re.IGNORECASE)
_SECRET = "secret"  # noqa: S105 - the name of an argument, not a secret
"""The argument of a claim that is a secret's digest."""


class Fate(StrEnum):
    """What becomes of one entry. Only what is ``carried over`` is written as an entry for the next firmware."""

    CARRIED = "carried over"
    NEW_LOOK = "needs a new look"
    CANNOT_TELL = "cannot tell"
    EXPIRED = "expired"
    MENDED = "mended"
    NO_ENTRY = "did not count in OLD"


@dataclass(frozen=True, slots=True)
class Carried:
    """An entry, the title of its finding where it has one, its fate and why."""

    entry: Accepted
    title: str
    fate: Fate
    why: str


def carried_over(old: Study, new: Study, doubt: Callable[[Finding], str]) -> tuple[Carried, ...]:
    """Every entry of OLD, then those that only NEW has; in the order of the fates. ``doubt`` says why a finding's absence in NEW may be blindness."""
    renewed = accepted(new)
    told = [_fate(one, old, new, renewed, doubt) for one in old.triage]
    before = {one.entry.id for one in old.triage}
    told += [Carried(one.entry, _title(new, one), Fate.CARRIED, "accepted in NEW") for name, one in renewed.items() if name not in before]
    return tuple(sorted(told, key=lambda one: (list(Fate).index(one.fate), one.entry.id)))


def _fate(one: Triaged, old: Study, new: Study, renewed: dict[str, Triaged], doubt: Callable[[Finding], str]) -> Carried:
    entry, title = one.entry, _title(old, one)
    again = renewed.get(entry.id)
    if again and again.entry != entry:
        return Carried(again.entry, _title(new, again), Fate.CARRIED, f"renewed in NEW until {again.entry.expires}")
    if one.state is TriageState.EXPIRED:
        return Carried(entry, title, Fate.EXPIRED, state_words(one))
    if one.state is not TriageState.COUNTS:
        return Carried(entry, title, Fate.NO_ENTRY, state_words(one))
    before = next(finding for finding in old.findings if finding.id == entry.id)
    after = next((finding for finding in new.findings if finding.id == entry.id), None)
    if after is None:
        return Carried(entry, title, *_absent(before, old, new, doubt))
    return Carried(entry, after.title, *_present(entry, before, after, old, new))


def _absent(finding: Finding, old: Study, new: Study, doubt: Callable[[Finding], str]) -> tuple[Fate, str]:
    known = {one.id for one in old.findings}
    others = [one.id for one in new.findings if one.rule == finding.rule and one.id not in known]
    if others:
        return Fate.NEW_LOOK, f"it is gone, but {finding.rule} found something else in NEW: {some(others)}"
    unsure = doubt(finding)
    return (Fate.CANNOT_TELL, unsure) if unsure else (Fate.MENDED, "the finding is gone")


def _present(entry: Accepted, before: Finding, after: Finding, old: Study, new: Study) -> tuple[Fate, str]:
    if entry.expires < date.fromisoformat(new.knowledge.as_of):
        return Fate.EXPIRED, f"its last day was {entry.expires}; NEW is of {new.knowledge.as_of}"
    changes = []
    if after.certainty.level > before.certainty.level:
        changes.append(f"it was {before.certainty.value}, is {after.certainty.value} now")
    were, are = _secrets(before), _secrets(after)
    if are > were > 0:
        changes.append(f"it is about {are} secrets, was about {were}")
    elif not changes and _saying(after) - _saying(before):
        changes.append("it lets an attacker do more than in OLD")
    there, here = _places(old, before), _places(new, after)
    if there.keys().isdisjoint(here):
        changes.append(f"it is in another place: {after.locations[0]}")
    elif any(here[file] > there[file] for file in there):
        changes.append("it is in more places of the same file")
    return (Fate.NEW_LOOK, join(changes)) if changes else (Fate.CARRIED, f"until {entry.expires}")


def _saying(finding: Finding) -> Counter[tuple[str, ...]]:
    """What its claims say of any secret, and of how many: a digest is keyed by the evidence, so equal secrets of two firmwares have other digests."""
    return Counter(
        (one.predicate, *(name if name == _SECRET else arg for name, arg in zip(VOCABULARY[one.predicate], one.args, strict=True)))
        for one in finding.claims
    )


def _secrets(finding: Finding) -> int:
    return len({arg for one in finding.claims for name, arg in zip(VOCABULARY[one.predicate], one.args, strict=True) if name == _SECRET})


def _places(study: Study, finding: Finding) -> Counter[str]:
    """How often in each innermost file, without the numbers of versions and offsets; a place in the evidence as such has no name of its own."""
    images = {evidence.id for evidence in study.evidence if evidence.kind is not EvidenceKind.DIR}
    return Counter("" if where.evidence in images and CHAIN not in where.path else _NUMBERS.sub("#", where.member) for where in finding.locations)


def _title(study: Study, one: Triaged) -> str:
    return next((finding.title for finding in study.findings if finding.id == one.entry.id), "")
