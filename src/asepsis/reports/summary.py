"""The first screen: what was looked at, the worst harms, the least work, where the files went. At most 25 lines of 100 columns."""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.model.study import Study
from asepsis.reports import sentences
from asepsis.reports.harms import ReachableHarm, reachable_harms
from asepsis.reports.text import clip, count, wrap
from asepsis.reports.words import BRIEF_FEASIBILITY, BRIEF_LEVELS

LINES, COLUMNS = 25, 100
_HARMS, _FIXES, _REMAINING, _FILES, _MISSING, _SENTENCE = 5, 3, 2, 3, 3, 2
"""Lines each part may take: with the two of the head and three empty ones they add up to 25."""


def summary(study: Study, written: Sequence[tuple[str, str]]) -> list[str]:
    """The lines. ``written`` are the files made, as (format, path)."""
    lines = [study.device.title + ": " + ", ".join(evidence.name for evidence in study.evidence)]
    lines += ["Looked at: " + sentences.looked_at(study), *_missing(study)]
    lines += ["", *_sentence(sentences.verdict(study)), *_harms(study)]
    lines += ["", *_sentence("Plan: " + sentences.plan_sentence(study)), *_plan(study)]
    if written:
        lines += ["", *_few([f"{format_}: {path}" for format_, path in written], _FILES, "file")]
    return [clip(line, COLUMNS) for line in lines]


def _sentence(text: str) -> list[str]:
    return wrap(text, COLUMNS, rest="  ")[:_SENTENCE]


def _missing(study: Study) -> list[str]:
    missing = sentences.missing(study)
    # The share of bytes stands in the line above already.
    return _few([f"  NOT looked at: {line}" for line in missing if "bytes given" not in line], _MISSING, "gap")


def _harms(study: Study) -> list[str]:
    return _few([_harm(harm) for harm in reachable_harms(study)], _HARMS, "harm")


def _harm(harm: ReachableHarm) -> str:
    level = f"  S{harm.level} {BRIEF_LEVELS[harm.level]}: "
    detail = ", ".join(
        (["many patients"] if harm.many_patients else [])
        + [count(len(harm.paths), "way"), BRIEF_FEASIBILITY.get(harm.feasibility, "not rated")]
        + (["acceptable"] if harm.acceptable else [])
    )
    tail = f" ({detail})"
    return level + clip(harm.name, COLUMNS - len(level) - len(tail)) + tail


def _plan(study: Study) -> list[str]:
    fixes = [f"  {control.id} {control.title} — {sentences.who(control)}; {sentences.loss_words(control.loss)}" for control in study.plan.controls]
    remains = [f"  Remains: S{left.level} {left.name} — {left.why}" for left in study.plan.remains]
    return _few(fixes, _FIXES, "fix", "fixes") + _few(remains, _REMAINING, "remaining harm")


def _few(lines: list[str], most: int, one: str, many: str = "") -> list[str]:
    """The first lines; the last gives way to "and n more" where there are too many."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"  and {count(len(lines) - most + 1, f'more {one}', f'more {many}' if many else '')}"]
