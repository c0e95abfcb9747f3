"""What was looked at and dismissed, in lines: the answer to "why does it say nothing about …?"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.study import Study
from asepsis.reports.text import count, visible
from asepsis.reports.words import EXEMPTIONS


def dismissals(study: Study) -> tuple[Dismissed, ...]:
    """All of them. A study of an earlier version has words only, and only of rules that found nothing."""
    if study.dismissed:
        return study.dismissed
    return tuple(Dismissed(one.rule, Exemption.OTHER, text) for one in study.not_found for text in one.dismissed)


def by_exemption(study: Study) -> list[tuple[Exemption, list[Dismissed]]]:
    """The dismissals with one exemption together, in the order of the exemptions."""
    order = list(Exemption)
    everything = sorted(dismissals(study), key=lambda one: order.index(one.exemption))
    return [(exemption, list(group)) for exemption, group in groupby(everything, key=lambda one: one.exemption)]


def dismissed_lines(study: Study) -> list[str]:
    """Everything that was dismissed, by exemption. A thing that several rules dismissed stands once, with their names."""
    groups = by_exemption(study)
    if not groups:
        return ["Nothing was looked at and dismissed"]
    lines = [f"Looked at and dismissed: {count(sum(len(_things(group)) for _, group in groups), 'thing')}"]
    for exemption, group in groups:
        lines.append(f"{exemption.value}: {EXEMPTIONS[exemption]}")
        lines += [f"  {_said(study, one)} ({', '.join(rules)})" for one, rules in _things(group)]
    return [visible(line) for line in lines]


def of_rule(study: Study, rule: str) -> list[str]:
    """What one rule dismissed, each with its exemption."""
    return [f"{one.exemption.value}: {_said(study, one)}" for one in dismissals(study) if one.rule == rule]


def _things(group: Sequence[Dismissed]) -> list[tuple[Dismissed, list[str]]]:
    """Each thing once, with the rules that dismissed it; "and N more" belongs to one rule only."""
    rules: dict[tuple[str, object], tuple[Dismissed, list[str]]] = {}
    for one in group:
        key = (one.what, one.where or one.rule)
        rules.setdefault(key, (one, []))[1].append(one.rule)
    return list(rules.values())


def _said(study: Study, one: Dismissed) -> str:
    if one.where is None:
        return one.what
    several = len(study.evidence) > 1
    name = next((f"{evidence.name}: " for evidence in study.evidence if several and evidence.id == one.where.evidence), "")
    return f"{one.what} — {'' if str(one.where).startswith(name.removesuffix(': ')) else name}{one.where}"
