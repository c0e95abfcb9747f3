"""Published flaws by what they mean here: on a way to harm, in use but on no way, undecided, closed. What the judging stage found, put in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asepsis.model.attack import PATHS_PER_HARM, Path
from asepsis.model.software import VexStatus
from asepsis.model.study import Study
from asepsis.model.vulnerability import Match
from asepsis.reports.harms import reachable_harms
from asepsis.reports.text import clip, join, some
from asepsis.reports.words import DECIDED_BY, GIVES, zone

NOT_ASSESSED = "Published flaws: not assessed, for none were imported (asepsis db update, or db import)"
_RULE, _PREDICATE = "known_vulnerability", "vulnerable"
_WHOLE = 64
"""Names with more characters stand cut in a claim; the first of them are as they were."""
_HEAD = 55


@dataclass(frozen=True, slots=True)
class Flaws:
    """All matches of a study, each in one of four lists. Those known to be used in attacks (KEV) lead each list.

    ``all_ways`` is false where a harm has more ways than are told: a flaw in ``used`` may then lie on one of the others.
    """

    on_path: tuple[Match, ...]
    used: tuple[Match, ...]
    undecided: tuple[Match, ...]
    closed: tuple[Match, ...]
    all_ways: bool
    _ways: dict[tuple[str, str], tuple[Path, ...]]

    def ways(self, match: Match) -> tuple[Path, ...]:
        """The told ways that a flaw lies on."""
        return self._ways.get((match.id, match.version), ())

    @property
    def on_no_way(self) -> str:
        """What is certain of those in use."""
        return "in use but on no way" if self.all_ways else "in use but on no way that is told"

    @property
    def number(self) -> int:
        """How many flaws were found by version, whatever became of them."""
        return len(self.on_path) + len(self.used) + len(self.undecided) + len(self.closed)


@dataclass(frozen=True, slots=True)
class Group:
    """Flaws of one part that share everything that is said of them: ``because`` are the sentences."""

    because: tuple[str, ...]
    flaws: tuple[Match, ...]

    @property
    def number(self) -> int:
        """How many."""
        return len(self.flaws)


def flaws(study: Study) -> Flaws:
    """Sort the matches of a study into the four lists."""
    stated = _stated(study)
    affected = [match for match in study.vulnerabilities if match.status is VexStatus.AFFECTED]
    ways = {(match.id, match.version): _ways(match, stated) for match in affected}
    return Flaws(
        on_path=_lead(match for match in affected if ways[match.id, match.version]),
        used=_lead(match for match in affected if not ways[match.id, match.version]),
        undecided=_lead(match for match in study.vulnerabilities if match.status is VexStatus.UNDER_INVESTIGATION),
        closed=_lead(match for match in study.vulnerabilities if match.status.closes),
        all_ways=all(len(harm.paths) < PATHS_PER_HARM for harm in reachable_harms(study)),
        _ways=ways,
    )


def looked_for(study: Study) -> bool:
    """Whether there was any knowledge to look flaws up in."""
    return bool(study.knowledge.feeds)


def recognised(study: Study) -> bool:
    """Whether there was any part to look flaws up for."""
    return any(item.version for item in study.inventory)


def sentence(study: Study) -> str:
    """All four numbers in a line; undecided ones are always said."""
    if not looked_for(study):
        return NOT_ASSESSED
    found = flaws(study)
    if not found.number and not recognised(study):
        return "Published flaws: not assessed, for no part was recognised with its version"
    if not found.number:
        return "Published flaws: none is known of the parts that were recognised, by their versions"
    parts = [f"{len(found.on_path)} on a way to harm{_attacked(found.on_path)}"]
    parts += [f"{len(found.used)} {found.on_no_way}{_attacked(found.used)}"] if found.used else []
    parts += [f"{len(found.undecided)} undecided{_attacked(found.undecided)}", f"{len(found.closed)} closed"]
    return f"Published flaws: {found.number} by version: {'; '.join(parts)}"


def by_part(matches: Iterable[Match]) -> list[tuple[str, list[Group]]]:
    """The matches by part and version, the part with the most first; within it by what is said against them."""
    parts: dict[str, list[Match]] = {}
    for match in matches:
        parts.setdefault(match.label, []).append(match)
    order = sorted(parts.items(), key=lambda item: (not any(one.exploited_since for one in item[1]), -len(item[1]), item[0]))
    return [(label, _groups(members)) for label, members in order]


def closers(matches: Sequence[Match]) -> str:
    """By whom they were closed: ``120 by evidence of the device and 3 by a source of the flaw``."""
    numbers = Counter(match.decided_by for match in matches)
    return join([f"{number:,} by {DECIDED_BY.get(name, name)}" for name, number in sorted(numbers.items())])


def effect(match: Match) -> str:
    """What it gives to a stranger, and from where; never more than was derived."""
    gains = join([GIVES[gain] for gain in match.gives])
    if not gains:
        return "what it gives cannot be told from its score"
    return f"{gains}; {zone(match.zone).lower()}" if match.zone else f"{gains}; only with a log-in or somebody's help"


def _stated(study: Study) -> list[tuple[Path, str, tuple[str, ...]]]:
    """Every claim of a published flaw that a path rests on: the path, the part that the finding is about, the claim's arguments."""
    subjects = {finding.id: finding.subject for finding in study.findings if finding.rule == _RULE}
    return [
        (path, subjects[name], claim.args)
        for path in study.paths
        for step in path.steps
        for claim in step.claims
        if claim.predicate == _PREDICATE
        for name in step.findings
        if name in subjects
    ]


def _ways(match: Match, stated: Sequence[tuple[Path, str, tuple[str, ...]]]) -> tuple[Path, ...]:
    """Each path once, in the study's order."""
    return tuple({path.id: path for path, subject, said in stated if _rests_on(match, subject, said)}.values())


def _rests_on(match: Match, subject: str, said: tuple[str, ...]) -> bool:
    """Whether a claim is one that this flaw states: its part, from where, and what it gives."""
    _, label, zone_, gives = said
    if zone_ != match.zone or gives not in match.gives:
        return False
    cut = max(len(match.component), len(match.version)) > _WHOLE
    return label == match.label or (cut and subject[:_HEAD] == match.component[:_HEAD] and label[:_HEAD] == match.label[:_HEAD])


def _lead(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Those known to be used in attacks first, then those that give the most, then by part and number."""
    return tuple(sorted(matches, key=lambda match: (not match.exploited_since, -len(match.gives), match.label.lower(), match.vulnerability)))


def _attacked(matches: Sequence[Match]) -> str:
    known = [match.vulnerability for match in matches if match.exploited_since]
    return f", {clip(some(known, 2), 60)} known to be used in attacks" if known else ""


def _groups(members: Sequence[Match]) -> list[Group]:
    groups: dict[tuple[str, ...], list[Match]] = {}
    for match in members:
        groups.setdefault(match.against or match.for_, []).append(match)
    found = [Group(because, tuple(same)) for because, same in groups.items()]
    return sorted(found, key=lambda group: (not any(one.exploited_since for one in group.flaws), -len(group.flaws), group.because))
