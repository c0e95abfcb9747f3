"""CVSS v3.1: base metrics from the rubric's answers, environmental metrics from the site and the harm.

``score`` is the overall (environmental) score of ``vector``; the base score is among the answers. Segmentation appears in the modified
attack vector only, never in the base (clinical rule 1). Confidentiality, integrity and availability requirements are high where wrong
or delayed therapy or a reportable breach of privacy follows (clinical rule 6).
Source: FIRST, CVSS v3.1 specification; FDA accepts declarations of conformity to v3.1 until 2028-07-02.
"""

from __future__ import annotations

from asepsis.model.rating import SchemeRating
from asepsis.risk.cvss_score import qualitative, score3, vector_of
from asepsis.risk.environment import modified_attack_vector, requirements
from asepsis.risk.pre_answers import answer
from asepsis.risk.rubric_table import CATEGORIES, metrics
from asepsis.risk.scheme import Case, SchemeInfo
from asepsis.risk.sheet import Sheet

NAMES = {
    "AV": ("attack vector", "NALP"),
    "AC": ("attack complexity", "LH"),
    "PR": ("privileges required", "NLH"),
    "UI": ("user interaction", "NR"),
    "S": ("scope", "UC"),
    "C": ("confidentiality impact", "HLN"),
    "I": ("integrity impact", "HLN"),
    "A": ("availability impact", "HLN"),
}
CODES_OF = {
    "AV": ("XAVN", "XAVT", "XAVW", "XAVR", "XAVP"),
    "AC": ("XACL",),
    "PR": ("XPRL", "XPRZ", "XPRS"),
    "UI": ("XUI",),
    "S": ("XS",),
    **{letter: tuple(f"X{letter}{category}" for category in CATEGORIES) for letter in "CIA"},
}


class Cvss3:
    """The CVSS v3.1 scheme."""

    info = SchemeInfo("cvss3", "CVSS v3.1", "3.1", "FIRST, CVSS v3.1 specification")

    def rate(self, case: Case) -> SchemeRating:
        """Score one path as a chain."""
        answers, _ = answer(case)
        sheet = Sheet(self.info.id, case.overrides)
        filled = base_metrics(answers, sheet)
        base = score3(vector_of("3.1", filled)).base
        filled |= requirements(case, filled, sheet)
        filled["MAV"] = modified_attack_vector(case, filled["AV"], sheet)
        vector = vector_of("3.1", filled)
        score = score3(vector).environmental
        sheet.note("base score", "without the environment?", value=f"{base:.1f}", because=qualitative(base))
        return SchemeRating(self.info.id, self.info.version, qualitative(score), score, vector, sheet.answers)


def base_metrics(answers: dict[str, str], sheet: Sheet) -> dict[str, str]:
    """The eight base metrics of v3, each with the rubric's answers that led to it."""
    filled = {}
    for name, value in metrics(answers).items():
        text, letters = NAMES[name]
        because = "rubric " + ", ".join(f"{code}={answers[code]}" for code in CODES_OF[name])
        filled[name] = sheet.ask(name, text, value=value, because=because, allowed=letters)
    return filled
