"""Services that answered: what they are by what they said, what they asked for, and which software they call themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from asepsis.evidence.wire.events import Asked, Banner, Closed, DicomAssociation, Event, LogIn
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Side, is_public
from asepsis.knowledge.signatures import cpe_of, purl_of, shipped_signatures
from asepsis.model.facts import Auth, Component, Confidence, Fact, Gives, Service, Zone
from asepsis.model.signature import Signature

_MOST = 4096


class _Kind(NamedTuple):
    """A protocol as a way in: its name among services, what it gives, whether it is encrypted, what it asks for by its nature."""

    name: str
    gives: Gives
    encrypted: bool | None
    auth: Auth = Auth.UNKNOWN


_KINDS = {
    "telnet": _Kind("telnet", Gives.CONTROL, encrypted=False),
    "ftp": _Kind("ftp", Gives.CONTROL, encrypted=False),
    "ssh": _Kind("ssh", Gives.CONTROL, encrypted=True, auth=Auth.PASSWORD),
    "tftp": _Kind("tftp", Gives.CONTROL, encrypted=False, auth=Auth.NONE),
    "vnc": _Kind("vnc", Gives.CONTROL, encrypted=False, auth=Auth.PASSWORD),
    "rdp": _Kind("rdp", Gives.CONTROL, encrypted=True, auth=Auth.PASSWORD),
    "snmp": _Kind("snmp", Gives.READING, encrypted=False, auth=Auth.PASSWORD),
    "smb": _Kind("smb", Gives.RECORD, encrypted=None, auth=Auth.PASSWORD),
    "mqtt": _Kind("mqtt", Gives.READING, encrypted=False),
}
"""What clinical protocols carry is told as flows; a web page is told by who logs in to it. SNMP gives more than readings where it is written to."""
_IMPLEMENTATION = re.compile(r"([A-Z][A-Z0-9]*?(?:_[A-Z]+)*?)[ _-]?(\d[\d.]*)", re.IGNORECASE)
_TOOLKITS = {"offis_dcmtk": "dcmtk", "pynetdicom": "pynetdicom", "orthanc": "orthanc", "dcm4che": "dcm4che", "gdcm": "gdcm"}
"""Implementation version names of DICOM (PS3.7, D.3.3.2.3) whose grammar is known [K]; a version without dots has one digit for each part."""
_STANDARD = {"telnet": 23, "ftp": 21, "ssh": 22, "tftp": 69, "vnc": 5900, "rdp": 3389, "snmp": 161, "smb": 445, "mqtt": 1883}


class _Key(NamedTuple):
    """A service at its place, and from where it was asked: what answers the internet too, is another way in."""

    protocol: str
    address: str
    port: int
    zone: Zone


@dataclass(slots=True)
class _Seen:
    packet: int
    kind: _Kind
    auth: Auth
    gives: Gives
    client: str


class ServicesObserver:
    """A :class:`Service` for each place that answered, a :class:`Component` for each software that says its name and version."""

    info = ObserverInfo("services", "Services that answer on the network", (Service, Component))

    def __init__(self, means: Means) -> None:
        """Nobody answered yet."""
        self._means = means
        self._seen: dict[_Key, _Seen] = {}
        self._named: dict[tuple[str, str, str], Component] = {}

    @cached_property
    def _known(self) -> dict[str, Signature]:
        """Read only where somebody says a name."""
        return {part.name.lower(): part for part in shipped_signatures() if not part.system}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who answered, what he asked for, what he calls himself."""
        match event:
            case Closed() if event.conversation.answered or event.conversation.transport == "udp":
                self._service(event)
            case Asked(protocol="vnc", subject="none", accepted=True) | LogIn(how="mqtt", secret=None, accepted=True):
                self._asks(event, Auth.NONE)
            case LogIn(accepted=True) if event.secret:
                self._asks(event, Auth.PASSWORD)
            case Asked(protocol="snmp", verb="set", accepted=True):
                self._gives_control(event)
            case Banner(product=product, version=version) if product and version and event.what == "server":
                if event.conversation.protocol not in {"vnc", "mqtt"}:
                    self._component(event, product, version)
            case DicomAssociation(implementation_version=name) if name:
                self._implementation(event, name)
        yield from ()

    def _service(self, event: Event) -> None:
        talk = event.conversation
        if talk.protocol in _KINDS and (talk.payload[Side.SERVER] or talk.protocol == "tftp"):  # whose answers come from another port
            self._note(event)

    def _note(self, event: Event) -> _Seen | None:
        talk = event.conversation
        kind = _KINDS.get(talk.protocol)
        key = _Key(talk.protocol, talk.server.address, talk.server.port, Zone.INTERNET if talk.enters else Zone.DEVICE_NETWORK)
        if kind and key not in self._seen:
            if len(self._seen) < _MOST:
                self._seen[key] = _Seen(talk.first_packet, kind, kind.auth, kind.gives, talk.client.address)
            else:
                self._means.full(f"services: more than {_MOST} services")
        return self._seen.get(key)

    def _asks(self, event: Event, auth: Auth) -> None:
        seen = self._note(event)
        if seen:
            seen.auth, seen.packet = auth, event.packet

    def _gives_control(self, event: Event) -> None:
        if seen := self._note(event):
            seen.gives = Gives.CONTROL

    def _implementation(self, event: DicomAssociation, name: str) -> None:
        """Either end of an association says what it was made with."""
        said = _IMPLEMENTATION.fullmatch(name.strip())
        toolkit = _TOOLKITS.get(said[1].lower()) if said else None
        if said and toolkit:
            self._component(event, toolkit, said[2] if "." in said[2] else ".".join(said[2]))

    def _component(self, event: Event, product: str, version: str) -> None:
        """What somebody on the internet calls himself is nothing of the hospital's, if he was only asked from inside."""
        part, speaker = self._known.get(product.lower()), event.speaker.address
        key = (speaker, product, version)
        if key in self._named or (is_public(speaker) and not is_public(event.hearer.address)):
            return
        if len(self._named) >= _MOST:
            self._means.full(f"services: more than {_MOST} names of software")
            return
        names = (purl_of(part, version), cpe_of(part, version), part.supplier, part.licence) if part else ("", "", "", "")
        name, listed = (part.name, part.product) if part else (product, "")
        self._named[key] = Component(self._means.place(event.packet), name, version, listed, "banner", Confidence.LIKELY, *names)

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All services and names, in the order in which they were seen."""
        for key, seen in self._seen.items():
            kind = seen.kind
            asked = f", asked by {seen.client}" if key.zone is Zone.INTERNET else ""
            yield Service(
                self._means.place(seen.packet), kind.name, auth=seen.auth, encrypted=kind.encrypted, enabled=True,
                port=key.port if key.port != _STANDARD[kind.name] else None, gives=seen.gives, detail=f"answered at {key.address}{asked}",
                subject=key.address, zone=key.zone,
            )  # fmt: skip
        yield from self._named.values()
