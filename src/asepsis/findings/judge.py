"""Judge: ask every rule, and never let silence look like health."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from asepsis.findings.dismissals import bounded, in_words
from asepsis.findings.documentation import dismissals, set_aside
from asepsis.findings.flaw_store import FlawStore
from asepsis.findings.flaws.match import match
from asepsis.findings.inventory import inventory
from asepsis.findings.rule import WEAK_EVIDENCE, Context, Facts, Rule, finding_id
from asepsis.findings.rules import RULES
from asepsis.findings.shared import shared_secrets, told, with_findings
from asepsis.findings.witness import DOCUMENTS, most_certain, surest, unique
from asepsis.findings.words import listed, short
from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.evidence import Cause, EvidenceKind, Problem
from asepsis.model.facts import Confidence, Fact
from asepsis.model.finding import Finding, Found, NotAssessed, NotFound, Outcome
from asepsis.model.inventory import Item
from asepsis.model.reading import Reading
from asepsis.model.shared import SharedSecret
from asepsis.model.vulnerability import Match


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules answered. ``problems`` are bugs of ours, met while judging.

    ``dismissed`` is everything that was seen and is no weakness, also of rules that found others; ``shared`` the secrets in more than one place;
    ``matches`` the published flaws of its parts, each with its verdict; ``inventory`` the parts, and the programs that are none.
    """

    findings: tuple[Finding, ...]
    not_found: tuple[NotFound, ...]
    not_assessed: tuple[NotAssessed, ...]
    problems: tuple[Problem, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    shared: tuple[SharedSecret, ...] = ()
    matches: tuple[Match, ...] = ()
    inventory: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    """One rule's outcomes after it was asked, and the names of the kinds of fact that they may hang on."""

    outcomes: tuple[Outcome, ...]
    kinds: frozenset[str]
    problem: Problem | None = None

    def of(self, kind: type[Found | NotFound | NotAssessed]) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, kind))

    @property
    def dismissed(self) -> tuple[Dismissed, ...]:
        """What was seen and is no weakness; a NotFound may say it in words only."""
        named = [outcome for outcome in self.outcomes if isinstance(outcome, Dismissed)]
        spoken = [Dismissed(one.rule, Exemption.OTHER, text) for one in self.outcomes if isinstance(one, NotFound) for text in one.dismissed]
        return tuple(bounded([*named, *spoken]))


def judge(reading: Reading, context: Context, rules: Sequence[Rule] = RULES) -> Judgement:
    """Ask each of ``rules`` about the facts of ``reading``.

    A rule that needs a kind of fact which was not looked for, that cannot tell, or that saw nothing while parts of the evidence stayed shut,
    is NotAssessed with the reason. A problem that can only have hidden kinds of fact that a rule never asked for is none for that rule.
    NotFound means: everything it needs was looked at. An exception in a rule is a bug of ours: it costs that rule's verdict and nothing else.
    What only manuals show is set aside, and kept as dismissed.
    """
    kept, aside = set_aside(reading.facts)
    shared = shared_secrets(kept, reading.evidence)
    facts = Facts(kept, reading.evidence, shared.values())
    context = replace(context, problems=reading.problems)
    if context.flaws is not None:
        context = replace(context, matches=_matches(facts, context.flaws, context))
    images = {(one.id, one.name) for one in reading.evidence if one.kind is EvidenceKind.FIRMWARE}
    answers = [(rule, _ask(rule, facts, context, reading, aside)) for rule in rules]
    outcomes = [outcome for rule, answer in answers for outcome in _verdict(rule, answer, reading)]
    merged = _merged(_lasting(outcome.finding, images) for outcome in outcomes if isinstance(outcome, Found))
    findings = tuple(told(finding, shared, reading.evidence) for finding in merged)
    return Judgement(
        findings=findings,
        not_found=tuple(sorted((one for one in outcomes if isinstance(one, NotFound)), key=lambda one: one.rule)),
        not_assessed=tuple(sorted({one for one in outcomes if isinstance(one, NotAssessed)}, key=lambda one: (one.rule, one.reason))),
        problems=tuple(sorted((answer.problem for _, answer in answers if answer.problem), key=lambda problem: problem.sort_key)),
        dismissed=tuple(sorted((one for _, answer in answers for one in answer.dismissed), key=lambda one: one.sort_key)),
        shared=with_findings(shared, findings),
        matches=context.matches or (),
        inventory=inventory(facts, context),
    )


def _matches(facts: Facts, flaws: FlawStore, context: Context) -> tuple[Match, ...]:
    return match(facts, flaws, context.knowledge.kernel_parts(), context.knowledge.cpe_of_product, context.device)


def _ask(rule: Rule, facts: Facts, context: Context, reading: Reading, aside: Sequence[Fact]) -> _Answer:
    """Let the rule speak. What it said before a bug stays said; of a rule that lacks a kind of fact only what it found counts."""
    unlooked, facts = _unlooked(rule, reading), facts.watched()
    outcomes: list[Outcome] = [NotAssessed(rule.INFO.id, reason) for reason in unlooked]
    outcomes += dismissals(aside, rule.INFO)
    try:
        outcomes.extend(outcome for outcome in rule.check(facts, context) if isinstance(outcome, Found) or not unlooked)
    except Exception as error:  # noqa: BLE001 - a bug in one rule must not cost the findings of the others
        bug = f"{type(error).__name__}: {short(str(error), 160)}"
        outcomes.append(NotAssessed(rule.INFO.id, f"our bug: {bug}"))
        return _Answer(
            tuple(outcomes), _kinds(rule, facts), Problem(Cause.OUR_BUG, None, f"rule {rule.INFO.id} failed: {bug}", "this rule's verdict is missing")
        )
    return _Answer(tuple(outcomes), _kinds(rule, facts))


def _kinds(rule: Rule, facts: Facts) -> frozenset[str]:
    """What the answer may hang on: what the rule says that it needs, and what it really asked for."""
    return frozenset(kind.__name__ for kind in (*rule.INFO.needs, *facts.asked))


def _verdict(rule: Rule, answer: _Answer, reading: Reading) -> tuple[Outcome, ...]:
    """Findings and doubts as given; with neither, NotFound if everything could be looked at."""
    spoken = answer.of(Found) + answer.of(NotAssessed)
    if spoken:
        return spoken
    gap = _gap(reading, answer.kinds)
    return (NotAssessed(rule.INFO.id, gap),) if gap else (NotFound(rule.INFO.id, tuple(sorted(map(in_words, answer.dismissed)))),)


def _unlooked(rule: Rule, reading: Reading) -> tuple[str, ...]:
    """Why a kind of fact that the rule needs was not looked for."""
    looked = {entry.kind: entry for entry in reading.looked_for}
    reasons = []
    for kind in rule.INFO.needs:
        entry = looked.get(kind.__name__)
        if entry is None:
            reasons.append(f"{kind.__name__} was not looked for: no reader of this kind of evidence finds it")
        elif not entry.looked:
            reasons.append(f"{kind.__name__} was not looked for: {entry.reason or 'no reason was given'}")
    return tuple(reasons)


def _gap(reading: Reading, kinds: frozenset[str]) -> str:
    """What could not be looked at of these kinds of fact, or an empty string if nothing was left out. A part that stayed shut may hold any."""
    parts = []
    given = {one.kind for one in reading.evidence}
    if EvidenceKind.SBOM in given and given <= DOCUMENTS:
        return "not among the parts that the bill of materials names; the device itself was not looked at, so it may have others"
    worth = sorted({entry.reason for entry in reading.looked_for if entry.looked and entry.reason and entry.kind in kinds})
    if worth:
        return "; ".join(worth)
    unopened = reading.coverage.unopened
    problems = [problem for problem in reading.problems if not problem.hides or kinds.intersection(problem.hides)]
    if unopened:
        parts.append(f"{len(unopened)} part{'s' * (len(unopened) > 1)} stayed shut: {listed(sorted(unopened))}")
    if problems:
        whats = sorted({problem.what for problem in problems})
        parts.append(f"{len(problems)} problem{'s' * (len(problems) > 1)} while reading: {listed(whats)}")
    return f"not seen in what could be opened; {'; '.join(parts)}" if parts else ""


def _lasting(finding: Finding, images: Collection[tuple[str, str]]) -> Finding:
    """The finding with an id that does not hang on the name of an image's file, which changes with every version.

    A finding about the whole device names no place in its id, and keeps it.
    """
    if finding.id == finding_id(finding.rule, finding.subject, ()):
        return finding
    members = ("" if (place.evidence, place.path) in images else place.member for place in finding.locations)
    return replace(finding, id=finding_id(finding.rule, finding.subject, members))


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each id, with everything that any of its namesakes said."""
    by_id: dict[str, Finding] = {}
    for finding in findings:
        other = by_id.get(finding.id)
        by_id[finding.id] = finding if other is None else _union(other, finding)
    return tuple(sorted(by_id.values(), key=lambda finding: (finding.rule, finding.subject, finding.id)))


def _union(one: Finding, other: Finding) -> Finding:
    """Of two findings with one id: all places and claims, the higher certainty and confidence."""
    first, second = sorted((one, other), key=lambda finding: (-finding.certainty.level, repr(finding)))
    confidence = surest((first.confidence, second.confidence))
    facts = unique((*first.facts, *second.facts))
    return replace(
        first,
        cwe=unique((*first.cwe, *second.cwe)),
        certainty=most_certain((first.certainty, second.certainty)),
        confidence=confidence,
        locations=tuple(sorted({*first.locations, *second.locations}, key=lambda where: where.sort_key)),
        claims=tuple(sorted({*first.claims, *second.claims})),
        shown_by=unique((*first.shown_by, *second.shown_by)),
        facts=facts if confidence is Confidence.WEAK else tuple(line for line in facts if line != WEAK_EVIDENCE),
        assumes=unique((*first.assumes, *second.assumes)),
    )
