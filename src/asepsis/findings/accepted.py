"""Which entries of a triage file count for what was found, on the study's day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from asepsis.model.finding import Finding
from asepsis.model.triage import Accepted, Triaged, TriageState

SOON = timedelta(days=30)
"""An acceptance that ends so soon is said in advance [P]."""


def triage(entries: Iterable[Accepted], findings: Sequence[Finding], as_of: date) -> tuple[Triaged, ...]:
    """Every entry with what it does, by id. ``expires`` is the last day that it counts."""
    found = {finding.id: finding for finding in findings}
    return tuple(_judged(entry, found.get(entry.id), findings, as_of) for entry in sorted(entries, key=lambda entry: entry.id))


def counted(findings: Iterable[Finding], triaged: Iterable[Triaged]) -> tuple[Finding, ...]:
    """The findings that nobody accepted: those whose claims harms and plan are made from."""
    accepted = {one.entry.id for one in triaged if one.state is TriageState.COUNTS}
    return tuple(finding for finding in findings if finding.id not in accepted)


def _judged(entry: Accepted, finding: Finding | None, findings: Sequence[Finding], as_of: date) -> Triaged:
    if finding is None:
        return Triaged(entry, TriageState.NO_SUCH_FINDING, note=_instead(entry, findings))
    wrong = _unlike(entry, finding)
    if wrong:
        return Triaged(entry, TriageState.DOES_NOT_FIT, note=wrong)
    if entry.expires < as_of:
        return Triaged(entry, TriageState.EXPIRED, note=f"its last day was {entry.expires}; the study's day is {as_of}")
    return Triaged(entry, TriageState.COUNTS, soon=entry.expires - as_of <= SOON)


def _unlike(entry: Accepted, finding: Finding) -> str:
    """What the entry says of its finding that is not so: somebody copied an id to the wrong entry."""
    pairs = (("rule", entry.rule, finding.rule), ("subject", entry.subject, finding.subject))
    return "; ".join(f"the {what} of this finding is {there!r}, not {said!r}" for what, said, there in pairs if said and said != there)


def _instead(entry: Accepted, findings: Iterable[Finding]) -> str:
    others = sorted(finding.id for finding in findings if entry.rule and finding.rule == entry.rule)
    return f"{entry.rule} found something else, which needs a look of its own: {', '.join(others)}" if others else ""
