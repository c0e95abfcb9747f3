"""Facts about orders to pumps and what became of them, as seen in traffic. No patient's data: identifiers only as keyed digests, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.fact import Confidence, Fact

AT_THE_BEDSIDE = "at the bedside: "
"""So begins the sentence of a finding that says what to look at beside the patient."""


class Sign(StrEnum):
    """What speaks for it that somebody changed, repeated or invented an order, or silenced an alarm."""

    ALTERED = "altered"
    CONTRADICTED = "contradicted"
    ARITHMETIC = "arithmetic"
    REPLAYED = "replayed"
    STALE = "stale"
    FUTURE = "future"
    STRANGER = "stranger"
    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"
    UNORDERED = "unordered"
    UNFOUNDED = "unfounded"
    ALARM_SILENCED = "alarm silenced"
    ALARM_LIMITS = "alarm limits"
    ALARM_PRIORITY = "alarm priority"
    ALARM_ENDED = "alarm ended"
    ALARM_STRANGER = "alarm stranger"


@dataclass(frozen=True, slots=True)
class DoseSign(Fact):
    """One sign of tampering. ``subject`` is the order, pump or alarm; ``shown`` what was seen, in sentences; ``unless`` what else could explain it.

    ``obeyed`` says that the pump's side accepted or carried out what was false. ``other_packets`` are further places in the same capture. ``pump``,
    ``drug`` and ``by`` (application and address of the sender) say of which order or infusion it is, as far as the traffic names them.
    """

    sign: Sign
    subject: str
    shown: tuple[str, ...]
    unless: tuple[str, ...] = ()
    obeyed: bool = False
    other_packets: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY
    pump: str = ""
    drug: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class DoseDoubt(Fact):
    """Something about doses that the traffic does not decide, and why: neither a sign nor the absence of one. ``times`` is how often it was seen.

    ``subject``, ``pump``, ``drug`` and ``by`` as in a sign.
    """

    sign: Sign
    subject: str
    why: str
    times: int = 1
    pump: str = ""
    drug: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class OrderSeen(Fact):
    """An order as it passed one place, so that another capture's can be laid beside it. Amounts are as printed, with units; empty is left out.

    ``patient`` are keyed digests; ``made`` is the time that the message itself gives, ``moment`` the same in ns since 1970 (0: it cannot be read).
    """

    control_id: str
    sender: str
    made: str = ""
    order: str = ""
    action: str = ""
    pump: tuple[str, ...] = ()
    patient: tuple[str, ...] = ()
    drug: str = ""
    route: str = ""
    rate: str = ""
    vtbi: str = ""
    strength: str = ""
    volume: str = ""
    weight: str = ""
    area: str = ""
    moment: int = 0


@dataclass(frozen=True, slots=True)
class ReportSeen(Fact):
    """What a pump's channel reported when its settings changed, and when it last did, so that another capture's orders can be laid beside it.

    ``moment`` is the message's own time in ns since 1970 (0: it cannot be read); ``gives`` whether anything flows, ``steady`` whether at the set
    rate. ``order`` is that which the report names. Amounts are as printed, with units; ``patient`` are keyed digests.
    """

    order: str = ""
    pump: tuple[str, ...] = ()
    patient: tuple[str, ...] = ()
    drug: str = ""
    rate: str = ""
    flow: str = ""
    vtbi: str = ""
    concentration: str = ""
    weight: str = ""
    area: str = ""
    moment: int = 0
    gives: bool = False
    steady: bool = True
    ended: bool = False


@dataclass(frozen=True, slots=True)
class DoseTraffic(Fact):
    """How much there was to judge: orders, reports of pumps and alarms in clear; how many of the orders a report could be laid beside.

    ``forgotten`` counts what had to be dropped because memory is bounded.
    """

    orders: int
    reports: int
    alarms: int
    compared: int
    forgotten: int = 0
