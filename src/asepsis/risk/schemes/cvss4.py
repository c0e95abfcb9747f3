"""CVSS v4.0: base from the rubric's answers, safety from the harm, environment from the site; supplemental where evidence tells.

The base metrics of v4 follow from those of v3.1: a machine in the middle is an attack *requirement* (AT) in v4 and no complexity, a
changed scope becomes impact on subsequent systems. Safety is Present, and the modified integrity or availability of the subsequent
system is Safety, where the harm is marginal or worse in the terms of IEC 61508 (major injuries; S3 and above). Recovery and provider
urgency stay undefined: the evidence does not tell the one, and the other is the maker's to say.
Source: FIRST, CVSS v4.0 specification (2023).
"""

from __future__ import annotations

from asepsis.knowledge.ssvc_data import ssvc
from asepsis.model.facts import Effect
from asepsis.model.rating import SchemeRating
from asepsis.risk.cvss_score import qualitative, score4, vector_of
from asepsis.risk.environment import SERIOUS, modified_attack_vector, requirements
from asepsis.risk.path_view import automatable, view
from asepsis.risk.pre_answers import answer
from asepsis.risk.rubric_table import metrics
from asepsis.risk.scheme import Case, SchemeInfo
from asepsis.risk.sheet import Sheet

ORDER = (
    *("AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA", "E"),
    *("CR", "IR", "AR", "MAV", "MSI", "MSA", "S", "AU", "R", "V", "U"),
)
"""Metrics in the order of the specification's vector string."""


class Cvss4:
    """The CVSS v4.0 scheme."""

    info = SchemeInfo("cvss4", "CVSS v4.0", "4.0", "FIRST, CVSS v4.0 specification")

    def rate(self, case: Case) -> SchemeRating:
        """Score one path as a chain."""
        answers, _ = answer(case)
        sheet = Sheet(self.info.id, case.overrides)
        filled = _base(metrics(answers), sheet)
        base = score4(vector_of("4.0", {name: filled[name] for name in ORDER if name in filled}))
        filled |= _threat(case, sheet)
        filled |= requirements(case, filled, sheet)
        filled["MAV"] = modified_attack_vector(case, filled["AV"], sheet)
        filled |= _safety(case, sheet) | _supplemental(case, sheet)
        vector = vector_of("4.0", {name: filled[name] for name in ORDER})
        score = score4(vector)
        sheet.note("base score", "without threat and environment?", value=f"{base:.1f}", because=qualitative(base))
        return SchemeRating(self.info.id, self.info.version, qualitative(score), score, vector, sheet.answers)


def _base(three: dict[str, str], sheet: Sheet) -> dict[str, str]:
    between, changed = three["AC"] == "H", three["S"] == "C"
    table = [
        ("AV", "attack vector", three["AV"], "as in v3.1", "NALP"),
        ("AC", "attack complexity", "L", "no defence has to be evaded that the evidence shows", "LH"),
        ("AT", "attack requirements", "P" if between else "N", "v3.1 AC:H is a requirement in v4" if between else "as v3.1 AC:L", "NP"),
        ("PR", "privileges required", three["PR"], "as in v3.1", "NLH"),
        ("UI", "user interaction", "P" if three["UI"] == "R" else "N", f"v3.1 UI:{three['UI']}", "NPA"),
        *[(f"V{letter}", f"{name} of the device", three[letter], f"v3.1 {letter}:{three[letter]}", "HLN") for letter, name in _TRIAD],
        *[(f"S{letter}", f"{name} of other systems", three[letter] if changed else "N", f"v3.1 S:{three['S']}", "HLN") for letter, name in _TRIAD],
    ]
    return {code: sheet.ask(code, text, value=value, because=why, allowed=letters) for code, text, value, why, letters in table}


_TRIAD = (("C", "confidentiality"), ("I", "integrity"), ("A", "availability"))


def _threat(case: Case, sheet: Sheet) -> dict[str, str]:
    active = any(finding.exploitation == "active" for finding in case.findings)
    value, because, by = (
        ("A", "a flaw of the path is known to be exploited", "evidence") if active else ("X", "not known: taken as attacked", "worst-case")
    )
    return {"E": sheet.ask("E", "exploit maturity", value=value, because=because, by=by, allowed="XAPU")}


def _safety(case: Case, sheet: Sheet) -> dict[str, str]:
    """MSI or MSA = Safety by the harm's effect, and the supplemental Safety metric."""
    harm = case.path.harm
    hurts = harm.level >= SERIOUS
    stops = harm.effect is Effect.STOP
    why = f"S{harm.level}: {harm.name}"
    values = {"MSI": "S" if hurts and not stops else "X", "MSA": "S" if hurts and stops else "X", "S": "P" if hurts else "N"}
    texts = {"MSI": "modified integrity of the patient's side", "MSA": "modified availability of the patient's side", "S": "safety"}
    allowed = {"MSI": "XSHLN", "MSA": "XSHLN", "S": "XPN"}
    return {code: sheet.ask(code, texts[code], value=values[code], because=why, allowed=allowed[code]) for code in values}


def _supplemental(case: Case, sheet: Sheet) -> dict[str, str]:
    automatic, why = automatable(view(case), ssvc().presence)
    rich = case.device.patients_per_unit > 1
    return {
        "AU": sheet.ask("AU", "automatable", value="Y" if automatic == "yes" else "N", because=why, by="assumption", allowed="XYN"),
        "R": sheet.ask("R", "recovery", value="X", because="how the device recovers was not tested", allowed="XAUI"),
        "V": sheet.ask(
            "V", "value density", value="C" if rich else "D", because=f"patients per unit: {case.device.patients_per_unit}", allowed="XDC"
        ),
        "U": sheet.ask("U", "provider urgency", value="X", because="the maker's to say", allowed=("X", "Clear", "Green", "Amber", "Red")),
    }
