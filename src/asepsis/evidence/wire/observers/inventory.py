"""Who is on the network: what each address is, by what it said itself and what others call it. No patient is any of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.protocols import hl7
from asepsis.evidence.wire.events import Asked, Banner, Closed, DicomAssociation, DimseSaid, Event, Hl7Said, Named
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Side
from asepsis.model.facts import Confidence, Fact, NetworkDevice

_MOST = 4096
"""Addresses that are told apart; of further ones only their number is known."""
_MOST_OF_ONE = 24
"""Services, peers or names of one address that are kept."""
_PUMP, _VITALS = re.compile(r"MDC_DEV_PUMP|\b(?:69985|69986|70049|70050)\^"), re.compile(r"MDC_(?:PULS|ECG|PRESS_BLD)|\b(?:147842|150456|149530)\^")
_FIRST, _THEN = 16, 50
"""So many messages of each address are looked at for what it is, and one in so many after that."""
_MODALITIES = {
    "MR": "mri", "CT": "ct-scanner", "US": "ultrasound", "DX": "x-ray", "CR": "x-ray", "RF": "x-ray", "XA": "x-ray", "MG": "x-ray",
}  # fmt: skip
_TYPES = {"69985": "infusion-pump", "70049": "infusion-pump", "69965": "patient-monitor", "70041": "anesthesia-machine"}
"""What devices of SDC say that they are, by the codes of IEEE 11073-10101 for a whole device."""
_ENDPOINT = "urn:uuid:"
"""Where a name begins that is for machines: any other is better."""
_C_STORE, _C_FIND = 0x0001, 0x0020
_SOME_DEVICE = "medical-device"
"""What counts only where nothing says which."""
_POINT_OF_CARE = frozenset({"poct1a", "astm"})
_SIGNS = {
    "maker": ("manufacturer", "mfg", "usb_mfg", "maker"),
    "model": ("model", "md", "ty", "usb_mdl", "product", "modelname"),
    "version": ("fw", "version"),
}


@dataclass(slots=True)
class _Seen:
    """One address. ``kinds`` counts signs of what it is; ``equipment`` are the devices that its HL7 messages speak for."""

    packet: int
    telling: int = 0
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    services: dict[str, None] = field(default_factory=dict)
    peers: dict[str, None] = field(default_factory=dict)
    equipment: set[str] = field(default_factory=set)
    packets: int = 0
    messages: int = 0

    def tell(self, packet: int, how: str, **said: str) -> None:
        """Keep what is said first of each thing, and how it is known."""
        for key, value in said.items():
            if value and key not in self.said:
                self.said[key] = value
                self.names[how] = ""
                self.telling = self.telling or packet

    def is_a(self, kind: str) -> None:
        """One more sign."""
        self.kinds[kind] = self.kinds.get(kind, 0) + 1


class InventoryObserver:
    """One :class:`NetworkDevice` for each address that somebody answered, or that said what it is."""

    info = ObserverInfo("inventory", "Devices on the network", (NetworkDevice,))

    def __init__(self, means: Means) -> None:
        """Nobody was seen yet."""
        self._means, self._seen = means, dict[str, _Seen]()

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in what says who somebody is."""
        match event:
            case Closed():
                self._conversation(event)
            case Named():
                self._named(event)
            case Banner():
                self._banner(event)
            case Hl7Said() if event.message:
                self._hl7(event)
            case DicomAssociation():
                self._association(event)
            case DimseSaid():
                self._images(event)
            case Asked(protocol=protocol) if protocol in _POINT_OF_CARE and event.side is Side.CLIENT:
                self._of(event.speaker.address, event.packet).is_a("lab-analyzer" if protocol == "astm" else "glucose-monitor")
        yield from ()

    def _of(self, address: str, packet: int) -> _Seen:
        """What is known of an address; what is beyond the bound is noted nowhere."""
        seen = self._seen.get(address)
        if seen is None:
            seen = _Seen(packet)
            if address and len(self._seen) < _MOST:
                self._seen[address] = seen
            elif address:
                self._means.full(f"inventory: more than {_MOST} addresses")
        return seen

    def _conversation(self, event: Closed) -> None:
        talk = event.conversation
        for side in (Side.CLIENT, Side.SERVER):
            if not talk.packets[side]:
                continue
            seen = self._of(talk.end(side).address, talk.first_packet)
            seen.packets += talk.packets[side]
            if len(seen.peers) < _MOST_OF_ONE:
                seen.peers[talk.end(side.other).address] = None
        if talk.packets[Side.SERVER] and (talk.answered or talk.transport == "udp"):
            seen = self._of(talk.server.address, talk.first_packet)
            if len(seen.services) < _MOST_OF_ONE:
                seen.services[f"{talk.protocol or talk.transport} {talk.server.port}"] = None

    def _named(self, event: Named) -> None:
        seen = self._of(event.address, event.packet)
        said = {key: event.attributes.get(word, "") for key, words in _SIGNS.items() for word in words if event.attributes.get(word)}
        for code in event.attributes.get("device types", "").split():
            if code in _TYPES:
                seen.is_a(_TYPES[code])
        called = {"endpoint" if event.name.startswith(_ENDPOINT) else "name": event.name}
        seen.tell(event.packet, event.how, **called, hardware=event.attributes.get("hardware", ""), **said)
        if "MedicalDevice" in event.attributes.get("types", "").split():  # the type of MDPWS (IEEE 11073-20702)
            seen.is_a(_SOME_DEVICE)
        if description := event.attributes.get("description") or event.attributes.get("vendor class"):
            seen.tell(event.packet, event.how, model=description)

    def _banner(self, event: Banner) -> None:
        """What the software is, is told as a component; here it only counts as a sign of life."""
        seen = self._of(event.speaker.address, event.packet)
        if event.what == "server" and event.product and event.conversation.protocol not in {"vnc", "mqtt"}:
            seen.names[event.conversation.protocol or "banner"] = ""

    def _hl7(self, event: Hl7Said) -> None:
        """A report names its equipment in OBX-18 (instance ^ … ^ … ^ maker); who speaks for several is a gateway."""
        seen = self._of(event.speaker.address, event.packet)
        seen.messages += 1
        if seen.messages > _FIRST and seen.messages % _THEN:
            return
        message = hl7.heard(event.message)
        if message is None:
            return
        if "application" not in seen.said:
            seen.tell(event.packet, "hl7", application=message.sender)
        if message.kind[0] != "ORU":
            return
        codes = _codes(message)
        kind = "infusion-pump" if _PUMP.search(codes) else "patient-monitor" if _VITALS.search(codes) else ""
        for segment in message.all("OBX"):
            equipment = "^".join(part for part in segment.parts(18) if part)
            if equipment and len(seen.equipment) < _MOST_OF_ONE:
                seen.equipment.add(equipment)
        if kind:
            seen.is_a(kind)

    def _association(self, event: DicomAssociation) -> None:
        seen = self._of(event.speaker.address, event.packet)
        title = event.calling if event.side is Side.CLIENT else event.called
        seen.tell(event.packet, "dicom", application=title)

    def _images(self, event: DimseSaid) -> None:
        elements = event.elements
        speaker = self._of(event.speaker.address, event.packet)
        if event.command == _C_STORE:
            if kind := _MODALITIES.get(elements.get("Modality", "")):
                speaker.is_a(kind)
            speaker.tell(
                event.packet, "dicom", maker=elements.get("Manufacturer", ""), model=elements.get("ManufacturerModelName", ""),
                version=elements.get("SoftwareVersions", ""), name=elements.get("StationName", ""),
            )  # fmt: skip
        if event.command in {_C_STORE, _C_FIND}:
            self._of(event.hearer.address, event.packet).is_a("dicom-server")

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All addresses, in order; one that only was asked and never spoke is none."""
        for address, seen in sorted(self._seen.items()):
            if seen.packets or seen.said:
                yield self._device(address, seen)

    def _device(self, address: str, seen: _Seen) -> NetworkDevice:
        said = seen.said
        told = {one: count for one, count in seen.kinds.items() if one != _SOME_DEVICE} or seen.kinds
        kind = "gateway" if len(seen.equipment) > 1 else max(sorted(told), key=lambda one: told[one], default="")
        name = said.get("name") or said.get("application") or said.get("endpoint", "")
        return NetworkDevice(
            self._means.place(seen.telling or seen.packet), address, said.get("hardware", ""), name, said.get("maker", ""), said.get("model", ""),
            said.get("version", ""), kind, tuple(sorted(seen.services)), tuple(sorted(seen.peers)), seen.packets, tuple(sorted(seen.names)),
            Confidence.LIKELY if said or kind else Confidence.WEAK,
        )  # fmt: skip


def _codes(message: hl7.Message) -> str:
    """The identifiers of all observations, as they stand."""
    return " ".join("^".join(segment.parts(3)) for segment in message.all("OBX")[:200])
