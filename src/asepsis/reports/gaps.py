"""What the rules could not tell, put together by what was missing: a reason once, in plain words, with all the rules it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from asepsis.model.finding import NotAssessed
from asepsis.model.study import Study
from asepsis.reports.text import capital, join, some, visible
from asepsis.reports.words import LOOKED_FOR, as_words

_NOT_LOOKED = " was not looked for: "
"""How a rule says that a kind of fact was never looked for: the kind, these words, the reason."""
_SHUT = "not seen in what could be opened"
"""How a rule says that it saw nothing while parts stayed shut; the parts are told by themselves."""
_UNDECIDED = re.compile(r"\d+ published flaws? in \d+ parts? could not be decided: ")
_VERSION = "this version"
_PHRASE = 200
"""No honest reason has more characters."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason. ``subjects`` are the things that were not looked at because of it (none if a rule doubts something it saw).

    ``rules`` are the ids of the rules that it kept from telling; ``optional`` that no rule lacks what would show a weakness by itself.
    """

    subjects: tuple[str, ...]
    reason: str
    rules: tuple[str, ...]
    optional: bool = False

    @property
    def sentence(self) -> str:
        """The gap for somebody who knows no rule: ``Security software: this version does not look for it``."""
        return self._said(some(self.subjects))

    @property
    def whole(self) -> str:
        """The same with every subject named."""
        return self._said(join(self.subjects))

    def _said(self, subjects: str) -> str:
        return capital(f"{subjects}: {self.reason}" if subjects else self.reason).rstrip(".")


def gaps(outcomes: Iterable[NotAssessed]) -> tuple[Gap, ...]:
    """One gap for each reason; first the one that stops the most rules."""
    rules: dict[str, set[str]] = {}
    subjects: dict[str, set[str]] = {}
    needed: set[str] = set()
    for outcome in outcomes:
        kind, found, rest = outcome.reason.partition(_NOT_LOOKED)
        reason = rest if found else outcome.reason
        rules.setdefault(reason, set()).add(outcome.rule)
        needed.update(() if outcome.optional else (reason,))
        subjects.setdefault(reason, set()).update({LOOKED_FOR.get(kind, as_words(kind).lower())} if found else ())
    all_gaps = [Gap(tuple(sorted(subjects[reason])), reason, tuple(sorted(rules[reason])), reason not in needed) for reason in rules]
    return tuple(sorted(all_gaps, key=lambda gap: (-len(gap.rules), gap.sentence, gap.reason)))


def brief_gaps(study: Study) -> list[str]:
    """The same in a few words each, for one screen: ``radio links (needs a Bluetooth capture)``.

    What only this version cannot do is put together; that parts stayed shut is left out where the study names them, and what the line about
    published flaws says with its numbers; so is what is optional, like a bill of materials to compare with.
    """
    told = bool(study.coverage.unopened or study.problems)
    every = [gap for gap in gaps(study.not_assessed) if not (told and gap.reason.startswith(_SHUT)) and not (_counted(gap) or gap.optional)]
    lacking = [gap for gap in every if gap.subjects and gap.reason.startswith(_VERSION)]
    beyond = tuple(sorted({subject for gap in lacking for subject in gap.subjects}))
    lines = [_phrase(gap) for gap in every if gap.subjects and gap not in lacking]
    lines += [f"{some(beyond)} ({_VERSION} does not look there)"] if beyond else []
    return [*lines, *(_phrase(gap) for gap in every if not gap.subjects)]


def _counted(gap: Gap) -> bool:
    """That no flaws were imported, or that so many of them are undecided."""
    return gap.rules == ("known_vulnerability",) and (gap.subjects == (LOOKED_FOR["KnownVulnerability"],) or _UNDECIDED.match(gap.reason) is not None)


def _phrase(gap: Gap) -> str:
    if not gap.subjects:
        return visible(gap.reason.rstrip(".").replace("; ", ", "), _PHRASE)
    return f"{visible(some(gap.subjects), _PHRASE)} ({visible(gap.reason.partition(';')[0].rstrip('.'), _PHRASE)})"
