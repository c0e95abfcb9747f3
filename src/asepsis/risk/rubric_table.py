"""The decision table of the medical-device rubric: 31 answers in, eight CVSS v3 base metrics out.

Source: MITRE, "Rubric for Applying CVSS to Medical Devices", v0.12.04 (FDA-qualified Medical Device Development Tool, 2020-10-20), as recovered
from two independent implementations. What is unknown takes the worse value. Known faults of public implementations that this
table does not share: a blank attack vector for an unknown wireless range, and availability read from the wrong category.
"""

from __future__ import annotations

from collections.abc import Mapping

YES, NO, UNKNOWN, LOW, HIGH = "yes", "no", "unknown", "low", "high"

QUESTIONS = ("XAVN", "XAVT", "XAVW", "XAVR", "XAVP", "XAVPA", "XACL", "XPRL", "XPRZ", "XPRS", "XUI", "XS")
CATEGORIES = {"P": "patient data", "D": "diagnosis and monitoring", "T": "therapy", "W": "workflow", "S": "system data", "O": "other data"}
IMPACTS = tuple(f"X{letter}{category}" for category in CATEGORIES for letter in "CIA")
CODES = (*QUESTIONS, "XCP", "XCPM", *IMPACTS[1:])
"""All 31 base codes, in the order of the extended vector."""

_WORST_FIRST = "HLN"
_IMPACT = {YES: "H", HIGH: "H", UNKNOWN: "H", LOW: "L", NO: "N"}


def allowed(code: str) -> tuple[str, ...]:
    """The values that a code may take. Impact on anything but the reading of patient data may also be given as low or high."""
    return (YES, NO, UNKNOWN, LOW, HIGH) if code in IMPACTS and code != "XCP" else (YES, NO, UNKNOWN)


def metrics(answers: Mapping[str, str]) -> dict[str, str]:
    """The base metrics AV, AC, PR, UI, S, C, I, A. Raises ``KeyError`` if a code has no answer."""
    return {
        "AV": _attack_vector(answers),
        "AC": "H" if answers["XACL"] == NO else "L",
        "PR": _privileges(answers),
        "UI": "R" if answers["XUI"] == YES else "N",
        "S": "U" if answers["XS"] == NO else "C",
        "C": _worst(answers, "C"),
        "I": _worst(answers, "I"),
        "A": _worst(answers, "A"),
    }


def _attack_vector(answers: Mapping[str, str]) -> str:
    if answers["XAVN"] == NO:
        return "P" if answers["XAVP"] == YES else "L"
    if answers["XAVN"] == UNKNOWN or answers["XAVT"] != NO:
        return "N"
    # An unknown range is a long one, and a wire that is not IP is adjacent too.
    return "L" if answers["XAVW"] == YES and answers["XAVR"] == YES else "A"


def _privileges(answers: Mapping[str, str]) -> str:
    if answers["XPRL"] != YES or answers["XPRZ"] != YES:
        return "N"
    return {YES: "H", NO: "L", UNKNOWN: "N"}[answers["XPRS"]]


def _worst(answers: Mapping[str, str], letter: str) -> str:
    values = {_impact(answers, f"X{letter}{category}") for category in CATEGORIES}
    return min(values, key=_WORST_FIRST.index)


def _impact(answers: Mapping[str, str], code: str) -> str:
    if code == "XCP" and answers[code] == YES:
        return "L" if answers["XCPM"] == NO else "H"
    return _IMPACT[answers[code]]


def extended_vector(answers: Mapping[str, str], base: Mapping[str, str]) -> str:
    """The trail as text: every code with its answer, then the six roll-ups (``XCH`` … ``XAL``)."""
    rolled = [f"X{letter}{grade}:{'Y' if base[letter] == grade else 'N'}" for letter in "CIA" for grade in "HL"]
    return "/".join([f"{code}:{answers[code][0].upper()}" for code in CODES] + rolled)


def needs_hazard_analysis(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The codes that raise the potential impact on patient safety: integrity or availability of diagnosis, therapy or workflow."""
    return tuple(code for category in "DTW" for letter in "IA" if answers[code := f"X{letter}{category}"] != NO)
