"""What an HL7 message says of its device: which one it is, and whether it is about to leave (IHE PCD status, delivery status and events)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from asepsis.evidence.protocols.hl7 import Message
from asepsis.evidence.protocols.pcd_codes import Metric, metric

STANDBY, STOPPED = "standby", "stopped"
_FEW_OBX = 16
_HINT = re.compile(rb"stand.?by|power.?(?:off|down)|shut.?down|not.(?:infusing|delivering)|stop|paus", re.IGNORECASE)
_STANDBY = re.compile(r"stand.?by|power.?(?:off|down)|shut.?down", re.IGNORECASE)
_STOPPED = re.compile(r"not.(?:infusing|delivering)|stop|paus", re.IGNORECASE)
_STATES = frozenset({Metric.STATUS, Metric.DELIVERY, Metric.MODE, Metric.EVENT})


def device(message: Message) -> str:
    """Which device a gateway speaks for: the first equipment instance (OBX-18), which is no patient's."""
    found = (segment.text(18) or segment.text(18, 3) for segment in message.all("OBX")[:_FEW_OBX])
    return next((name for name in found if name.isprintable() and name), "")[:64]


def device_in(kind: str) -> str:
    """The device that an HL7 kind names; several kinds name none."""
    return kind.split(" ", 2)[2] if kind.startswith("HL7") and kind.count(" ") > 1 and ", " not in kind else ""


def parting(message: Message, raw: bytes) -> str:
    """``standby`` if it says that the device goes there or is switched off, ``stopped`` if that it delivers nothing, else nothing."""
    if not _HINT.search(raw):
        return ""
    states = list(_states(message))
    if any(map(_STANDBY.search, states)):
        return STANDBY
    return STOPPED if any(map(_STOPPED.search, states)) else ""


def _states(message: Message) -> Iterable[str]:
    """Only what is coded as a state or an event: anything else may be anybody's text."""
    for obx in message.all("OBX"):
        code = obx.text(3, 2)
        if metric(obx) in _STATES or "_EVT_" in code:
            yield f"{code} {obx.text(5)} {obx.text(5, 2)}"
