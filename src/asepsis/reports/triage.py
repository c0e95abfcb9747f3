"""What was accepted, in words: the same on the screen and in the reports."""

from __future__ import annotations

from collections.abc import Iterable

from asepsis.model.study import Study
from asepsis.model.triage import Accepted, AcceptedHarm, Because, Triaged, TriageState
from asepsis.reports.text import count, some

BECAUSE = {
    Because.ACCEPTED_RISK: "accepted as a risk",
    Because.FALSE_POSITIVE: "said to be a false positive",
    Because.MITIGATED_ELSEWHERE: "said to be mitigated elsewhere",
}
STATES = {
    TriageState.COUNTS: "counts",
    TriageState.EXPIRED: "expired, does not count",
    TriageState.NO_SUCH_FINDING: "no such finding in this study",
    TriageState.DOES_NOT_FIT: "does not fit its finding, does not count",
}


def accepted(study: Study) -> dict[str, Triaged]:
    """The entries that count, by the id of their finding."""
    return {one.entry.id: one for one in study.triage if one.state is TriageState.COUNTS}


def triage_sentence(study: Study) -> str:
    """How many findings are accepted, and which entries of the triage file need somebody; empty without a triage file."""
    here = accepted(study)
    parts = [f"{count(len(here), 'finding is', 'findings are')} accepted and left out of harms and plan"] if here else []
    parts += _named("ending within 30 days", (one for one in here.values() if one.soon))
    for state, words in (
        (TriageState.EXPIRED, "expired and counted again"),
        (TriageState.NO_SUCH_FINDING, "no such finding in this study"),
        (TriageState.DOES_NOT_FIT, "not fitting its finding, so counted"),
    ):
        parts += _named(words, (one for one in study.triage if one.state is state))
    return "; ".join(parts)


def triage_brief(study: Study) -> str:
    """The same in numbers, with the harms that stay possible through what was accepted."""
    states = [one.state for one in study.triage]
    parts = [f"{len(accepted(study)):,} accepted and left out ({sum(one.soon for one in study.triage):,} end within 30 days)"]
    for state, words in (
        (TriageState.EXPIRED, "expired"),
        (TriageState.NO_SUCH_FINDING, "without a finding"),
        (TriageState.DOES_NOT_FIT, "not fitting"),
    ):
        parts += [f"{states.count(state):,} {words}"] if state in states else []
    worst = max((harm.level for harm in study.accepted_harms), default=0)
    return "; ".join([*parts, *([f"{count(len(study.accepted_harms), 'harm')} open through them, up to S{worst}"] if worst else [])])


def entry_words(entry: Accepted) -> str:
    """Who answers for it, until when, and why."""
    decided = f", decided {entry.decided}" if entry.decided else ""
    return f"{BECAUSE[entry.because]} by {entry.owner} until {entry.expires}{decided}: {entry.reason}"


def state_words(one: Triaged) -> str:
    """What an entry does in this study, and why."""
    words = STATES[one.state] + (", expires within 30 days" if one.soon else "")
    return f"{words}: {one.note}" if one.note else words


def harm_words(harm: AcceptedHarm) -> str:
    """A harm that stays possible, how, and through which accepted findings."""
    many = ", many patients" if harm.many_patients else ""
    verdict = "acceptable" if harm.acceptable else "not acceptable"
    return f"S{harm.level}{many}, feasibility {harm.feasibility}, {verdict}: {harm.name.rstrip('. ')} — through {', '.join(harm.through)}"


def left_out(study: Study) -> str:
    """What a sentence about harms or plan must add: they were made without what was accepted; empty if nothing was."""
    here = accepted(study)
    return f"Leaving out {count(len(here), 'accepted finding')}" if here else ""


def _named(words: str, entries: Iterable[Triaged]) -> list[str]:
    ids = [one.entry.id for one in entries]
    return [f"{words}: {some(ids, 2)}"] if ids else []
