"""The nomenclature that infusion messages are written in: metrics and units of ISO/IEEE 11073-10101, by code or by name. No I/O.

A code with a prefix is 32 × base + prefix in its partition (units: partition 4, 262144), so one base stands for grams, milligrams and micrograms.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from asepsis.evidence.protocols.hl7 import Segment
from asepsis.evidence.protocols.hl7_text import Delimiters
from asepsis.model.amount import unit_of


class Metric(StrEnum):
    """What is measured, set or told."""

    RATE = "rate"
    CURRENT_RATE = "current rate"
    DOSE = "dose"
    VTBI = "vtbi"
    REMAINING = "remaining"
    TIME_LEFT = "time left"
    DELIVERED = "delivered"
    CONCENTRATION = "concentration"
    WEIGHT = "weight"
    AREA = "area"
    DRUG = "drug"
    STATUS = "status"
    DELIVERY = "delivery"
    MODE = "mode"
    EVENT = "event"
    ALARM = "alarm"
    PHASE = "phase"
    STATE = "state"
    INACTIVATION = "inactivation"
    PRIORITY = "priority"


RATE_UNITS = {
    Metric.RATE: "mL/h",
    Metric.CURRENT_RATE: "mL/h",
    Metric.DOSE: "",
    Metric.VTBI: "mL",
    Metric.REMAINING: "mL",
    Metric.TIME_LEFT: "min",
    Metric.DELIVERED: "mL",
    Metric.CONCENTRATION: "",
    Metric.WEIGHT: "kg",
    Metric.AREA: "",
}
"""Metrics that are numbers, and the unit that is meant where none is named [P]; none where it cannot be taken for granted."""

_METRICS: dict[str, tuple[Metric, str]] = {
    "MDC_FLOW_FLUID_PUMP": (Metric.RATE, "157784"),
    "MDC_FLOW_FLUID_PUMP_CURRENT": (Metric.CURRENT_RATE, "158014"),
    "MDC_RATE_DOSE": (Metric.DOSE, "157924"),
    "MDC_VOL_FLUID_TBI": (Metric.VTBI, "157884"),
    "MDC_VOL_FLUID_TBI_REMAIN": (Metric.REMAINING, "157872"),
    "MDC_TIME_PD_REMAIN": (Metric.TIME_LEFT, "157916"),
    "MDC_VOL_FLUID_DELIV_TOTAL": (Metric.DELIVERED, "157993"),
    "MDC_VOL_FLUID_DELIV": (Metric.DELIVERED, "157864"),
    "MDC_CONC_DRUG": (Metric.CONCENTRATION, "157760"),
    "MDC_ATTR_PT_WEIGHT": (Metric.WEIGHT, "68063"),
    "MDC_AREA_BODY_SURF_ACTUAL": (Metric.AREA, "188744"),
    "MDC_DRUG_NAME_LABEL": (Metric.DRUG, "184514"),
    "MDC_PUMP_INFUSING_STATUS": (Metric.STATUS, "184519"),
    "MDC_PUMP_STAT": (Metric.STATUS, "184508"),
    "MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS": (Metric.DELIVERY, "158005"),
    "MDC_DEV_PUMP_PROGRAM_DELIVERY_MODE": (Metric.MODE, "158008"),
    "MDC_ATTR_EVT_COND": (Metric.EVENT, "68487"),
    "MDC_EVT_ALARM": (Metric.ALARM, "196616"),
    "MDC_ATTR_EVENT_PHASE": (Metric.PHASE, "68481"),
    "MDC_ATTR_ALARM_STATE": (Metric.STATE, "68482"),
    "MDC_ATTR_ALARM_INACTIVATION_STATE": (Metric.INACTIVATION, "68483"),
    "MDC_ATTR_ALARM_PRIORITY": (Metric.PRIORITY, "68484"),
}
_BY_CODE = {code: what for what, code in _METRICS.values()}
_BY_NAME = {name: what for name, (what, _) in _METRICS.items()}

_PARTITION = 262_144
_PREFIXES = {0: "", 3: "k", 18: "m", 19: "u", 20: "n"}
_BASES = {1600: "{}L", 1728: "{}g", 2208: "min", 2144: "{}g/mL", 3104: "{}L/h", 3456: "{}g/kg/min"}
"""Codes without their prefix; 2208 (minutes) takes none."""

_WORDS = {"X": "", "KILO": "k", "MILLI": "m", "MICRO": "u", "NANO": "n"}
_NAMES = {
    "L": "L",
    "G": "g",
    "INTL": "",
    "UNIT": "IU",
    "MOLE": "mol",
    "EQUIV": "eq",
    "HR": "h",
    "MIN": "min",
    "KG": "kg",
    "ML": "mL",
    "SEC": "s",
    "DAY": "d",
}


_KNOWN: dict[tuple[str, Delimiters], Metric | None] = {}
"""What was asked before: the same few fields come again with every report."""
_MOST_KNOWN, _LONGEST_KNOWN = 4096, 200


def metric(segment: Segment) -> Metric | None:
    """What an OBX is about: its name goes before its code, since codes with wrong digits are about. Either coding of OBX-3 will do."""
    key = segment.whole(3), segment.marks
    if key in _KNOWN:
        return _KNOWN[key]
    found = _metric(segment)
    if len(_KNOWN) < _MOST_KNOWN and len(key[0]) <= _LONGEST_KNOWN:
        _KNOWN[key] = found
    return found


def _metric(segment: Segment) -> Metric | None:
    for start in (1, 4):
        known = _BY_NAME.get(segment.text(3, start + 1).upper()) or _BY_NAME.get(segment.text(3, start).upper())
        if known:
            return known
    return _BY_CODE.get(segment.text(3, 1)) or _BY_CODE.get(segment.text(3, 4))


def unit_text(parts: list[str]) -> str:
    """The unit of a coded field in UCUM's spelling: the first component that says one, or the code or name of the nomenclature."""
    few = tuple(parts[:9])
    return _unit_text(few) if sum(map(len, few)) <= _LONGEST_KNOWN else _unit_text.__wrapped__(few)


@lru_cache(maxsize=1024)
def _unit_text(parts: tuple[str, ...]) -> str:
    for part in parts:
        if part.upper() not in ("UCUM", "MDC", "") and unit_of(part) is not None:
            return part
    return next((text for part in parts if (text := _of_name(part) or _of_code(part)) and unit_of(text) is not None), "")


def _of_name(name: str) -> str:
    """``MDC_DIM_MICRO_G_PER_KG_PER_MIN`` → ``ug/kg/min``."""
    if not name.startswith("MDC_DIM_"):
        return ""
    words = [
        [_WORDS.get(word, _NAMES.get(word, "?")) for word in part.split("_")] for part in name[8:].replace("MILLI_L_PER", "ML_PER").split("_PER_")
    ]
    return "/".join("".join(part) for part in words)


def _of_code(code: str) -> str:
    """``265619``, or ``3475`` as it is within the partition of units."""
    if not (code.isascii() and code.isdigit() and len(code) < 7):  # noqa: PLR2004 - six digits at most
        return ""
    number = int(code) - (_PARTITION if int(code) >= _PARTITION else 0)
    return _BASES.get(number - number % 32, "").format(_PREFIXES[number % 32]) if number % 32 in _PREFIXES else ""
