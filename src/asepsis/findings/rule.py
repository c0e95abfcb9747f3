"""The contract of a rule, and the facts as a rule sees them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Protocol, TypeVar, cast

from asepsis.findings.flaw_store import FlawStore
from asepsis.findings.words import short
from asepsis.knowledge.load import KnowledgeBase
from asepsis.model.claim import Claim
from asepsis.model.device import Device
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.evidence import Evidence, EvidenceKind, Problem, evidence_names
from asepsis.model.facts import Confidence, Fact
from asepsis.model.finding import Certainty, Finding, Found, NotAssessed, NotFound, Outcome, Weakness
from asepsis.model.shared import SharedSecret, Sharing
from asepsis.model.vulnerability import Match
from asepsis.model.where import Where

F = TypeVar("F", bound=Fact)

WEAK_EVIDENCE = "the evidence is weak (a pattern, a sample or documentation): no attack path is built on it"


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
    """All facts of a study, by kind, in the order of their places, whatever order they came in.

    ``evidence`` says what kind of evidence each fact was read in; without it every fact is taken to come from software as shipped.
    ``whole`` is the place of the first piece as a whole, for what is said of the device itself.
    ``shared`` are the secrets that lie in more than one place. ``asked`` grows: it holds every kind that anybody wanted to see.
    """

    def __init__(self, facts: Iterable[Fact], evidence: Iterable[Evidence] = (), shared: Iterable[SharedSecret] = ()) -> None:
        """Index ``facts`` by their exact class."""
        self._units = {one.digest: one.evidence for one in shared if one.sharing is Sharing.UNITS}
        self.asked: set[type[Fact]] = set()
        self._by_kind: dict[type[Fact], list[Fact]] = {}
        for fact in sorted(facts, key=lambda fact: (fact.where.sort_key, repr(fact))):
            self._by_kind.setdefault(type(fact), []).append(fact)
        evidence = tuple(evidence)
        self._evidence = {entry.id: entry.kind for entry in evidence}
        self._names = evidence_names(evidence)
        self.whole = Where(evidence[0].id, evidence[0].name) if evidence else None
        self.digests = frozenset(entry.sha256 for entry in evidence if entry.sha256)

    def of(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of one kind."""
        self.asked.add(kind)
        return cast("tuple[F, ...]", tuple(self._by_kind.get(kind, ())))

    def watched(self) -> Facts:
        """The same facts, to learn what one rule asks for. What was asked before was asked for all rules, so it counts for each."""
        view = copy(self)
        view.asked = set(self.asked)
        return view

    def kind_of(self, where: Where) -> EvidenceKind:
        """The kind of evidence a place lies in."""
        return self._evidence.get(where.evidence, EvidenceKind.FIRMWARE)

    def given(self, *kinds: EvidenceKind) -> tuple[str, ...]:
        """The ids of the pieces of evidence of these kinds, in the order they were given."""
        return tuple(name for name, kind in self._evidence.items() if kind in kinds)

    def name_of(self, where: Where) -> str:
        """What reports call the piece of evidence that a place lies in."""
        return self._names.get(where.evidence, where.evidence)

    def units_with(self, digest: str) -> tuple[str, ...]:
        """The names of the units that hold the secret of this digest, if it was seen in more than one."""
        return tuple(self._names[name] for name in self._units.get(digest, ()))


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know beside the facts: the knowledge base and the day that ends of support are compared with.

    ``flaws`` is the store of published flaws; ``matches`` those that were matched to parts of the device, None if there is no store.
    ``device`` is the profile, whose maker, model and version name the device itself. ``problems`` are those of reading the evidence.
    ``doses`` is what is taken for granted of pumps and wards.
    """

    knowledge: KnowledgeBase
    as_of: date
    flaws: FlawStore | None = None
    matches: tuple[Match, ...] | None = None
    device: Device | None = None
    problems: tuple[Problem, ...] = ()
    doses: DoseAssumptions = ASSUMED


class Rule(Protocol):
    """A rule module: ``INFO`` and ``check``. The module's docstring is its documentation page."""

    INFO: RuleInfo

    @staticmethod
    def check(facts: Facts, context: Context) -> Iterator[Outcome]:
        """Yield Found for each weakness, NotAssessed where it cannot tell, Dismissed for what was seen and is none.

        Without a finding and without a doubt it is NotFound.
        """


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
    exploitation: str = "",
    of_whole: bool = False,
) -> Found:
    """Build a Found with its stable id: a hash of rule, subject and kind of place (the innermost paths, no offsets).

    A finding ``of_whole`` device has examples for places: they are no part of its id, so that one program more is no new finding.
    ``locations`` are sorted and made unique here; the subject is bounded. Weak evidence (a pattern, a sample, documentation) is reported but
    opens no path: its claims are dropped. Raises ``ValueError`` if there are no locations.
    """
    weak = confidence is Confidence.WEAK
    places = tuple(sorted(set(locations), key=lambda where: where.sort_key))
    return Found(
        Finding(
            id=finding_id(info.id, short(subject), () if of_whole else (where.member for where in places)),
            rule=info.id,
            weakness=info.weakness,
            cwe=cwe or info.cwe,
            title=title,
            subject=short(subject),
            certainty=certainty,
            confidence=confidence,
            locations=places,
            claims=() if weak else tuple(sorted(set(claims))),
            shown_by=tuple(shown_by),
            facts=(*facts, WEAK_EVIDENCE) if weak else tuple(facts),
            assumes=() if weak else tuple(assumes),
            fixed_by=fixed_by or info.fixed_by,
            exploitation=exploitation,
        )
    )


_CARVED = re.compile(r"\A\d+-\d+\.")
"""Where a part was cut out of its image: another place in the next version."""


def finding_id(rule: str, subject: str, members: Iterable[str]) -> str:
    """The id that a finding keeps over re-runs and versions: a hash of rule, subject and innermost paths without offsets."""
    kinds = sorted({_CARVED.sub("", member) for member in members})
    return f"F-{hashlib.sha256(chr(0).join((rule, subject, *kinds)).encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


__all__ = ["Context", "Facts", "Found", "NotAssessed", "NotFound", "Outcome", "Rule", "RuleInfo", "as_rule", "finding_id", "found"]
