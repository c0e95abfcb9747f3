"""The sentences that sum a study up, the same on the screen and in the report. Each says what it covers and what it does not."""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.model.plan import ChosenControl, Plan, Proof, Remaining
from asepsis.model.study import Study
from asepsis.reports.gaps import gaps
from asepsis.reports.harms import reachable_harms
from asepsis.reports.text import capital, clause, count, join, percent, some, visible
from asepsis.reports.triage import left_out
from asepsis.reports.words import KINDS, LEVELS, actor

_LITTLE, _SOME = 1.0, 2.0


def verdict(study: Study) -> str:
    """Whether a patient can be harmed, in one sentence. Never reassuring beyond what could be looked at and what somebody accepted."""
    return _qualified(_verdict(study), study)


def _qualified(sentence: str, study: Study) -> str:
    without = left_out(study)
    return f"{without}: {clause(sentence)}." if without else sentence


def _verdict(study: Study) -> str:
    harms = reachable_harms(study)
    if not harms and study.complete:
        return "No path to patient harm was found in the evidence given."
    if not harms:
        return "No path to patient harm was found in what could be looked at."
    worst = harms[0]
    many = ", of many patients at once" if worst.many_patients else ""
    within = count(len(harms), "harm to a patient is", "harms to a patient are")
    return f"{within} within reach of an attacker; the worst is {LEVELS[worst.level]}{many}."


def plan_sentence(study: Study) -> str:
    """What the plan achieves."""
    return _qualified(_plan_sentence(study), study)


def _plan_sentence(study: Study) -> str:
    plan = study.plan
    fixes = count(len(plan.controls), "fix", "fixes")
    stops = "stops" if len(plan.controls) == 1 else "stop"
    if plan.status == "none-needed":
        return "No fix is needed for what " + ("the evidence shows." if study.complete else "could be looked at; the rest is not covered.")
    if plan.status == "no-plan" or plan.proof.rederived:
        left = count(plan.proof.rederived, "unacceptable harm remains", "unacceptable harms remain") if plan.proof.rederived else "see what remains"
        closes = " What can be closed is closed by the fixes below." if plan.controls else ""
        return f"No allowed set of fixes stops every unacceptable harm that was found; {left}.{closes}"
    least = "no allowed plan takes less work" if plan.status == "optimal" else f"the least is not proven (gap {plan.proof.gap:.1%})"
    return f"{fixes} {stops} every unacceptable harm that was found; {least}."


def alternatives(study: Study) -> tuple[Plan, ...]:
    """The plans of each party alone that say something the plan itself does not: not the one the user asked for."""
    return tuple(plan for plan in study.alternatives if plan.only != study.plan.only)


def alone(plan: Plan) -> str:
    """Whose plan it is: ``The maker alone``."""
    return f"{capital(join([actor(name) for name in plan.only]))} alone"


def alone_sentence(plan: Plan) -> str:
    """What one party achieves without the others."""
    left, before = plan.proof.rederived, plan.proof.harms_before
    if not plan.controls:
        return "Nothing that they can do without the others stops any unacceptable harm that was found."
    if left == before:
        return f"{count(len(plan.controls), 'fix closes', 'fixes close')} some ways; every unacceptable harm stays open by others."
    fixes = count(len(plan.controls), "fix stops", "fixes stop")
    if not left:
        return f"{fixes} every unacceptable harm that was found."
    return f"{fixes} {before - left} of {count(before, 'unacceptable harm')} that were found; {count(left, 'remains', 'remain')}."


def alone_brief(plan: Plan) -> str:
    """The same with the ids of the controls, in a line."""
    if not plan.controls:
        return f"{alone(plan)}: nothing stops any of these harms"
    ids = ", ".join(dict.fromkeys(control.id for control in plan.controls))
    if not plan.remains:
        return f"{alone(plan)}: {ids}; then no unacceptable harm remains"
    worst = max(plan.remains, key=lambda left: left.level)
    more = f", and {count(len(plan.remains) - 1, 'more harm')}" if len(plan.remains) > 1 else ""
    return f"{alone(plan)}: {ids}; then remains: S{worst.level} {event(worst.name)}{more}"


def event(harm: str) -> str:
    """What happens, without what it does to a patient: a harm's name tells the one, a colon, the other."""
    return harm.partition(": ")[0].rstrip(". ")


def remains_sentence(left: Remaining) -> str:
    """A harm that a plan leaves, and why."""
    return f"S{left.level} {left.name.rstrip('. ')}: {left.why}"


def many_sentence(because: Sequence[str]) -> str:
    """Why a harm hits many patients."""
    return f"Many patients at once: {'; '.join(clause(text) for text in because)}."


def barriers_sentence(barriers: Sequence[str]) -> str:
    """The barriers on a way that nobody has tested, and what follows: they count for the rank, never for the verdict (decision 9)."""
    named = "; ".join(clause(text) for text in barriers)
    if len(barriers) == 1:
        return f"In the way, but nobody has verified it: {named}. It makes this way rank lower, and changes no verdict until a test verifies it."
    return f"In the way, but nobody has verified them: {named}. They make this way rank lower, and change no verdict until a test verifies them."


def proof_sentence(proof: Proof) -> str:
    """How the plan is known to be right, in plain words."""
    if not proof.harms_before:
        return f"All that was found was put into the attack graph ({count(proof.rules, 'rule instance')}): no unacceptable harm follows."
    if proof.rederived == proof.harms_before:
        return (
            f"Even with every allowed fix in the attack graph ({count(proof.rules, 'rule instance')}), none of "
            f"{count(proof.harms_before, 'unacceptable harm')} is stopped for everybody ({visible(proof.method)})."
        )
    return (
        f"The fixes were applied to the attack graph ({count(proof.rules, 'rule instance')}) and it was derived again: "
        f"of {count(proof.harms_before, 'unacceptable harm')} before, {proof.rederived} can still be reached. "
        f"Effort and clinical loss of the plan add up to {proof.objective:g}; no allowed plan is below {proof.bound:g} ({visible(proof.method)})."
    )


def loss_words(loss: float) -> str:
    """Clinical benefit lost, 0…3, in words."""
    if loss <= 0:
        return "no clinical benefit lost"
    size = "a little" if loss <= _LITTLE else "some" if loss <= _SOME else "much"
    return f"{size} clinical benefit lost"


def when(lag: str) -> str:
    """How soon: ``within days``, ``with the next release``."""
    return f"with the {lag}" if lag.startswith("next ") else f"within {lag}"


def who(control: ChosenControl) -> str:
    """Who can act: any one of them is enough."""
    names = [actor(one.value) for one in control.actors]
    return ", ".join(names[:-1]) + " or " + names[-1] if len(names) > 1 else "".join(names)


def looked_at(study: Study) -> str:
    """How much could be looked at, in one sentence."""
    seen = study.coverage
    parts = [f"{percent(seen.bytes_understood, seen.bytes_total)} of the bytes given were understood"]
    if seen.files or not seen.packets:
        parts.append(count(seen.files, "file") + " read")
    if seen.programs:
        parts.append(f"{percent(seen.programs_identified, seen.programs)} of {count(seen.programs, 'program')} identified")
    return ", ".join(parts)


def missing(study: Study) -> list[str]:
    """What could not be looked at, a short sentence each; empty only if the study is complete."""
    seen, lines = study.coverage, []
    if seen.bytes_understood < seen.bytes_total:
        lines.append(f"{percent(seen.bytes_understood, seen.bytes_total)} of the bytes given were understood; the rest was not looked at")
    if seen.packets_understood < seen.packets:
        lines.append(traffic(study))
    return [*lines, *shut(study), *(gap.sentence for gap in gaps(study.not_assessed))]


def traffic(study: Study) -> str:
    """How much of recorded traffic was understood, and what the rest is; empty where there is none."""
    seen = study.coverage
    if not seen.packets:
        return ""
    known = f"{seen.packets_understood:,} of {count(seen.packets, 'packet')} of traffic understood"
    if seen.packets_understood >= seen.packets:
        return known
    reasons = tuple(f"{one.reason} ({count(one.packets, 'packet')}, {one.bytes:,} bytes)" for one in seen.packets_left_out)
    return f"{known}; not understood: {_some(reasons)}" if reasons else known


def shut(study: Study) -> list[str]:
    """What could not be opened, and the problems met while looking."""
    lines = []
    if study.coverage.unopened:
        lines.append(f"{count(len(study.coverage.unopened), 'part')} could not be opened: {_some(study.coverage.unopened)}")
    if study.problems:
        lines.append(f"{count(len(study.problems), 'problem')} while looking: {_some(tuple(problem.what for problem in study.problems))}")
    return lines


def not_given(study: Study) -> str:
    """The kinds of evidence that were not offered, or an empty string."""
    return join([KINDS[kind] for kind in study.coverage.kinds_not_given])


def _some(names: tuple[str, ...]) -> str:
    return some([visible(name.rstrip("."), 120) for name in names])
