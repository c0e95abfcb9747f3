"""How signs and doubts about doses are said to whoever goes to the bedside: of which order, pump and drug, and what to look at there. No patient."""

from __future__ import annotations

from asepsis.findings.orders import Opposed
from asepsis.findings.words import named
from asepsis.model.dose import AT_THE_BEDSIDE, Sign
from asepsis.model.facts import DoseDoubt, DoseSign, OrderSeen

TITLES = {
    Sign.ALTERED: "Order {} reached two places with different content",
    Sign.CONTRADICTED: "What the pump reported contradicts order {}",
    Sign.ARITHMETIC: "The numbers that pump {} reported do not fit one another",
    Sign.REPLAYED: "Order {} was sent again after it had been accepted",
    Sign.STALE: "Order {} is older than its sender's clock makes it",
    Sign.FUTURE: "Order {} is younger than its sender's clock makes it",
    Sign.STRANGER: "Order {} came from, or was confirmed by, a host that never took part for that pump",
    Sign.UNCONFIRMED: "Order {} was carried out without the confirmation at the bedside",
    Sign.REFUSED: "Order {} was refused, and carried out all the same",
    Sign.UNORDERED: "Pump {} changed by itself what no order in the capture changed",
    Sign.UNFOUNDED: "Order {} changed an infusion that the pump did not run",
    Sign.ALARM_SILENCED: "The alarm {} was switched off, or paused without end",
    Sign.ALARM_LIMITS: "The alarm limits of {} were widened",
    Sign.ALARM_PRIORITY: "The priority of the alarm {} was lowered while it lasted",
    Sign.ALARM_ENDED: "The alarm {} ended without its cause, or without its beginning",
    Sign.ALARM_STRANGER: "Somebody else spoke for the alarms of {}",
}
"""One sentence a sign; the braces are what it is about."""

_AT_THE_PUMP = "somebody changed the programme at the pump before starting it"
_NOT_STARTED = "nobody has confirmed the order at the pump yet, and it gives what it gave before"
_OPEN = {
    Sign.ALTERED: "whether order {} was altered",
    Sign.CONTRADICTED: "whether the pump gives what order {} says",
    Sign.ARITHMETIC: "whether the numbers of pump {} fit one another",
    Sign.REPLAYED: "whether order {} was replayed",
    Sign.STALE: "whether order {} is old",
    Sign.FUTURE: "whether order {} is of now",
    Sign.STRANGER: "whether the first orders came from somebody who may programme these pumps",
    Sign.UNCONFIRMED: "whether somebody confirmed order {} at the bedside",
    Sign.REFUSED: "whether order {} was refused",
    Sign.UNORDERED: "whether the staff changed what pump {} gives",
    Sign.UNFOUNDED: "whether order {} changes an infusion that runs",
    Sign.ALARM_SILENCED: "whether the staff switched the alarm {} off",
    Sign.ALARM_LIMITS: "whether the staff widened the alarm limits of {}",
    Sign.ALARM_PRIORITY: "whether the staff lowered the priority of the alarm {}",
    Sign.ALARM_ENDED: "whether the alarm {} ended by itself",
    Sign.ALARM_STRANGER: "whether somebody else may speak for the alarms of {}",
}

_SCREEN = "compare drug, rate, volume and weight on the pump with the order in the record"
_ALARM = "see that the alarm is on, and that its limits and priority are this patient's"
CHECKS = {
    Sign.ALTERED: _SCREEN,
    Sign.CONTRADICTED: f"{_SCREEN}; ask who confirmed it",
    Sign.ARITHMETIC: "compute the rate from dose, weight and concentration on the pump; watch whether what was given grows as it says",
    Sign.REPLAYED: "see in the pump's history whether it was given twice",
    Sign.STALE: "ask who ordered it, and confirm nothing before it is known that it still stands",
    Sign.FUTURE: "ask who ordered it, and confirm nothing before it is known that it stands",
    Sign.STRANGER: f"confirm nothing that this host sends until somebody knows whose it is; {_SCREEN}",
    Sign.UNCONFIRMED: f"ask who confirmed it, and see the pump's history; {_SCREEN}",
    Sign.REFUSED: f"ask who programmed the pump after the refusal; {_SCREEN}",
    Sign.UNORDERED: f"ask who changed it at the pump, and see its history; {_SCREEN}",
    Sign.UNFOUNDED: f"see in the pump's history what it gave before; {_SCREEN}",
    **dict.fromkeys((sign for sign in Sign if sign.value.startswith("alarm")), _ALARM),
}
"""What to check there."""


def title(sign: DoseSign | OrderSeen, of: Sign = Sign.ALTERED) -> str:
    """The sentence of a sign, or of an order with which another capture does not agree: ``of`` is in what way."""
    if isinstance(sign, OrderSeen):
        about = _about(sign.order or sign.control_id, sign.pump[0] if sign.pump else "", sign.drug)
        return TITLES[of].format(about)
    return TITLES[sign.sign].format(_about(sign.subject, sign.pump, sign.drug))


def open_question(doubt: DoseDoubt) -> str:
    """What the traffic does not decide, and why."""
    by = f" from {doubt.by}," if doubt.by else ""
    return f"{_OPEN[doubt.sign].format(_about(doubt.subject, doubt.pump, doubt.drug) + by)}: {doubt.why}"


def checks(sign: Sign) -> str:
    """What to look at beside the patient."""
    return f"{AT_THE_BEDSIDE}{CHECKS[sign]}"


def _about(subject: str, pump: str, drug: str) -> str:
    """``'12345' for pump 'A0001' (Dopamine)``."""
    where = f" for pump {named(pump, '')}" if pump and pump != subject else ""
    return f"{named(subject, 'without a number')}{where}{f' ({drug})' if drug else ''}"


def opposition(one: Opposed, ordered: str, reported: str) -> tuple[str, ...]:
    """An order of one capture and the report of another that contradicts it, by the names of both captures."""
    unless = (_AT_THE_PUMP,) if one.named else (_AT_THE_PUMP, _NOT_STARTED)
    return (
        *(f"ordered and reported: {difference}" for difference in one.differs),
        f"ordered as in {ordered}, reported as in {reported}",
        *(["the report names this order"] if one.named else []),
        *(f"it could also be: {reason}" for reason in unless),
        checks(Sign.CONTRADICTED),
    )
