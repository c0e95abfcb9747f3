"""SSVC: what the hospital (deployer) and the maker (supplier) should do, by CERT/CC's decision tables.

Inputs come from the path: safety from the harm, exposure from the widest zone it enters through, automatable from whether somebody
has to be present. Exploitation is ``active`` or ``public poc`` where a finding says so, and ``public poc`` where every hop is a well-known
method (a log-in, an open service, capture and replay), which SSVC counts as public; else ``none``, an assumption. CISA's timetable of
BOD 26-04 binds US federal agencies; a hospital may take it as a clock.
Source: CERT/CC, SSVC 2.1 decision tables; CISA BOD 26-04 (2026).
"""

from __future__ import annotations

from asepsis.knowledge.ssvc_data import Ssvc as Tables
from asepsis.knowledge.ssvc_data import ssvc
from asepsis.model.rating import SchemeRating
from asepsis.risk.path_view import PathView, automatable, view
from asepsis.risk.scheme import Case, SchemeInfo
from asepsis.risk.sheet import Sheet

WELL_KNOWN = frozenset({"accepts", "service", "readable", "alterable", "replayable", "believes_strangers", "exposes_record", "unprotected"})
"""Weaknesses that ordinary tools, or malware that is public, exploit: SSVC's "well-known method of exploitation"."""

NEEDS_AN_EXPLOIT = frozenset({"vulnerable", "out_of_date", "unsigned_update"})
MOST_EXPOSED_FIRST = ("open", "controlled", "small")


class Ssvc:
    """The SSVC scheme."""

    info = SchemeInfo("ssvc", "SSVC decisions of hospital and maker", "2.1", "CERT/CC SSVC; CISA BOD 26-04")

    def rate(self, case: Case) -> SchemeRating:
        """Both decisions and the clock. The verdict names both: ``hospital: …; maker: …``."""
        tables, path, sheet = ssvc(), view(case), Sheet(self.info.id, case.overrides)
        given = _points(case, path, tables, sheet)
        for name in ("human_impact", "utility", "public_safety"):
            given[name] = _look_up(name, name.replace("_", " "), given, tables, sheet)
        hospital = _look_up("deployer", "what should the hospital do?", given, tables, sheet)
        maker = _look_up("supplier", "what should the maker do?", given, tables, sheet)
        _look_up("bod_26_04", "suggested clock, after CISA BOD 26-04?", given, tables, sheet)
        sheet.note("tables", "which decision tables?", value=tables.origin.version, because=str(tables.origin), by="assumption")
        return SchemeRating(self.info.id, self.info.version, f"hospital: {hospital}; maker: {maker}", answers=sheet.answers)


def _look_up(name: str, text: str, given: dict[str, str], tables: Tables, sheet: Sheet) -> str:
    table = tables.tables[name]
    values = [given[point] for point in table.inputs]
    because = ", ".join(f"{point.replace('_', ' ')} {value}" for point, value in zip(table.inputs, values, strict=True))
    return sheet.note(name, text, value=table.decide(*values), because=because)


def _points(case: Case, path: PathView, tables: Tables, sheet: Sheet) -> dict[str, str]:
    """The decision points that are asked, each overridable."""
    harm = case.path.harm
    death_of_many = harm.many_patients and tables.safety[harm.level] == "critical"
    safety = tables.safety_death_of_many if death_of_many else tables.safety[harm.level]
    why = f"S{harm.level}{', many patients' if harm.many_patients else ''}: {harm.name}"
    control = "the path gives control of the device" if path.gives_control else "the path gives one function, not the device"
    rich = case.device.patients_per_unit > 1 or "serves_many" in path.predicates
    exposure, exposed_by = _exposure(path, tables)
    known = _is_active(case)
    guesses = {
        "exploitation": ("is it exploited?", *_exploitation(case, path)),
        "exposure": ("how exposed is the system?", exposure, exposed_by),
        "automatable": ("can attacks be automated?", *automatable(path, tables.presence)),
        "value_density": (
            "how much hangs on one unit?",
            "concentrated" if rich else "diffuse",
            f"patients per unit: {case.device.patients_per_unit}",
        ),
        "technical_impact": ("how much does the attacker get?", "total" if path.gives_control else "partial", control),
        "safety": ("how bad for patients?", safety, why),
        "mission": ("how bad for the hospital's work?", tables.mission[harm.level], f"taken from the harm's level; {why}"),
        "known_exploited": ("in the catalogue of exploited flaws?", "yes" if known else "no", "as the findings say; no newer catalogue was asked"),
        "exposed": ("publicly exposed?", "yes" if exposure == "open" else "no", exposed_by),
    }
    return {
        code: sheet.ask(code, text, value=value, because=because, by="assumption", allowed=tables.values[code])
        for code, (text, value, because) in guesses.items()
    }


def _is_active(case: Case) -> bool:
    return any(finding.exploitation == "active" for finding in case.findings)


def _exploitation(case: Case, path: PathView) -> tuple[str, str]:
    if _is_active(case):
        return "active", "a flaw of the path is known to be exploited"
    if any(finding.exploitation == "public poc" for finding in case.findings):
        return "public poc", "a proof of concept for a flaw of the path is public"
    if path.predicates & WELL_KNOWN and not path.predicates & NEEDS_AN_EXPLOIT:
        return "public poc", "every hop is a well-known method that ordinary tools carry out"
    return "none", "no exploit is known to the evidence; no catalogue of exploits was asked"


def _exposure(path: PathView, tables: Tables) -> tuple[str, str]:
    """The widest zone decides; a zone that the table does not know counts as open."""
    by_zone = {zone: tables.exposure.get(zone, "open") for zone in sorted(path.zones)}
    widest = next(word for word in MOST_EXPOSED_FIRST if word in by_zone.values())
    return widest, "entered from " + ", ".join(zone.replace("_", " ") for zone, word in by_zone.items() if word == widest)
