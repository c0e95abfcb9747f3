"""The contract of a rule, and the facts as a rule sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Protocol, TypeVar, cast

from asepsis.knowledge.load import KnowledgeBase
from asepsis.model.claim import Claim
from asepsis.model.facts import Confidence, Fact
from asepsis.model.finding import Certainty, Finding, Found, NotAssessed, NotFound, Outcome, Weakness
from asepsis.model.where import Where

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a rule is. ``id`` equals its file name, case folder, documentation page and SARIF id.

    ``needs`` are the kinds of fact without which it cannot tell: if one was not looked for, the runner answers NotAssessed for it.
    ``summary`` is one sentence for people who do not know the field. ``since`` is the version that brought it.
    """

    id: str
    title: str
    summary: str
    weakness: Weakness
    cwe: tuple[int, ...]
    needs: tuple[type[Fact], ...]
    fixed_by: tuple[str, ...]
    since: str
    references: tuple[str, ...]


class Facts:
    """All facts of a study, by kind. Immutable; iteration order is the order of places."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Index ``facts`` by their exact class."""
        self._by_kind: dict[type[Fact], list[Fact]] = {}
        for fact in facts:
            self._by_kind.setdefault(type(fact), []).append(fact)

    def of(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of one kind."""
        return cast("tuple[F, ...]", tuple(self._by_kind.get(kind, ())))


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know beside the facts: the knowledge base and the day that ends of support are compared with."""

    knowledge: KnowledgeBase
    as_of: date


class Rule(Protocol):
    """A rule module: ``INFO`` and ``check``. The module's docstring is its documentation page."""

    INFO: RuleInfo

    @staticmethod
    def check(facts: Facts, context: Context) -> Iterator[Outcome]:
        """Yield Found for each weakness, NotAssessed where it cannot tell; yielding neither means NotFound."""


def as_rule(module: ModuleType) -> Rule:
    """A module seen as the rule it is (mypy cannot check a module against a protocol through a list)."""
    return cast("Rule", module)


def found(  # noqa: PLR0913 - a finding has that many sides; every argument is named at the call
    info: RuleInfo,
    *,
    subject: str,
    title: str,
    certainty: Certainty,
    confidence: Confidence,
    locations: Iterable[Where],
    claims: Iterable[Claim],
    shown_by: Iterable[str] = (),
    facts: Iterable[str] = (),
    assumes: Iterable[str] = (),
    fixed_by: tuple[str, ...] = (),
    cwe: tuple[int, ...] = (),
) -> Found:
    """Build a Found with its stable id: a hash of rule, subject and kind of place (the innermost paths, no offsets).

    ``locations`` are sorted and made unique here. Raises ``ValueError`` if there are none.
    """
    places = tuple(sorted(set(locations), key=lambda where: where.sort_key))
    kinds = sorted({where.member for where in places})
    digest = hashlib.sha256("\0".join((info.id, subject, *kinds)).encode("utf-8", "surrogateescape")).hexdigest()
    return Found(
        Finding(
            id=f"F-{digest[:12]}",
            rule=info.id,
            weakness=info.weakness,
            cwe=cwe or info.cwe,
            title=title,
            subject=subject,
            certainty=certainty,
            confidence=confidence,
            locations=places,
            claims=tuple(sorted(set(claims))),
            shown_by=tuple(shown_by),
            facts=tuple(facts),
            assumes=tuple(assumes),
            fixed_by=fixed_by or info.fixed_by,
        )
    )


__all__ = ["Context", "Facts", "Found", "NotAssessed", "NotFound", "Outcome", "Rule", "RuleInfo", "as_rule", "found"]
