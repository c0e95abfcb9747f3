"""``asepsis explain`` about a published flaw or a part: range, reasons for and against, what was looked for, what closed or opened it, places."""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.model.software import VexStatus
from asepsis.model.study import Study
from asepsis.model.vulnerability import Match
from asepsis.model.where import Where
from asepsis.reports.flaws import Flaws, by_part, effect, flaws, looked_for, sentence
from asepsis.reports.text import count, join, some
from asepsis.reports.words import DECIDED_BY, REACHED, VERDICTS

_PLACES = 10
_NAMED = 40
"""Numbers of flaws that one line names."""


def about_flaw(study: Study, name: str) -> list[str]:
    """Every part that the flaw was matched to, with its verdict. ``name`` is its number or the id of one match."""
    found = flaws(study)
    return [line for match in study.vulnerabilities if name in {match.vulnerability, match.id} for line in _match(study, found, match)]


def about_part(study: Study, label: str) -> list[str]:
    """All published flaws of one part: how many are open, undecided and closed, why, and their numbers."""
    own = [match for match in study.vulnerabilities if label in {match.component, match.label}]
    found = flaws(study)
    kinds = (
        ("On a way to harm", found.on_path),
        (found.on_no_way.capitalize(), found.used),
        ("Undecided: somebody has to look", found.undecided),
        ("Closed", found.closed),
    )
    lines = [f"{label}  {count(len(own), 'published flaw')} by version"]
    for title, matches in kinds:
        mine = [match for match in matches if match in own]
        lines += [f"{title}: {len(mine)}", *_grouped(mine)] if mine else []
    return [*lines, "What would change the verdict", "  See each flaw: asepsis explain STUDY CVE-…"]


def not_here(study: Study, name: str) -> str:
    """Why there is nothing to say of a flaw that no part was matched to."""
    if not looked_for(study):
        return sentence(study)
    other = "" if name.startswith("CVE-") else "; a flaw that has a CVE number is kept under its CVE number: ask by that"
    return f"{name} concerns no part of this device that was recognised, by its version, or is not in the knowledge that was imported{other}"


def _match(study: Study, found: Flaws, match: Match) -> list[str]:
    lines = [f"{match.vulnerability} in {match.label}  ({match.id})", *([f"  {match.summary}"] if match.summary else []), *_known(match)]
    lines += ["Verdict", f"  {VERDICTS[match.status]}, decided by {DECIDED_BY.get(match.decided_by, match.decided_by)}"]
    lines += [f"  Reason as VEX says it: {match.justification.value.replace('_', ' ')}"] if match.justification else []
    lines += _listed("For", match.for_) + _listed("Against", match.against)
    lines += ["What was looked for", f"  Whether the part is used: {REACHED[match.reached]}", f"  What the flaw gives: {effect(match)}"]
    lines += [f"  Names that it was looked up by: {join([name for name in (match.purl, match.cpe) if name])}"] if match.purl or match.cpe else []
    lines += [f"  Assumed: {text}" for text in match.assumes]
    lines += ["Places", *(f"  {_place(study, where)}" for where in match.where[:_PLACES])]
    lines += [f"  and {len(match.where) - _PLACES} more"] if len(match.where) > _PLACES else []
    return [*lines, *_leads(found, match), "What would change the verdict", *(f"  {text}" for text in _change(match))]


def _known(match: Match) -> list[str]:
    """What the feeds say of the flaw itself."""
    said = [f"  Known to be used in attacks since {match.exploited_since} (CISA KEV)"] if match.exploited_since else []
    cwes = ", ".join(f"CWE-{cwe}" for cwe in match.cwes)
    said += [f"  Score: {match.vector}"] if match.vector else ["  Nobody has scored it"]
    said += [f"  Weakness: {cwes}"] if cwes else []
    said += [f"  EPSS {match.epss:g}: learned from office networks, and no probability of harm"] if match.epss is not None else []
    return [*said, f"  Sources: {join(list(match.sources))}"] if match.sources else said


def _leads(found: Flaws, match: Match) -> list[str]:
    ways = found.ways(match)
    if ways:
        return ["Leads to", *(f"  {path.id} S{path.harm.level}: {path.harm.name.rstrip('.')}" for path in ways)]
    if match.status is not VexStatus.AFFECTED:
        return []
    return ["Leads to", "  no harm that could be derived" if found.all_ways else "  none of the ways that are told; there may be more"]


def _change(match: Match) -> list[str]:
    """What would open or close it, by where it stands."""
    match match.status:
        case VexStatus.AFFECTED:
            return ["A version without it, or the maker's word with a reason (VEX) that this device is not affected, would close it"]
        case VexStatus.UNDER_INVESTIGATION:
            missing = [f"Evidence about this would settle it: {text}" for text in match.against]
            return [*missing, "The maker's word with a reason (VEX) would close it"]
        case _:
            return ["It opens again if what closed it falls: see above"]


def _grouped(matches: Sequence[Match]) -> list[str]:
    lines = []
    for label, groups in by_part(matches):
        for group in groups:
            names = [f"{one.vulnerability}{' (KEV)' if one.exploited_since else ''}" for one in group.flaws]
            lines += [f"  {label}: {'; '.join(group.because) or 'no reason was given'}", f"    {some(names, _NAMED)}"]
    return lines


def _listed(title: str, texts: tuple[str, ...]) -> list[str]:
    return [title, *(f"  {text}" for text in texts)] if texts else []


def _place(study: Study, where: Where) -> str:
    name = next((evidence.name for evidence in study.evidence if evidence.id == where.evidence), where.evidence)
    return str(where) if str(where).startswith(name) else f"{name}: {where}"
