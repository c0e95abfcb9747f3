"""The difference of two studies in harm terms: what can no longer happen to a patient, what newly can, and what cannot be told.

A harm is reported as closed only if its absence was *seen*: a weakness of each of its paths is gone, its rule could tell, and the
place where it was could be looked at. Silence that comes from looking at less is never reported as health.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from asepsis.model.attack import Path
from asepsis.model.evidence import Cause, EvidenceKind, Problem
from asepsis.model.finding import Finding
from asepsis.model.study import Study
from asepsis.model.where import CHAIN
from asepsis.reports.carried import Carried, Fate, carried_over
from asepsis.reports.harms import HarmKey, ReachableHarm, harm_key, reachable_harms
from asepsis.reports.text import count, percent, visible
from asepsis.reports.triage import accepted, harm_words
from asepsis.reports.triage_text import carried
from asepsis.reports.words import KINDS, harm_level, zone

_LOCAL = frozenset({Cause.BROKEN_INPUT, Cause.NOT_PERMITTED})
"""Problems of one place; all others may have kept anything from being looked at."""
_POINT = 0.01
"""A loss of coverage below one percentage point is padding, not blindness."""
_NAMED = 3
_NUMBERS = re.compile(r"0x[0-9a-f]+|[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a path of OLD: ``closed`` because of the weakness named, or not to be told because of ``doubt``."""

    closed: bool
    why: str


def difference(old: Study, new: Study) -> list[str]:
    """Lines that say what changed between two studies of one device, for the patient first."""
    lines = [*_comparable(old, new), *_harms(old, new), *_paths(old, new), *_findings(old, new), *_triage(old, new), *_coverage(old, new)]
    return [visible(line) for line in lines]


def next_triage(old: Study, new: Study) -> str:
    """The triage file for the firmware of NEW: what still fits as entries, everything else as comments with the reason."""
    entries = _carried(old, new)
    kept = [(one.entry, one.title) for one in entries if one.fate is Fate.CARRIED]
    dropped = [(one.entry, f"{one.fate.value}: {one.why}") for one in entries if one.fate is not Fate.CARRIED]
    return carried(kept, dropped, ", ".join(evidence.name for evidence in new.evidence))


def _carried(old: Study, new: Study) -> tuple[Carried, ...]:
    return carried_over(old, new, lambda finding: _doubt(finding, old, new, "NEW"))


def _triage(old: Study, new: Study) -> list[str]:
    """What becomes of what was accepted, and what stays possible in NEW because of it; nothing if neither study has a triage file."""
    if not old.triage and not new.triage:
        return []
    lines = [f"  {one.fate.value}: {one.entry.id} {one.title} ({one.entry.owner}): {one.why}" for one in _carried(old, new)]
    return ["Triage", *lines, *(f"  stays open in NEW: {harm_words(harm)}" for harm in new.accepted_harms)]


def _comparable(old: Study, new: Study) -> list[str]:
    """What else differs, and would explain a change without anything having been mended."""
    pairs = (
        ("device profile", old.device.id, new.device.id),
        ("site", old.site.name, new.site.name),
        ("tool version", old.tool.version, new.tool.version),
        ("knowledge date", old.knowledge.date, new.knowledge.date),
        ("vulnerability knowledge", _feeds(old), _feeds(new)),
        ("day that ends of support are compared with", old.knowledge.as_of, new.knowledge.as_of),
    )
    lines = [f"Note: the {what} differs: {before} in OLD, {after} in NEW" for what, before, after in pairs if before != after]
    contents = (("device profile", old.device != new.device), ("site", old.site != new.site))
    return lines + [f"Note: the contents of the {what} differ" for what, differ in contents if differ]


def _feeds(study: Study) -> str:
    return ", ".join(f"{feed.name} {feed.date or 'undated'}" for feed in study.knowledge.feeds) or "none"


def _harms(old: Study, new: Study) -> list[str]:
    before, after = ({harm.key: harm for harm in reachable_harms(study)} for study in (old, new))
    fates, unseen = _fates(old, new, "NEW"), _fates(new, old, "OLD")
    lines = [_opened(_harm(harm), [unseen[path.id] for path in harm.paths if path.id in unseen]) for key, harm in after.items() if key not in before]
    blind = _blind(old, new)
    left = {(harm.device, harm.function, harm.effect): harm for harm in new.accepted_harms}
    lines += [_left_open(harm, left[key].through) for key, harm in before.items() if key not in after and key in left]
    gone = {key: harm for key, harm in before.items() if key not in after and key not in left}
    lines += [_ended(harm, [fates[path.id] for path in harm.paths], blind) for harm in gone.values()]
    lines += [_still(before[key], harm) for key, harm in after.items() if key in before]
    if not lines:
        return ["Harms: none could be reached in OLD or in NEW" + _as_far(old, new)]
    return ["Harms" + ("" if new.complete else " (NEW could not be looked at completely: “closed” speaks of the ways found in OLD)"), *lines]


def _opened(what: str, fates: list[_Fate]) -> str:
    """New only if OLD could have seen it."""
    doubts = sorted({fate.why for fate in fates if not fate.closed})
    return f"  seen now, cannot tell whether it is new: {what}: {'; '.join(doubts)}" if doubts else f"  opened: {what}"


def _left_open(harm: ReachableHarm, through: tuple[str, ...]) -> str:
    return f"  still possible, but left out in NEW: {_harm(harm)}: through accepted {', '.join(through)}"


def _ended(harm: ReachableHarm, fates: list[_Fate], blind: list[str]) -> str:
    doubts = sorted({fate.why for fate in fates if not fate.closed}) or blind
    return f"  cannot tell: {_harm(harm)}: {'; '.join(doubts)}" if doubts else f"  closed: {_harm(harm)}"


def _blind(old: Study, new: Study) -> list[str]:
    """Doubts about anything of OLD that could carry a path: a study holds the shortest paths of a harm, not all of them."""
    return sorted({doubt for finding in _lost(old, new) if finding.claims and (doubt := _doubt(finding, old, new, "NEW"))})


def _as_far(old: Study, new: Study) -> str:
    said = "" if old.complete and new.complete else ", as far as each could be looked at"
    return said + (", leaving out accepted findings" if accepted(old) or accepted(new) else "")


def _still(before: ReachableHarm, after: ReachableHarm) -> str:
    changes = []
    if before.level != after.level:
        changes.append(f"was S{before.level}")
    if before.many_patients != after.many_patients:
        changes.append("now many patients" if after.many_patients else "was many patients")
    if before.feasibility != after.feasibility:
        changes.append(f"feasibility was {before.feasibility or 'not rated'}, is {after.feasibility or 'not rated'}")
    if len(before.paths) != len(after.paths):
        changes.append(f"{count(len(before.paths), 'path')} before, {len(after.paths)} now")
    return f"  still possible: {_harm(after)}" + (f" ({', '.join(changes)})" if changes else "")


def _paths(old: Study, new: Study) -> list[str]:
    fates, unseen = _fates(old, new, "NEW"), _fates(new, old, "OLD")
    opened = [_opened(_path(path), [unseen[path.id]]) for path in new.paths if path.id in unseen]
    ended = sorted((path for path in old.paths if path.id in fates), key=lambda path: (fates[path.id].closed, -path.harm.level, path.id))
    lines = [f"  {'closed' if fates[path.id].closed else 'cannot tell'}: {_path(path)}: {fates[path.id].why}" for path in ended]
    return ["Paths", *opened, *lines, f"  same: {count(len(new.paths) - len(opened), 'path')}"]


def _fates(old: Study, new: Study, new_name: str) -> dict[str, _Fate]:
    """What became of each path of one study that is not in the other, by its id."""
    after = {_way(path) for path in new.paths}
    return {path.id: _fate(path, old, new, new_name) for path in old.paths if _way(path) not in after}


def _way(path: Path) -> tuple[HarmKey, str, tuple[str, ...], tuple[str, ...]]:
    """What makes two paths the same across versions."""
    return (harm_key(path), path.start, tuple(step.move for step in path.steps), tuple(sorted(path.findings)))


def _fate(path: Path, old: Study, new: Study, new_name: str) -> _Fate:
    lost = [finding for finding in _lost(old, new) if finding.id in path.findings]
    set_aside = sorted({*path.findings} & {*accepted(new)})
    if not lost and set_aside:
        return _Fate(closed=False, why=f"accepted in {new_name}, so left out there: {', '.join(set_aside)}")
    if not lost:
        return _Fate(closed=False, why="all of its weaknesses are still there; something else differs (profile, site, tool or knowledge)")
    doubts = [_doubt(finding, old, new, new_name) for finding in lost]
    sure = [finding.title for finding, doubt in zip(lost, doubts, strict=True) if not doubt]
    if sure:
        return _Fate(closed=True, why="no longer so: " + _few(sure))
    return _Fate(closed=False, why=next(doubt for doubt in doubts if doubt))


def _few(titles: list[str]) -> str:
    more = [f"and {len(titles) - _NAMED} more"] if len(titles) > _NAMED else []
    return "; ".join([*titles[:_NAMED], *more])


def _lost(old: Study, new: Study) -> list[Finding]:
    """The findings of OLD that are not in NEW, or that state less there (telnet is still installed, but no longer started)."""
    left = {finding.id: set(finding.claims) for finding in new.findings}
    return [finding for finding in old.findings if finding.id not in left or set(finding.claims) - left[finding.id]]


def _doubt(finding: Finding, old: Study, new: Study, new_name: str) -> str:
    """Why the absence of a finding in ``new`` may only be blindness; empty if it was seen to be gone."""
    doubt = _unsure(finding, old, new) or _kind_missing(finding, old, new) or _shut(old, new) or _stumbled(finding, old, new) or _less_read(old, new)
    return f"in {new_name}, {doubt}" if doubt else ""


def _unsure(finding: Finding, old: Study, new: Study) -> str:
    """A blindness that OLD had as well is no loss: the finding was seen in spite of it."""
    before = {_NUMBERS.sub("#", one.reason) for one in old.not_assessed if one.rule == finding.rule}
    now = [one for one in new.not_assessed if one.rule == finding.rule]
    lost = [one for one in now if _NUMBERS.sub("#", one.reason) not in before]
    if lost:
        return f"{finding.rule} could not tell: {lost[0].reason}"
    ran = {one.rule for one in new.not_found} | {one.rule for one in new.findings}
    return "" if now or finding.rule in ran else f"{finding.rule} did not run"


def _kind_missing(finding: Finding, old: Study, new: Study) -> str:
    kinds = {evidence.id: _source(evidence.kind) for evidence in old.evidence}
    needed = {kinds[where.evidence] for where in finding.locations if where.evidence in kinds}
    lacking = sorted(needed - {_source(evidence.kind) for evidence in new.evidence})
    return f"{KINDS[lacking[0]]} was not given" if lacking else ""


def _source(kind: EvidenceKind) -> EvidenceKind:
    """An image and its unpacked tree tell the same."""
    return EvidenceKind.FIRMWARE if kind is EvidenceKind.DIR else kind


def _shut(old: Study, new: Study) -> str:
    before = {_place(name) for name in old.coverage.unopened}
    shut = [name for name in new.coverage.unopened if _place(name) not in before]
    return f"{shut[0]} could not be opened" if shut else ""


def _stumbled(finding: Finding, old: Study, new: Study) -> str:
    before = {_trouble(problem) for problem in old.problems}
    for problem in new.problems:
        if _trouble(problem) not in before and _hides(problem, finding, new):
            return f"{problem.where or 'a part'} could not be looked at: {problem.what}"
    return ""


def _hides(problem: Problem, finding: Finding, new: Study) -> bool:
    """Whether a problem may have hidden a finding: anything but a flaw of one other file."""
    if problem.where is None or problem.cause not in _LOCAL or problem.where.path in new.coverage.unopened:
        return True
    place = _place(problem.where.path)
    own = [_place(where.path) for where in finding.locations]
    return any(path == place or path.startswith((place + CHAIN, place + "/")) for path in own) or problem.where.member in {
        where.member for where in finding.locations
    }


def _less_read(old: Study, new: Study) -> str:
    before, after = (study.coverage.bytes_understood / max(study.coverage.bytes_total, 1) for study in (old, new))
    if before - after < _POINT:
        return ""
    return f"only {_bytes(new)} of the bytes could be understood, not {_bytes(old)}"


def _trouble(problem: Problem) -> tuple[Cause, str, str]:
    return (problem.cause, _place(problem.where.path) if problem.where else "", _NUMBERS.sub("#", problem.what))


def _place(path: str) -> str:
    """A place as it can be compared across versions: without the name of the evidence, without numbers (offsets, versions)."""
    return _NUMBERS.sub("#", path.split(CHAIN, 1)[-1] if CHAIN in path else path)


def _findings(old: Study, new: Study) -> list[str]:
    before, after = ({finding.id: finding for finding in study.findings} for study in (old, new))
    lines = [f"  new: {one.id} {one.title}" for one in new.findings if one.id not in before]
    for one in old.findings:
        if one.id not in after:
            doubt = _doubt(one, old, new, "NEW")
            lines.append(f"  cannot tell: {one.id} {one.title}: {doubt}" if doubt else f"  gone: {one.id} {one.title}")
        elif after[one.id].certainty != one.certainty:
            lines.append(f"  changed: {one.id} {one.title}: {one.certainty.value} in OLD, {after[one.id].certainty.value} in NEW")
    return ["Findings", *lines, f"  same: {count(len(set(before) & set(after)), 'finding')}"]


def _coverage(old: Study, new: Study) -> list[str]:
    shut, trouble = len(new.coverage.unopened), len(new.problems)
    return [
        "Coverage",
        f"  bytes understood: {_bytes(old)} in OLD, {_bytes(new)} in NEW",
        f"  parts that could not be opened: {len(old.coverage.unopened)} in OLD, {shut} in NEW",
        f"  problems while looking: {len(old.problems)} in OLD, {trouble} in NEW",
        f"  rules that could not tell: {len(old.not_assessed)} in OLD, {len(new.not_assessed)} in NEW",
    ]


def _bytes(study: Study) -> str:
    return percent(study.coverage.bytes_understood, study.coverage.bytes_total)


def _harm(harm: ReachableHarm) -> str:
    return f"{harm_level(harm.level)}{', many patients' if harm.many_patients else ''}: {harm.name.rstrip('.')}"


def _path(path: Path) -> str:
    return f"{path.id} ({zone(path.start)}) to S{path.harm.level} {path.harm.name.rstrip('.')}"
