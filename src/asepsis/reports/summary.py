"""The first screen: what was looked at, the worst harms, the least work, where the files went. At most 25 lines of 100 columns.

Sentences are told whole, over several lines where they need them; what does not fit is left out whole and counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.model.attack import PATHS_PER_HARM
from asepsis.model.study import Study
from asepsis.reports import flaws, network, sentences
from asepsis.reports.gaps import brief_gaps
from asepsis.reports.harms import ReachableHarm, reachable_harms
from asepsis.reports.shared import across
from asepsis.reports.text import clip, count, some, visible, wrap
from asepsis.reports.triage import triage_brief, triage_sentence
from asepsis.reports.words import BRIEF_CERTAINTIES, BRIEF_FEASIBILITY, BRIEF_LEVELS

LINES, COLUMNS = 25, 100
_HEAD, _SENTENCE, _ITEM, _EMPTY = 2, 2, 3, 3
"""Lines of the head, and at most of a sentence and of an item; empty lines between the parts."""
_LEAST = {"shared": 2, "gaps": 2, "harms": 3, "fixes": 2, "alone": 2, "remains": 2, "files": 3}
"""Lines that a part has in any case; with the head, three sentences and the empty lines they add up to 25, without shared secrets."""
_WITH_TRIAGE = {"gaps": 1, "harms": 2, "fixes": 1, "accepted": 3}
"""The same where there is a triage file: what was accepted takes its lines from these."""
_WITH_SHARED = {"fixes": 1, "remains": 1, "accepted": 2}
"""The same where secrets are shared: they take their lines from these."""
_WITH_TRAFFIC = {"gaps": 1, "harms": 2, "fixes": 1, "remains": 1}
"""The same where traffic was recorded: what it shows takes its lines from these."""
_THEN = ("harms", "accepted", "fixes", "gaps", "remains")
"""Who gets the lines that others left, in this order."""
_MORE = "see the report"


def summary(study: Study, written: Sequence[tuple[str, str]]) -> list[str]:
    """The lines. ``written`` are the files made, as (format, path)."""
    happened = [*_sentence(network.happened(study)), *_sentence(network.bedside(study))[:1]]
    verdict, plan = [*happened, *_sentence(sentences.verdict(study))], _sentence("Plan: " + sentences.plan_sentence(study))
    known = [*_sentence(sentences.traffic(study)), *_sentence(network.sentence(study)), *_sentence(flaws.sentence(study))]
    part = _parts(study, written, LINES - _HEAD - _EMPTY - len(verdict) - len(plan) - len(known))
    lines = [study.device.title + ": " + ", ".join(evidence.name for evidence in study.evidence), "Looked at: " + sentences.looked_at(study)]
    lines += [*part["gaps"], *known, "", *verdict, *part["shared"], *part["harms"], "", *plan, *part["fixes"], *part["remains"]]
    lines += [*part["accepted"], *part["alone"]]
    return [clip(line, COLUMNS) for line in [*lines, *([""] if written else []), *part["files"]]]


def _sentence(text: str) -> list[str]:
    return wrap(text, COLUMNS, rest="  ")[:_SENTENCE] if text else []


def _parts(study: Study, written: Sequence[tuple[str, str]], room: int) -> dict[str, list[str]]:
    """The lines of each part, together not more than ``room``."""
    gaps = _missing(study)
    items = {
        "shared": [_item(text) for text in across(study)],
        "harms": [_item(_harm(harm)) for harm in reachable_harms(study)],
        "fixes": [_item(f"{one.id} {one.title} — {sentences.who(one)}; {sentences.loss_words(one.loss)}") for one in study.plan.controls],
        "remains": [_item(f"Remains: S{left.level} {sentences.event(left.name)} — {left.why}") for left in study.plan.remains],
        "accepted": [_triage(triage_sentence(study)), *_stays_open(study)] if study.triage else [],
        "alone": [[f"  {sentences.alone_brief(plan)}"] for plan in sentences.alternatives(study)],
        "files": [[f"{format_}: {path}"] for format_, path in written],
    }
    needs = {name: sum(map(len, lines)) for name, lines in items.items()} | {"gaps": len(_gaps(gaps, LINES))}
    least = _LEAST | {"accepted": 0} | (_WITH_TRIAGE if study.triage else {}) | (_WITH_SHARED if needs["shared"] else {})
    least |= _WITH_TRAFFIC if network.was_recorded(study) else {}
    given = _share(needs, room, least)
    names = {"harms": "harm", "fixes": "fix", "remains": "remaining harm", "accepted": "accepted harm", "alone": "party", "files": "file"}
    names["shared"] = "shared secret"
    part = {name: _few(lines, given[name], names[name]) for name, lines in items.items()}
    return part | {"gaps": _gaps(gaps, given["gaps"]), "accepted": _accepted(study, given["accepted"])}


def _share(needs: dict[str, int], room: int, least: dict[str, int]) -> dict[str, int]:
    """How many lines each part has."""
    given = {name: min(need, least[name]) for name, need in needs.items()}
    for name in _THEN:
        given[name] += max(0, min(needs[name] - given[name], room - sum(given.values())))
    return given


def _accepted(study: Study, most: int) -> list[str]:
    """What was accepted and what needs somebody, then the harms that stay possible through it; where there is no room, all of it in numbers."""
    if not study.triage:
        return []
    stays, head = _stays_open(study), _triage(triage_sentence(study))
    if len(head) + sum(map(len, stays)) > most:
        head = _triage(triage_brief(study))
    return head + (_few(stays, most - len(head), "accepted harm") if len(head) < most else [])


def _triage(text: str) -> list[str]:
    return _item(f"Triage: {text}")


def _stays_open(study: Study) -> list[list[str]]:
    return [_item(f"Stays open: S{one.level} {sentences.event(one.name)} — through accepted {some(one.through)}") for one in study.accepted_harms]


def _missing(study: Study) -> list[str]:
    """A few words on each thing that could not be looked at. The share of bytes stands in the head already."""
    return [*sentences.shut(study), *brief_gaps(study)]


def _gaps(phrases: list[str], most: int) -> list[str]:
    """As many of the phrases as fit into so many lines, and the number of the others. The first is cut rather than left out."""
    for shown in range(len(phrases), 0, -1):
        left = [f"{len(phrases) - shown} more: {_MORE}"] if shown < len(phrases) else []
        lines = wrap("NOT looked at: " + "; ".join([*phrases[:shown], *left]), COLUMNS, first="  ", rest="    ", limit=COLUMNS * LINES)
        if len(lines) <= most:
            return lines
    return [f"  NOT looked at: {clip(phrases[0], COLUMNS // 2)}; {len(phrases) - 1} more: {_MORE}"] if phrases else []


def _item(text: str) -> list[str]:
    return wrap(visible(text, COLUMNS * _ITEM - 30), COLUMNS, first="  ", rest="    ")[:_ITEM]


def _harm(harm: ReachableHarm) -> str:
    detail = ", ".join(
        (["many patients"] if harm.many_patients else [])
        + [ways(len(harm.paths)), BRIEF_FEASIBILITY.get(harm.feasibility, "not rated")]
        + ([BRIEF_CERTAINTIES[harm.shown]] if harm.shown else [])
        + (["acceptable"] if harm.acceptable else [])
    )
    return f"S{harm.level} {BRIEF_LEVELS[harm.level]}: {harm.name.rstrip('. ')} ({detail})"


def ways(number: int) -> str:
    """How many ways are told; where the list was full there may be more."""
    return count(number, "way") + (" or more" if number >= PATHS_PER_HARM else "")


def _few(items: list[list[str]], most: int, one: str) -> list[str]:
    """The first items that fit into so many lines whole; the others are counted in the last line."""
    if sum(map(len, items)) <= most:
        return [line for item in items for line in item]
    lines: list[str] = []
    shown = 0
    while len(lines) + len(items[shown]) < most:
        lines += items[shown]
        shown += 1
    many = f"more {one}es" if one == "fix" else ""
    return [*lines, f"  and {count(len(items) - shown, f'more {one}', many)}: {_MORE}"]
