"""Rules of users about weaknesses that are no secrets: each becomes a rule like the others, with ``user:`` before its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from asepsis.findings.rule import Context, Facts, Outcome, Rule, RuleInfo, found
from asepsis.model.facts import RuleMatch
from asepsis.model.finding import Certainty
from asepsis.model.pattern_rule import PatternRule
from asepsis.version import __version__

PREFIX = "user:"


@dataclass(frozen=True, slots=True)
class UserRule:
    """A rule from a user's file. It states no claims: what a match means for an attack is not in the file."""

    INFO: RuleInfo

    def check(self, facts: Facts, _context: Context) -> Iterator[Outcome]:
        """One finding for each match: it is present, more is not known."""
        for match in facts.of(RuleMatch):
            if PREFIX + match.rule == self.INFO.id:
                yield found(
                    self.INFO,
                    subject=match.title,
                    title=match.title,
                    certainty=Certainty.PRESENT,
                    confidence=match.confidence,
                    locations=[match.where],
                    claims=[],
                    shown_by=("a pattern of your own rule matches here",),
                )


def rules_of(rules: Sequence[PatternRule]) -> tuple[Rule, ...]:
    """One rule for each of ``rules`` that is about a weakness; secrets belong to the rules about secrets."""
    return tuple(cast("Rule", UserRule(_info(rule))) for rule in rules if rule.emits.weakness is not None)


def _info(rule: PatternRule) -> RuleInfo:
    assert rule.emits.weakness is not None  # noqa: S101 - for the type checker
    return RuleInfo(
        id=PREFIX + rule.id,
        title=rule.title,
        summary=rule.title,
        weakness=rule.emits.weakness,
        cwe=(rule.emits.cwe,),
        needs=(RuleMatch,),
        fixed_by=("maker",),
        since=__version__,
        references=rule.references,
    )
