"""CVSS v3.1: base metrics from the rubric's answers, environmental metrics from the site and the harm.

``score`` is the overall (environmental) score of ``vector``; the base score is among the answers. Segmentation appears in the modified
attack vector only, never in the base (clinical rule 1). Confidentiality, integrity and availability requirements are high where wrong
or delayed therapy or a reportable breach of privacy follows (clinical rule 6).
Source: FIRST, CVSS v3.1 specification; FDA accepts declarations of conformity to v3.1 until 2028-07-02.
"""

from __future__ import annotations

from asepsis.model.facts import Effect
from asepsis.model.rating import SchemeRating
from asepsis.risk.cvss_score import qualitative, score3, vector_of
from asepsis.risk.path_view import is_segmented, view
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
SERIOUS = 3
"""From this harm level on, wrong or delayed therapy follows (an injury that needs treatment)."""


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


def requirements(case: Case, filled: dict[str, str], sheet: Sheet) -> dict[str, str]:
    """CR, IR, AR by clinical rule 6; the same in v3 and v4."""
    harm = case.path.harm
    therapy = harm.effect is not Effect.RECORD and harm.level >= SERIOUS
    privacy = harm.effect is Effect.RECORD and filled.get("C", filled.get("VC")) != "N"
    why = f"S{harm.level}: {harm.name}"
    wanted = {"CR": privacy, "IR": therapy, "AR": therapy}
    texts = {"CR": "confidentiality requirement", "IR": "integrity requirement", "AR": "availability requirement"}
    return {
        name: sheet.ask(name, texts[name], value="H" if high else "X", because=why if high else "no raised need shown", allowed="XHML")
        for name, high in wanted.items()
    }


def modified_attack_vector(case: Case, attack_vector: str, sheet: Sheet) -> str:
    """MAV: adjacent where the site's segmentation keeps wide networks away from a networked entry; the same in v3 and v4."""
    path = view(case)
    apart = attack_vector == "N" and is_segmented(path, case.site)
    because = (
        f"site '{case.site.name}': no link leads from a wide network to {path.entry.zone if path.entry else 'it'}"
        if apart
        else "no segmentation shown"
    )
    return sheet.ask("MAV", "modified attack vector", value="A" if apart else "X", because=because, allowed="XNALP")
