"""What pumps and those who program them say to each other: orders, answers, reports and alarms out of HL7 messages. No I/O.

Sources: IHE Devices Technical Framework 2 (PCD-01 reports, PCD-03 orders, PCD-04 alarms, PCD-10 events), HL7 v2.6 chapters 2, 4A and 7 for the
segments, ISO/IEEE 11073-10101 for codes. Old profiles, missing sub-ids, codes without names and names without codes are taken alike. A patient's
identifiers leave only as digests that the caller makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from asepsis.evidence.protocols.hl7 import Message, Segment
from asepsis.evidence.protocols.pcd_codes import RATE_UNITS, Metric, metric, unit_text
from asepsis.model.amount import Amount, amount, over_time, per_volume, ratio
from asepsis.model.prescription import Prescription

Digest = Callable[[str], str]
_GIVE_PER = re.compile(r"([SMHD])(\d{1,4})", re.ASCII)
_OF_AN_ALARM = frozenset({Metric.PHASE, Metric.STATE, Metric.INACTIVATION})
MOST_ORDERS = 200
"""Orders, or channels of a report, that are taken out of one message; a batch for a whole ward has some dozen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An acknowledgement: ``code`` is MSA-1 (AA, AE …), ``to`` the control id that it answers, ``errors`` codes of ERR-5 or ERR-3."""

    code: str
    to: str
    errors: tuple[str, ...] = ()

    @property
    def positive(self) -> bool:
        """Whether it says yes."""
        return self.code in ("AA", "CA")

    @property
    def of_application(self) -> bool:
        """Whether the pump's side itself answers, not only its mail box."""
        return self.code.startswith("A")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one measured value in an alarm, with what was measured; None is no limit."""

    low: float | None
    high: float | None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as it stands: ``device`` and ``condition`` name it; the states are those of the framework, in small letters."""

    device: tuple[str, ...]
    condition: str
    phase: str = ""
    state: str = ""
    inactivation: str = ""
    priority: str = ""
    limits: dict[str, Limits] = field(default_factory=dict)
    operator: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """The limits that a device watches for a patient, by the code of what is measured; ``operator`` says that somebody is named."""

    device: tuple[str, ...]
    patient: tuple[str, ...]
    limits: dict[str, Limits]
    operator: bool


def answer(message: Message) -> Answer | None:
    """What it acknowledges, if it does."""
    msa = message.first("MSA")
    if msa is None or not msa.text(1):
        return None
    errors = tuple(code for err in message.all("ERR")[:9] if (code := err.text(5) or err.text(3)))
    return Answer(msa.text(1).strip().upper(), msa.text(2), errors)


def orders(message: Message, digest: Digest) -> tuple[Prescription, ...]:
    """The orders of RGV^O15, or those that RRG^O16 repeats: each ORC with the RXG, RXR and OBX that follow it."""
    patient, groups = patient_of(message, digest), [list[Segment]()]
    for segment in message.segments:
        if segment.name == "ORC" or (segment.name == "RXG" and any(one.name == "RXG" for one in groups[-1])):
            groups.append([])
        groups[-1].append(segment)
    return tuple(_order(group, patient) for group in groups[1 : MOST_ORDERS + 1])


def _order(group: list[Segment], patient: tuple[str, ...]) -> Prescription:
    by_name = {segment.name: segment for segment in reversed(group)}
    orc, rxg, rxr = by_name.get("ORC"), by_name.get("RXG"), by_name.get("RXR")
    observed = [segment for segment in group if segment.name == "OBX"]
    seen = _metrics(observed)
    return Prescription(
        order=orc.text(2) if orc else "",
        parent=orc.text(8) if orc else "",
        action=orc.text(1).upper() if orc else "",
        pump=pump_of(observed),
        patient=patient,
        drug=label_of(rxg, 4) if rxg else "",
        route=rxr.text(1).upper() if rxr else "",
        rate=_rate(rxg, by_name.get("TQ1")) or seen.get(Metric.DOSE) or seen.get(Metric.RATE),
        vtbi=(_field(rxg, 5, 7) if rxg else None) or seen.get(Metric.VTBI),
        concentration=(_concentration(rxg) if rxg else None) or seen.get(Metric.CONCENTRATION),
        weight=seen.get(Metric.WEIGHT),
        area=seen.get(Metric.AREA),
    )


def _field(segment: Segment, number: int, unit: int) -> Amount | None:
    return amount(segment.text(number), unit_text(segment.parts(unit)))


def _rate(rxg: Segment | None, tq1: Segment | None) -> Amount | None:
    """The give rate (RXG-15, 16); or the give amount over the time for which it is given: RXG-14 (``H2`` are two hours), or TQ1-6."""
    if rxg is None:
        return None
    told, volume = _field(rxg, 15, 16), _field(rxg, 5, 7)
    if told is not None or volume is None or rxg.text(15):
        return told
    number, unit = _GIVE_PER.fullmatch(rxg.text(14).strip().upper()), ""
    if number:
        time = amount(number[2], {"S": "s", "M": "min", "H": "h", "D": "d"}[number[1]])
    else:
        unit = tq1.text(6, 2) if tq1 else ""
        time = amount(tq1.text(6), unit) if tq1 and unit else None
    return over_time(volume, time) if time else None


def _concentration(rxg: Segment) -> Amount | None:
    """Give strength and unit (RXG-17, 18) in the drug strength's volume (RXG-23, 24); or a strength that is a concentration itself."""
    strength = _field(rxg, 17, 18)
    if strength is None or "volume" in strength.unit.per:
        return strength
    volume = _field(rxg, 23, 24)
    return per_volume(strength, volume) if volume else None


def alarm(message: Message) -> Alarm | None:
    """The alarm of an ORU^R40, or of whatever message holds the attributes of one."""
    found = message.all("OBX")
    if not any(metric(one) in _OF_AN_ALARM for one in found):
        return None
    words = words_of(found)
    first = found[0]
    condition = first.parts(5)[1:2] if metric(first) is Metric.ALARM and len(first.parts(5)) > 1 else first.parts(3)[1:2]
    flags = [first.text(8, repeat=repeat).upper() for repeat in range(1, min(first.repeats(8), 9) + 1)]
    return Alarm(
        device=pump_of(found) or (message.sender,),
        condition=_condition(message, found, condition),
        phase=words.get(Metric.PHASE, ""),
        state=words.get(Metric.STATE, ""),
        inactivation=words.get(Metric.INACTIVATION, "").replace("_", "-"),
        priority=words.get(Metric.PRIORITY, "").upper() or next((flag for flag in flags if flag in ("PH", "PM", "PL", "PI", "PN")), ""),
        limits={code: limits for one in found if (limits := _limits(one)) and (code := one.text(3))},
        operator=_operator(message, found),
    )


def watched(message: Message, digest: Digest) -> Watched | None:
    """The limits in a message of a device; a laboratory's ranges of reference, which name nothing of the nomenclature, are none."""
    found = message.all("OBX")
    limits = {one.text(3): limits for one in found if one.whole(7) and "MDC" in one.whole(3) and (limits := _limits(one))}
    if not limits:
        return None
    return Watched(pump_of(found) or (message.sender,), patient_of(message, digest), limits, _operator(message, found))


def _operator(message: Message, found: list[Segment]) -> bool:
    return any(segment.text(16) for segment in found) or bool(message.all("PRT"))


def _condition(message: Message, found: list[Segment], named: list[str]) -> str:
    """What the alarm is: its condition, or the first code that is neither a device nor an attribute."""
    told = next((one for one in found if metric(one) is None and "EVT" in one.text(3, 2).upper()), None)
    whole = next((one for one in found if metric(one) is Metric.ALARM), None)
    if whole is not None:
        return whole.text(5, 2) or whole.text(5)
    return told.text(3, 2) if told else (named[0] if named else message.control_id)


def _limits(segment: Segment) -> Limits | None:
    """A reference range (OBX-7): ``90-96``, ``<500``, ``>8``, ``90^96``."""
    text = segment.text(7).replace(" ", "").replace("^", "-")
    low, dash, high = text.lstrip("<>=").partition("-") if not text.startswith("-") else ("", "-", text[1:])
    try:
        value = float(segment.text(5)) if segment.text(5) else None
        if text.startswith("<"):
            return Limits(None, float(low), value)
        if text.startswith(">"):
            return Limits(float(low), None, value)
        return Limits(float(low) if low else None, float(high) if high else None, value) if dash and (low or high) else None
    except ValueError:
        return None


def patient_of(message: Message, digest: Digest) -> tuple[str, ...]:
    """The identifiers of PID-3, or else PID-2, each as its type and digest."""
    pid = message.first("PID")
    if pid is None:
        return ()
    fields = [_identified(pid, 3, repeat) for repeat in range(1, min(pid.repeats(3), 20) + 1)]
    fields = [one for one in fields if one[0]] or [_identified(pid, 2, 1)]
    return tuple(dict.fromkeys(f"{kind}:{digest(number)}" for number, kind in fields if number))


def _identified(pid: Segment, field: int, repeat: int) -> tuple[str, str]:
    """The number without the zeros that fill it up, and its type with who gave it: ``MR@HOSPITAL``."""
    number = pid.text(field, repeat=repeat).strip(' "')
    authority = pid.text(field, 4, repeat=repeat) or pid.text(field, 4, 2, repeat)
    return number.lstrip("0") or number, f"{pid.text(field, 5, repeat=repeat)}@{authority}".upper().rstrip("@")


def pump_of(observed: list[Segment]) -> tuple[str, ...]:
    """Identifiers of the pump out of OBX-18 (EI): the entity's, or else the universal one. What stands at the most inner device comes first.

    Gateways write ``^^A0001^VENDOR``, ``A0001^VENDOR`` or ``A0001^^0012210000000000^EUI-64``, where the universal one may be the gateway's own.
    """
    found: list[str] = []
    last = ""
    for segment in observed:
        if segment.whole(18) == last:
            continue  # nearly all name the same one
        last = segment.whole(18)
        parts = [*segment.parts(18), "", "", ""]
        name = (parts[0] or parts[2]).strip()
        if name and "gateway" not in name.lower():
            found.insert(0, name)
    return tuple(dict.fromkeys(found))


def label_of(segment: Segment, number: int) -> str:
    """The text of a coded field, or else its code."""
    parts = segment.parts(number)
    return (parts[1] if len(parts) > 1 and parts[1] else parts[0] if parts else "").strip()


def _metrics(group: list[Segment]) -> dict[Metric, Amount]:
    found: dict[Metric, Amount] = {}
    for segment in group:
        what = metric(segment)
        if what is None or what not in RATE_UNITS:
            continue
        value = value_of(segment, what)
        if value is not None:
            found.setdefault(what, value)
    return found


def value_of(segment: Segment, what: Metric) -> Amount | None:
    """A number (NM), or a structured one (SN, 2A.2.72): a quotient is computed, a bound (``>5``) or a range is no value."""
    unit = unit_text(segment.parts(6))
    if segment.text(2).upper() != "SN":
        return amount(segment.text(5), unit or RATE_UNITS[what])
    comparator, first, between, second = [part.strip() for part in (*segment.parts(5), "", "", "", "")[:4]]
    if comparator not in ("", "="):
        return None
    if not between:
        return amount(first, unit or RATE_UNITS[what])
    if between == ":" and what is Metric.CONCENTRATION and not unit:
        return ratio(first, second, "g/mL")  # 1:10000 is a gram in so many millilitres
    return ratio(first, second, unit or RATE_UNITS[what]) if between == "/" else None


def words_of(group: list[Segment]) -> dict[Metric, str]:
    """What the metrics say that are no numbers: the first word of each."""
    found: dict[Metric, str] = {}
    for segment in group:
        what = metric(segment)
        if what is not None and what not in RATE_UNITS:
            said = [part for part in segment.parts(5) if part]
            text = said[0] if what is Metric.DRUG and said else " ".join(said)
            found.setdefault(what, text if what is Metric.DRUG else text.lower())
    return found
