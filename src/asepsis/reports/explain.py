"""Explain one thing of a study: its evidence, its reasons, and what would change the verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from asepsis.model.attack import Path
from asepsis.model.finding import Finding
from asepsis.model.plan import ChosenControl
from asepsis.model.rating import Answer, Rating
from asepsis.model.study import Study
from asepsis.reports import words
from asepsis.reports.dismissals import dismissed_lines, of_rule
from asepsis.reports.flaw_text import about_flaw, about_part, not_here
from asepsis.reports.gaps import gaps
from asepsis.reports.harms import closed_by, ratings
from asepsis.reports.sentences import (
    alone,
    alone_sentence,
    alternatives,
    barriers_sentence,
    loss_words,
    many_sentence,
    missing,
    plan_sentence,
    proof_sentence,
    remains_sentence,
    when,
    who,
)
from asepsis.reports.shared import explained, shared_lines
from asepsis.reports.text import clause, join, some, visible
from asepsis.reports.triage import accepted, entry_words, harm_words, state_words

_NEAR = 5
_FLAW = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(?:-\w{4}){3}|(?:OSV|PYSEC)-\d{4}-\d+")
"""A whole number of a flaw: CVE-2021-4034 is no beginning of CVE-2021-40346."""


class UnknownIdError(ValueError):
    """Nothing in the study has that id; the message is one line and names what is near."""


def explain(study: Study, id: str) -> list[str]:  # noqa: A002 - the word the user writes
    """Lines about a finding, a path, a control, a rule, a published flaw, a part of the software, a shared secret (by digest).

    ``shared`` are all shared secrets, ``dismissed`` all that was looked at and is no weakness.

    A beginning of an id is enough where it fits only one; the whole number of a flaw is never taken for one. Raises ``UnknownIdError``.
    """
    known = _known(study)
    if id in known:
        return [visible(line) for line in known[id]()]
    if _FLAW.fullmatch(id):
        raise UnknownIdError(not_here(study, visible(id, 80)))
    near = [name for name in known if id and name.startswith(id)]
    if len(near) == 1:
        return [visible(line) for line in known[near[0]]()]
    if near:
        raise UnknownIdError(f"{visible(id, 80)} fits {len(near)} ids: {join(near[:_NEAR])}")
    raise UnknownIdError(
        f"nothing in this study has the id {visible(id, 80)}; findings begin with F-, paths with P-, controls with M, flaws with CVE-"
    )


def explain_plan(study: Study) -> list[str]:
    """Lines about the whole plan: what it achieves, each fix with what it closes, what remains, and how that is known."""
    plan = study.plan
    lines = [plan_sentence(study)]
    for control in plan.controls:
        lines += _chosen(control)
        lines += [f"    Closes {some(control.cuts, _NEAR)}"] if control.cuts else []
    lines += [f"  Remains: {remains_sentence(left)}" for left in plan.remains]
    for lead, ids in (
        ("Would only raise the effort", plan.partial),
        ("Forbidden, as asked", plan.forbidden),
        ("Only what these can do, as asked", plan.only),
    ):
        lines += [f"  {lead}: {'; '.join(ids)}"] if ids else []
    known = ["How this is known", f"  {proof_sentence(plan.proof)}"]
    beside = [f"  Stays open: {harm_words(harm)}" for harm in study.accepted_harms]
    return [visible(line) for line in [*lines, *beside, *_alone(study), *known, *_gaps(study)]]


def _chosen(control: ChosenControl) -> list[str]:
    place = f"on {control.device}" if control.device else "once for the whole site"
    return [
        f"  {control.id}  {control.title}",
        f"    {who(control)}; {place}; {when(control.lag)}; effort {control.cost:g} of 5; {loss_words(control.loss)}",
    ]


def _alone(study: Study) -> list[str]:
    """What each party can do without the others."""
    lines = []
    for plan in alternatives(study):
        lines += [f"{alone(plan)}: {alone_sentence(plan)}"]
        lines += [line for control in plan.controls for line in _chosen(control)]
        lines += [f"  Remains: {remains_sentence(left)}" for left in plan.remains]
    return lines


def _gaps(study: Study) -> list[str]:
    missing_now = missing(study)
    return ["What the plan cannot cover", *(f"  {line}" for line in missing_now)] if missing_now else []


def _known(study: Study) -> dict[str, Callable[[], list[str]]]:
    """What can be explained, by id; where two things share an id, the later one here is meant."""
    known: dict[str, Callable[[], list[str]]] = {rule: partial(_rule, study, rule) for rule in sorted(_rules(study))}
    known |= {one.component: partial(about_part, study, one.component) for one in study.vulnerabilities}
    known |= {one.label: partial(about_part, study, one.label) for one in study.vulnerabilities}
    known |= {one.digest: partial(explained, study, one) for one in study.shared}
    known |= {"dismissed": partial(dismissed_lines, study), "shared": partial(shared_lines, study)}
    known |= {name: partial(_not_chosen, study, name) for name in (*study.plan.partial, *study.plan.forbidden)}
    known |= {control.id: partial(_controls, study, control.id) for plan in (*study.alternatives, study.plan) for control in plan.controls}
    known |= {name: partial(about_flaw, study, name) for one in study.vulnerabilities for name in (one.id, one.vulnerability)}
    known |= {path.id: partial(_path, study, path) for path in study.paths}
    return known | {finding.id: partial(_finding, study, finding) for finding in study.findings}


def _rules(study: Study) -> set[str]:
    spoken = {one.rule for one in study.findings} | {one.rule for one in study.dismissed}
    return spoken | {one.rule for one in study.not_found} | {one.rule for one in study.not_assessed}


def _finding(study: Study, finding: Finding) -> list[str]:
    cwes = ", ".join(f"CWE-{cwe}" for cwe in finding.cwe)
    lines = [f"{finding.id}  {finding.title}", f"  {words.WEAKNESSES[finding.weakness]}, {cwes}; found by rule {finding.rule}", "Evidence"]
    lines += [f"  {_evidence(study, where.evidence)} {where}" for where in finding.locations] + _bullets("", finding.facts)
    lines += [
        "Reasons",
        f"  Certainty: {finding.certainty.value} ({words.CERTAINTIES[finding.certainty].lower()}); reading: {finding.confidence.value}",
    ]
    lines += _bullets("Shown by: ", finding.shown_by) + _bullets("Assumed: ", finding.assumes)
    lines += [f"  The same secret elsewhere: asepsis explain STUDY {one.digest}" for one in study.shared if finding.id in one.findings]
    lines += _triaged(study, finding.id)
    paths = [path for path in study.paths if finding.id in path.findings]
    lines += ["Leads to", *(_to_harm(path) for path in paths)] if paths else [_no_harm(study, finding.id)]
    lines += ["What would change the verdict", f"  Certainty: {words.NEXT_STEP[finding.certainty]}; {words.FALLS[finding.certainty]}"]
    lines += _bullets("It falls or changes if this assumption is overridden: ", finding.assumes)
    return [*lines, f"  It goes away when fixed by {join([words.actor(name) for name in finding.fixed_by])}", *_cutting(study, paths)]


def _no_harm(study: Study, name: str) -> str:
    without = ", for it is accepted and left out" if name in accepted(study) else " that could be derived"
    return f"Leads to no harm{without}"


def _triaged(study: Study, name: str) -> list[str]:
    """What the triage file says of a finding, and the harms that stay possible through it."""
    lines = [line for one in study.triage if one.entry.id == name for line in (f"  {entry_words(one.entry)}", f"  In this study: {state_words(one)}")]
    lines += [f"  Stays open: {harm_words(harm)}" for harm in study.accepted_harms if name in harm.through]
    return ["Triage", *lines] if lines else []


def _path(study: Study, path: Path) -> list[str]:
    rating = ratings(study).get(path.id)
    lines = [_to_harm(path).strip(), f"  Starts: {words.zone(path.start)}", "Steps"]
    for number, step in enumerate(path.steps, 1):
        rests = f"  [{', '.join(step.findings)}]" if step.findings else "  [profile or site]"
        lines += [f"  {number}. {step.sentence}{rests}{' ' + step.technique if step.technique else ''}"]
        lines += [f"     assumed: {text}" for text in step.assumes]
    lines += [f"  {many_sentence(path.many_because)}"] if path.many_because else []
    lines += [f"  {barriers_sentence(path.barriers_claimed)}"] if path.barriers_claimed else []
    lines += ["Evidence", *(_evidence_of(study, name) for name in path.findings)]
    lines += ["Reasons for its rating", *(_rating(rating) if rating else ["  It was not rated"])]
    lines += ["What would change the verdict", *_bullets("A test that verifies this barrier could close it: ", path.barriers_claimed)]
    lines += _bullets("It falls or changes if this assumption is overridden: ", tuple(sorted({text for step in path.steps for text in step.assumes})))
    lines += _bullets("It falls if this weakness goes: ", _alone_behind(study, path)) + _worst_cases(rating)
    return lines + (_cutting(study, [path]) or ["  No control of the plan cuts it"])


def _alone_behind(study: Study, path: Path) -> tuple[str, ...]:
    """The findings of a path that alone state something it rests on; what two of them state stays said when one goes."""
    used = {claim.about(study.device.id) for step in path.steps for claim in step.claims}
    stated = {one.id: {claim.about(study.device.id) for claim in one.claims} & used for one in study.findings if one.id in path.findings}
    return tuple(name for name in path.findings if stated[name] - {claim for other, claims in stated.items() if other != name for claim in claims})


def _rating(rating: Rating) -> list[str]:
    verdict = "acceptable" if rating.acceptable else "not acceptable"
    lines = [f"  Rank {rating.rank}: S{rating.severity}, feasibility {rating.feasibility}, {verdict}", *_bullets("", rating.reasons)]
    for score in rating.schemes:
        number = "" if score.score is None else f" {score.score}"
        lines += [f"  {score.scheme} {score.version}:{number} {score.verdict} {score.vector}".rstrip()]
        lines += [f"    {answer.question} {answer.value}: {answer.because} ({_by(answer)})" for answer in score.answers]
    return lines


def _by(answer: Answer) -> str:
    return f"{words.ANSWERED_BY.get(answer.by, answer.by)} {answer.date}".rstrip()


def _worst_cases(rating: Rating | None) -> list[str]:
    answers = [answer for score in rating.schemes for answer in score.answers if answer.by == "worst-case"] if rating else []
    return [f"  Its scores may fall if this worst case is answered: {answer.question}" for answer in answers]


def _controls(study: Study, name: str) -> list[str]:
    chosen = [line for control in study.plan.controls if control.id == name for line in _control(study, control)]
    if chosen:
        return chosen
    owners = [plan for plan in study.alternatives if any(control.id == name for control in plan.controls)]
    alone_in = [f"It is not in the plan, but in what {clause(alone(plan))} can do" for plan in owners]
    # A control reads the same in the plan of either party, but for what it closes beside the others.
    return [*alone_in, *(line for control in owners[0].controls if control.id == name for line in _control(study, control))]


def _control(study: Study, control: ChosenControl) -> list[str]:
    place = f"on {control.device}" if control.device else "once for the whole site"
    lines = [f"{control.id}  {control.title}", f"  Do: {control.do}", f"  Who: {who(control)}; {place}; {when(control.lag)}"]
    loss = f"{loss_words(control.loss)} ({control.loss:g} of 3)" + (f": {control.loss_note}" if control.loss_note else "")
    lines += ["Reasons", f"  Effort {control.cost:g} of 5; {loss}", "Closes"]
    others = closed_by(study)
    for path in study.paths:
        if path.id in control.cuts:
            also = [other.id for other in others.get(path.id, ()) if other != control]
            lines += [_to_harm(path) + (f" (also closed by {join(also)})" if also else " (nothing else in the plan closes it)")]
    lines += [] if control.cuts else ["  no path of the study, but others of the attack graph (a study holds the shortest ones)"]
    return [*lines, "What would change the verdict", f"  Plan again without it: asepsis plan STUDY --forbid {control.id}"]


def _not_chosen(study: Study, name: str) -> list[str]:
    lines = [f"{name}  is not in the plan"]
    if name in study.plan.partial:
        lines += ["  It would raise the effort of an attacker without closing a path, so it is never counted as a fix"]
    return [*lines, "  It was forbidden for this plan"] if name in study.plan.forbidden else lines


def _rule(study: Study, name: str) -> list[str]:
    lines = [f"{name}  {words.as_words(name)}"]
    lines += [f"  Found: {finding.id} {finding.title}" for finding in study.findings if finding.rule == name]
    lines += [f"  Could not tell: {gap.sentence}" for gap in gaps(one for one in study.not_assessed if one.rule == name)]
    lines += ["  Looked, and found nothing" for one in study.not_found if one.rule == name]
    lines += _bullets("Seen and dismissed, ", tuple(of_rule(study, name)))
    return [*lines, "What would change the verdict", f"  {_rule_change(study, name)}"]


def _rule_change(study: Study, name: str) -> str:
    if any(one.rule == name for one in study.not_assessed):
        return "Evidence of the kind it could not look at"
    if any(finding.rule == name for finding in study.findings):
        return "See each finding: asepsis explain STUDY F-…"
    return "Evidence that was not given" + ("" if study.complete else ", or the parts that could not be looked at")


def _to_harm(path: Path) -> str:
    many = ", many patients" if path.harm.many_patients else ""
    return f"  {path.id} to {words.harm_level(path.harm.level)}{many}: {path.harm.name.rstrip('.')}"


def _evidence(study: Study, name: str) -> str:
    return next((f"[{evidence.kind.value}]" for evidence in study.evidence if evidence.id == name), f"[{name}]")


def _evidence_of(study: Study, name: str) -> str:
    finding = next((finding for finding in study.findings if finding.id == name), None)
    return f"  {name} {finding.title}: {finding.locations[0]}" if finding else f"  {name} (not in this study)"


def _cutting(study: Study, paths: list[Path]) -> list[str]:
    cut = closed_by(study)
    return [f"  The plan closes {path.id} by {control.id} {control.title}" for path in paths for control in cut.get(path.id, ())]


def _bullets(lead: str, texts: tuple[str, ...]) -> list[str]:
    return [f"  {lead}{text}" for text in texts]
