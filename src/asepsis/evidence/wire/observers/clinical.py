"""Clinical messages: who tells whom what kind of thing, in clear, and whether patients are named in it. What is said of them stays here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from asepsis.evidence.protocols import hl7
from asepsis.evidence.wire.events import Asked, DicomAssociation, DimseSaid, Event, Hl7Said, SoapSaid
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Endpoint, Side
from asepsis.model.facts import Effect, Fact, Flow, Zone

_MOST = 4096
_ORDERS = frozenset({"RGV", "RDE", "RDS", "RAS", "OMG", "OML", "OMP", "ORM", "OMI", "OPR", "SRM"})
"""HL7 messages that tell somebody to do something to a patient or with a device (chapters 4, 4A, 10)."""
_READINGS = frozenset({"ORU", "OUL", "RRG", "VXU"})
_ANSWERS = frozenset({"ACK", "RRG", "ORR", "ORL", "ORG"})
_DIMSE_CHANGES = frozenset({0x0120, 0x0130, 0x0140, 0x0150})
"""N-SET, N-ACTION, N-CREATE, N-DELETE (PS3.7, E.1)."""
_ASKED = {
    "fhir": "fhir",
    "dicomweb": "dicomweb",
    "poct1a": "poct1-a",
    "astm": "astm",
    "personal_health": "11073-20601",
    "sdc": "sdc",
    "syslog": "syslog",
}
_ORDERING_RESOURCES = frozenset({"DeviceRequest", "MedicationRequest", "MedicationAdministration", "ServiceRequest", "NutritionOrder"})
_SDC = re.compile(r".*/[^/]*11073-20701[^/]*/(\w{1,40})/(\w{1,60})")
"""The action of a message of SDC: its service and operation (IEEE 11073-20701, annex B). All others find, describe or subscribe."""
_DESCRIBES = frozenset({"ContainmentTreeService", "LocalizationService"})
_NAMES = {Effect.COMMAND: "orders", Effect.READING: "readings", Effect.RECORD: "records", Effect.STOP: "control"}


class _Key(NamedTuple):
    """One flow: the protocol, what it carries, from whom, to whom (with the port of the server)."""

    protocol: str
    effect: Effect
    sender: str
    receiver: str


@dataclass(slots=True)
class _Seen:
    packet: int
    messages: int = 0
    patients: bool = False
    peer: str = ""
    zone: Zone = Zone.DEVICE_NETWORK


class ClinicalObserver:
    """One :class:`Flow` for each protocol, kind of content and pair of ends. All of it was readable, or no decoder could have heard it."""

    info = ObserverInfo("clinical", "Clinical messages in clear", (Flow,))

    def __init__(self, means: Means) -> None:
        """Nothing was said yet."""
        self._means, self._seen = means, dict[_Key, _Seen]()
        self._lately: dict[tuple[str, Endpoint, Side, str, Effect], _Seen] = {}
        """The same flows, found before anything is written out."""

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in one message."""
        match event:
            case Hl7Said() if event.message:
                self._hl7(event)
            case DicomAssociation(kind="request"):
                self._note(event, "dicom", Effect.RECORD, patients=False)
            case DimseSaid():
                self._dimse(event)
            case SoapSaid() if (effect := _sdc_effect(event.action)) is not None:
                self._note(event, "sdc", effect, patients=False)
            case Asked() if event.protocol in _ASKED:
                self._asked(event)
        yield from ()

    def _hl7(self, event: Hl7Said) -> None:
        message = hl7.heard(event.message)
        if message is None:
            return  # told by the decoder
        kind = message.kind[0]
        if kind in _ANSWERS and kind not in _READINGS:
            return
        effect = Effect.COMMAND if kind in _ORDERS else Effect.READING if kind in _READINGS else Effect.RECORD
        seen = self._note(event, "hl7", effect, patients=False)
        if seen and not seen.patients and (patient := message.first("PID")):
            seen.patients = any(patient.text(field) for field in (2, 3, 5, 7))

    def _dimse(self, event: DimseSaid) -> None:
        command = event.command & 0x7FFF
        effect = Effect.COMMAND if command in _DIMSE_CHANGES else Effect.READING if command == 1 else Effect.RECORD
        if event.status is None:
            self._note(event, "dicom", effect, patients=event.identifies_patient)

    def _asked(self, event: Asked) -> None:
        protocol = _ASKED[event.protocol]
        if event.changes and (protocol != "fhir" or event.subject in _ORDERING_RESOURCES):
            effect = Effect.COMMAND
        else:
            effect = Effect.RECORD if protocol in {"fhir", "dicomweb", "syslog"} else Effect.READING
        patients = protocol == "syslog" or (protocol == "fhir" and event.subject == "Patient")
        self._note(event, protocol, effect, patients=patients)

    def _note(self, event: Event, protocol: str, effect: Effect, *, patients: bool) -> _Seen | None:
        talk = event.conversation
        short = talk.client.address, talk.server, event.side, protocol, effect
        seen = self._lately.get(short)
        if seen is None:
            seen = self._of(event, protocol, effect)
            if seen is None:
                return None
            if len(self._lately) >= _MOST:
                self._lately.clear()
            self._lately[short] = seen
        seen.messages += 1
        seen.patients = seen.patients or patients
        return seen

    def _of(self, event: Event, protocol: str, effect: Effect) -> _Seen | None:
        talk = event.conversation
        ends = [talk.client.address, str(talk.server)]
        sender, receiver = ends if event.side is Side.CLIENT else reversed(ends)
        key = _Key(protocol, effect, sender, receiver)
        if key not in self._seen:
            if len(self._seen) < _MOST:
                self._seen[key] = _Seen(
                    event.packet, peer=event.hearer.address, zone=Zone.INTERNET if talk.leaves or talk.enters else Zone.DEVICE_NETWORK
                )
            else:
                self._means.full(f"clinical: more than {_MOST} flows")
        return self._seen.get(key)

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All flows, in the order in which they were seen. That no message proves its sender is in the nature of these protocols."""
        for key, seen in self._seen.items():
            yield Flow(
                self._means.place(seen.packet), f"{key.protocol} {_NAMES[key.effect]} from {key.sender} to {key.receiver}", key.effect, seen.zone,
                protocol=key.protocol, encrypted=False, authenticated=False, patient_data=seen.patients, peer=seen.peer,
            )  # fmt: skip


def _sdc_effect(action: str) -> Effect | None:
    """What a message of SDC carries: an order, or readings (asked for, or reported without asking); None for all else, answers to orders too."""
    said = _SDC.fullmatch(action)
    if said is None or said[1] in _DESCRIBES:
        return None
    service, operation = said.groups()
    answers = operation.endswith("Response")
    if operation.startswith(("Set", "Activate")):
        return None if answers else Effect.COMMAND
    if operation.startswith("Get"):
        return Effect.READING if answers else None
    return None if service == "SetService" else Effect.READING
