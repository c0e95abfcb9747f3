"""The rating schemes, one a file, in the order they are shown: the one that ranks first, then what stands beside it."""

from __future__ import annotations

from asepsis.risk.scheme import Scheme
from asepsis.risk.schemes.cvss3 import Cvss3
from asepsis.risk.schemes.cvss4 import Cvss4
from asepsis.risk.schemes.patient_harm import PatientHarm
from asepsis.risk.schemes.rubric import Rubric
from asepsis.risk.schemes.ssvc import Ssvc


def beside(harm: PatientHarm) -> tuple[Scheme, ...]:
    """Every scheme, with the patient-harm scheme that ranks in front."""
    return (harm, Cvss4(), Cvss3(), Rubric(), Ssvc())
