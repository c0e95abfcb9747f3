"""What CVSS v3.1 and v4.0 ask of the surroundings alike: security requirements and the modified attack vector.

Clinical rules of the rubric: requirements are high where wrong or delayed therapy or a reportable breach of privacy follows (rule 6);
segmentation shows in the modified attack vector and nowhere else (rule 1).
"""

from __future__ import annotations

from asepsis.model.facts import Effect
from asepsis.risk.path_view import is_segmented, view
from asepsis.risk.scheme import Case
from asepsis.risk.sheet import Sheet

SERIOUS = 3
"""From this harm level on, wrong or delayed therapy follows (an injury that needs treatment)."""


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
