"""Severity of the harm × feasibility of the path → acceptable or not. This is what Asepsis ranks and plans by.

The method is ISO 14971:2019's risk evaluation (clause 6) with the five severity steps of ISO/TR 24971 and, in place of a probability, the
exploitability classes that FDA asks for. The matrix and its acceptance line are data that the user can replace; "unacceptable" is what
FDA's postmarket guidance (2016) calls an uncontrolled risk. Barriers that nobody verified lower the feasibility, and so the rank, by a
class; never the severity, and never the verdict: a claim alone must not make a harm acceptable.
"""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.knowledge.risk_data import FEASIBILITY, SEVERITIES, FeasibilityScale, RiskMatrix, feasibility_scale, risk_matrix
from asepsis.model.rating import SchemeRating
from asepsis.risk.feasibility import Feasibility, feasibility_of
from asepsis.risk.scheme import Case, SchemeInfo
from asepsis.risk.sheet import Sheet

ID = "patient_harm"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evaluation of one path: what the matrix was asked, and what it said. ``counted`` is the severity after many patients."""

    severity: int
    counted: int
    many_patients: bool
    feasibility: str
    acceptable: bool
    found: Feasibility
    sheet: Sheet


class PatientHarm:
    """The patient-harm scheme with one risk matrix."""

    info = SchemeInfo(ID, "Patient harm: severity and feasibility", "1", "ISO 14971:2019, ISO/TR 24971:2020, FDA postmarket guidance 2016")

    def __init__(self, matrix: RiskMatrix | None = None, scale: FeasibilityScale | None = None) -> None:
        """Without arguments, the shipped matrix and feasibility classes."""
        self.matrix, self.scale = matrix or risk_matrix(), scale or feasibility_scale()

    def weigh(self, case: Case) -> Weighed:
        """Evaluate one path."""
        found = feasibility_of(case.path, self.scale)
        sheet = Sheet(ID, case.overrides)
        severity, many = self._harm(case, sheet)
        self._hops(case, found, sheet)
        feasibility = sheet.ask(
            "feasibility",
            "how feasible is the path?",
            value=found.level,
            because=_why(case, found),
            allowed=FEASIBILITY,
        )
        counted = self.matrix.counted(severity, many_patients=many)
        judged = feasibility if f"{ID}.feasibility" in case.overrides else found.shown
        acceptable = self.matrix.acceptable(severity, judged, many_patients=many)
        unclaimed = " without the claimed barriers" if judged != feasibility else ""
        cell = f"S{severity}, {'many patients' if many else 'one patient'}, {judged} feasibility{unclaimed}"
        sheet.note("verdict", "does the matrix accept it?", value=_word(acceptable), because=f"{cell}: row {counted} of the matrix")
        sheet.note("fda", "in the words of FDA's postmarket guidance", value=_fda(acceptable), because="the same verdict", by="assumption")
        sheet.note("matrix", "which risk matrix?", value=self.matrix.origin.title, because=str(self.matrix.origin), by="assumption")
        sheet.note("classes", "which feasibility classes?", value=self.scale.origin.title, because=str(self.scale.origin), by="assumption")
        return Weighed(severity, counted, many, feasibility, acceptable, found, sheet)

    def rate(self, case: Case) -> SchemeRating:
        """The evaluation as a rating: the verdict is ``acceptable`` or ``unacceptable``, there is no score."""
        weighed = self.weigh(case)
        return SchemeRating(ID, self.info.version, _word(weighed.acceptable), answers=weighed.sheet.answers)

    def _harm(self, case: Case, sheet: Sheet) -> tuple[int, bool]:
        harm = case.path.harm
        levels = [str(level) for level in SEVERITIES]
        because = f"{harm.name.rstrip('.')} ({self.matrix.severity[harm.level]})"
        severity = sheet.ask("severity", "how bad is the worst harm?", value=str(harm.level), because=because, allowed=levels)
        reasons = "; ".join(reason.rstrip(".") for reason in case.path.many_because) or (
            "the harm is of many patients" if harm.many_patients else "nothing on the path is shared"
        )
        many = "yes" if harm.many_patients else "no"
        many = sheet.ask("many_patients", "can one act strike many patients?", value=many, because=reasons, allowed=("yes", "no"))
        return int(severity), many == "yes"

    def _hops(self, case: Case, found: Feasibility, sheet: Sheet) -> None:
        path = case.path
        sheet.note("start", "where does the attacker start?", value=path.start, because="the first place of the path", by="evidence")
        sheet.note("hops", "how many hops?", value=str(len(path.steps)), because="steps of the path", by="evidence")
        if found.hardest is not None:
            value = f"{found.hardest.exploitability:.3f} of {self.scale.maximum}"
            sheet.note("weakest_hop", "exploitability of the hardest hop?", value=value, because=found.hardest.sentence, by="evidence")
        product = f"{found.product:.4f}"
        sheet.note("order", "place among paths of the same class?", value=product, because="product over the hops; a rank, no probability")
        sheet.note("skill", "what must the attacker know?", value=found.skill.name, because="by the claims of the hops", by="assumption")


def _why(case: Case, found: Feasibility) -> str:
    """The reason for a feasibility class, in one sentence."""
    if found.hardest is None:
        return "the path has no hop that asks for effort"
    said = f"the hardest hop is {found.shown}: {found.hardest.sentence.rstrip('.')}"
    if not case.path.barriers_claimed:
        return said
    return f"{said}; claimed but not verified, so one class lower at most: {', '.join(barrier.rstrip('.') for barrier in case.path.barriers_claimed)}"


def _word(acceptable: bool) -> str:
    return "acceptable" if acceptable else "unacceptable"


def _fda(acceptable: bool) -> str:
    return "controlled risk" if acceptable else "uncontrolled risk"
