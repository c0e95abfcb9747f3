"""SNMP: communities in clear, who sets values, and what a device says it is (RFC 1157, RFC 3416, RFC 3414)."""

from __future__ import annotations

import re

from asepsis.evidence.protocols.der import Element, children, element
from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, LogIn, Named
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_SEQUENCE, _INTEGER, _OCTETS, _OID = 0x30, 0x02, 0x04, 0x06
_GET_RESPONSE, _SET = 0xA2, 0xA3
_VERBS = {0xA0: "get", 0xA1: "get-next", 0xA2: "response", 0xA3: "set", 0xA4: "trap", 0xA5: "get-bulk", 0xA6: "inform", 0xA7: "trap", 0xA8: "report"}
_V3 = 3
_SYSTEM = {
    bytes.fromhex("2b06010201010100"): "description",
    bytes.fromhex("2b06010201010500"): "name",
}
"""sysDescr.0 and sysName.0 (RFC 3418)."""
_MOST_VALUES = 64
_BEGINNING = re.compile(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..|\x83...)\x02\x01(?:[\x00\x01]\x04|\x03\x30)", re.DOTALL)


class SnmpDecoder:
    """Recognises a sequence that begins with a version of SNMP and a community."""

    info = DecoderInfo("snmp", "SNMP", "RFC 3416", ("udp",), (161, 162))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """A sequence, one byte of version, then the community (or, in version 3, a sequence). A long datagram is not seen whole here."""
        return Match.YES if _BEGINNING.match(client or server) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to every datagram."""
        return _Messages(conversation, tell, complain)


def _parts(data: bytes) -> tuple[int, list[Element]] | None:
    """The version and the parts of a message."""
    whole = element(data)
    if whole is None or whole.tag != _SEQUENCE:
        return None
    parts = list(children(data, whole, 8))
    if len(parts) < 3 or parts[0].tag != _INTEGER or parts[0].end - parts[0].start != 1:  # noqa: PLR2004
        return None
    version = data[parts[0].start]
    if version == _V3:
        return (version, parts) if parts[1].tag == _SEQUENCE else None
    return (version, parts) if version <= 1 and parts[1].tag == _OCTETS and parts[2].tag in _VERBS else None


class _Messages(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._told: set[tuple[str, bytes]] = set()
        self._sets: dict[bytes, str] = {}

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        parsed = _parts(data)
        if parsed is None:
            self.complain(packet, "SNMP: no message of versions 1 to 3")
            return
        version, parts = parsed
        if version == _V3:
            self._version_3(data, parts, side, packet, time)
        else:
            self._version_1_or_2(data, parts, side, packet, time)

    def _version_1_or_2(self, data: bytes, parts: list[Element], side: Side, packet: int, time: int) -> None:
        community, verb = data[parts[1].start : parts[1].end], _VERBS[parts[2].tag]
        accepted = True if side is Side.SERVER and verb == "response" else None
        key = (f"{verb} {accepted}", community)
        if key not in self._told and self._has_room(packet, accepted=bool(accepted)):
            self._told.add(key)
            self.tell(LogIn(self.conversation, Side.CLIENT, packet, time, how="community", secret=community, accepted=accepted))
            subject = "version 2c" if data[parts[0].start] else "version 1"
            self.tell(Asked(self.conversation, side, packet, time, "snmp", verb, subject, changes=verb == "set", accepted=accepted))
        if verb == "response":
            self._values(data, parts[2], side, packet, time)
        if verb in {"set", "response"}:
            self._set(data, parts, verb, side, packet, time)

    def _set(self, data: bytes, parts: list[Element], verb: str, side: Side, packet: int, time: int) -> None:
        """Whether the device did as it was told: its answer has the number of the request, and a status (RFC 3416, 3)."""
        numbers = [data[one.start : one.end] for one in children(data, parts[2], 2)]
        if len(numbers) < 2:  # noqa: PLR2004 - request and status
            return
        request, status = numbers
        subject = "version 2c" if data[parts[0].start] else "version 1"
        if verb == "set":
            self._sets.pop(request, None)
            self._sets[request] = subject
            if len(self._sets) > _MOST_VALUES:  # the oldest was never answered
                del self._sets[next(iter(self._sets))]
        elif side is Side.SERVER and self._sets.pop(request, "") == subject:
            accepted = not int.from_bytes(status)
            self.tell(Asked(self.conversation, Side.CLIENT, packet, time, "snmp", "set", subject, changes=True, accepted=accepted))

    def _has_room(self, packet: int, *, accepted: bool) -> bool:
        """Whoever guesses is not told endlessly; what the device accepts has room of its own."""
        most = _MOST_VALUES * (2 if accepted else 1)
        if len(self._told) >= most:
            rest = "the rest is not told" if accepted else "the rest is told only where one is accepted"
            self.complain(packet, f"SNMP: more than {most} communities: {rest}")
        return len(self._told) < most

    def _values(self, data: bytes, pdu: Element, side: Side, packet: int, time: int) -> None:
        """What a device answers of itself: description and name."""
        inside = list(children(data, pdu, 4))
        if len(inside) < 4 or inside[3].tag != _SEQUENCE:  # noqa: PLR2004 - id, status, index, bindings
            return
        said = {}
        for binding in children(data, inside[3], _MOST_VALUES):
            pair = list(children(data, binding, 2))
            if len(pair) == 2 and pair[0].tag == _OID and pair[1].tag == _OCTETS:  # noqa: PLR2004
                key = _SYSTEM.get(data[pair[0].start : pair[0].end])
                if key:
                    said[key] = words(data[pair[1].start : pair[1].end])
        if said:
            name = said.pop("name", "")
            address = self.conversation.end(side).address
            self.tell(Named(self.conversation, side, packet, time, address=address, name=name, how="snmp", attributes=said))

    def _version_3(self, data: bytes, parts: list[Element], side: Side, packet: int, time: int) -> None:
        """Flags: authentication 1, privacy 2; the user's name is in clear (RFC 3414, 2.4)."""
        header = list(children(data, parts[1], 4))
        flags = data[header[2].start] if len(header) > 2 and header[2].end > header[2].start else 0  # noqa: PLR2004
        level = {0: "noAuthNoPriv", 1: "authNoPriv", 3: "authPriv"}.get(flags & 3, "invalid")
        key = (level, b"3")
        if key not in self._told:
            self._told.add(key)
            self.tell(Asked(self.conversation, side, packet, time, "snmp", "version 3", level))
