"""MITRE's rubric for applying CVSS to medical devices: 31 questions, answered from evidence, with the trail kept.

The vector of this rating is the *extended vector*: every code with its answer, then the roll-ups. The score is the CVSS v3.0 base score
of the metrics that the decision table gives, as the rubric was written for v3.0. Unknown takes the worse value. What raises the
potential impact on patient safety is named, with the rubric's consequence: do a safety hazard analysis.
"""

from __future__ import annotations

from asepsis.knowledge.risk_data import rubric_data
from asepsis.model.rating import SchemeRating
from asepsis.risk.cvss_score import qualitative, score3, vector_of
from asepsis.risk.pre_answers import SCHEME, answer
from asepsis.risk.rubric_table import extended_vector, metrics, needs_hazard_analysis
from asepsis.risk.scheme import Case, SchemeInfo


class Rubric:
    """The rubric scheme."""

    info = SchemeInfo(SCHEME, "MITRE rubric for CVSS on medical devices", "0.12.04", "MITRE 2020, FDA-qualified Medical Device Development Tool")

    def rate(self, case: Case) -> SchemeRating:
        """Answer the questions, roll them up, score them."""
        answers, sheet = answer(case)
        base = metrics(answers)
        vector = vector_of("3.0", base)
        score = score3(vector).base
        sheet.note("vector", "which CVSS v3.0 base vector follows?", value=vector, because="the rubric's decision table")
        raised = needs_hazard_analysis(answers)
        hazard = "yes" if raised else "no"
        because = f"by {', '.join(raised)}: do a safety hazard analysis" if raised else "no answer on diagnosis, therapy or workflow raises it"
        sheet.note("PIPS", "is there a potential impact on patient safety?", value=hazard, because=because)
        sheet.note("source", "which questions?", value=str(len(answers)), because=str(rubric_data().origin), by="assumption")
        return SchemeRating(SCHEME, self.info.version, qualitative(score), score, extended_vector(answers, base), sheet.answers)
