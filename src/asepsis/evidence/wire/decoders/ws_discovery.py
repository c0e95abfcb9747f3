"""WS-Discovery 1.1 over UDP (OASIS 2009; port 3702, 239.255.255.250, ff02::c), by which SDC devices (IEEE 11073-20702) are found.

One datagram is one SOAP envelope: Hello and Bye, Probe and ProbeMatches, Resolve and ResolveMatches. Who announces itself says what it is (types:
``Device`` of DPWS, ``MedicalDevice`` of MDPWS) and where it listens (XAddrs, ``http`` or ``https``). Nothing of it is authenticated: whoever says
Hello is believed. *How it lies:* XML that is broken, deep or full of entities is refused by the codec.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from asepsis.evidence.protocols.soap import Envelope, envelope, looks_like_soap
from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Event, Named
from asepsis.evidence.wire.listeners import Bare, soap_events, words
from asepsis.evidence.wire.packet import Conversation, Side

_ANNOUNCES = ("/Hello", "/ProbeMatches", "/ResolveMatches")
_MARK = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,8}<")
_HOST = re.compile(r"https?://(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15}))(?=[:/]|\Z)")
_SCHEME = re.compile(r"(?:\A|\s)(https?)://")
_DEVICE_TYPE = re.compile(r"(?<!\S)sdc\.cdc\.type:///([0-9]{1,9})(?!\S)")
"""The code of what a device is, of the nomenclature of IEEE 11073-10101 (11073-20702, 9.2 [K])."""


class _Discovery(Bare):
    """Listens to datagrams, each of which stands alone; keeps nothing."""

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """One datagram: an envelope, or broken."""
        said = envelope(data)
        if said is None:
            self.complain(packet, "a datagram among SOAP envelopes that is none")
            return
        if said.broken:
            self.complain(packet, f"SOAP: {said.broken}")
        place = Event(self.conversation, side, packet, time)
        for event in (*soap_events(place, said), *_announced(place, said)):
            self.tell(event)


def _announced(place: Event, said: Envelope) -> Iterator[Named]:
    """The devices that an announcement names: the speaker, or those that a discovery proxy knows, at the addresses that it gives."""
    if not said.action.endswith(_ANNOUNCES):
        return
    devices = list(_devices(said))
    for device in devices:
        address = place.speaker.address if len(devices) == 1 else _host(device.get("XAddrs", ""))
        if address:
            yield Named(
                place.conversation,
                place.side,
                place.packet,
                place.time,
                address,
                words(device["EndpointReference"].encode()),
                "ws-discovery",
                _attributes(device),
            )


def _devices(said: Envelope) -> Iterator[dict[str, str]]:
    device: dict[str, str] = {}
    for name, text in said.elements:
        if name == "EndpointReference":
            if device:
                yield device
            device = {}
        if name == "EndpointReference" or device:
            device.setdefault(name, text)
    if device:
        yield device


def _attributes(device: dict[str, str]) -> dict[str, str]:
    types = sorted({one.rpartition(":")[2] for one in device.get("Types", "").split()})
    schemes = sorted(set(_SCHEME.findall(device.get("XAddrs", ""))))
    kinds = " ".join(sorted(set(_DEVICE_TYPE.findall(device.get("Scopes", "")))))
    found = {"types": " ".join(types), "addresses": device.get("XAddrs", ""), "schemes": " ".join(schemes), "device types": kinds}
    return {key: words(text.encode()) for key, text in found.items() if text}


def _host(addresses: str) -> str:
    """The first literal address among those at which a device listens, in its usual form."""
    for match in _HOST.finditer(addresses):
        try:
            return str(ip_address(match[1] or match[2]))
        except ValueError:
            continue
    return ""


class WsDiscoveryDecoder:
    """WS-Discovery, recognised by the tag of a SOAP envelope in a datagram."""

    info = DecoderInfo(
        "ws-discovery",
        "WS-Discovery, as devices of IEEE 11073 SDC are found by",
        "OASIS WS-Discovery 1.1; IEEE 11073-20702",
        ("udp",),
        (3702,),
    )

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By XML with an envelope among the first bytes."""
        data = client or server
        return Match.YES if _MARK.match(data) and looks_like_soap(data) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Begin with any datagram."""
        return _Discovery(conversation, tell, complain)
