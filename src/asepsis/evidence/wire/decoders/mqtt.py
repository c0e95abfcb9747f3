"""MQTT: who connects to a broker, with which password, and what he publishes or listens to (OASIS MQTT 3.1.1 and 5.0)."""

from __future__ import annotations

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, Banner, LogIn
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_CONNECT, _CONNACK, _PUBLISH, _SUBSCRIBE = 1, 2, 3, 8
_NAMES = (b"\0\4MQTT", b"\0\6MQIsdp")
_KEPT = 4096
"""Bytes of one packet that are looked at; the content of a message is none of ours."""
MOST_TOPICS = 32


class MqttDecoder:
    """Recognises CONNECT, which every client begins with."""

    info = DecoderInfo("mqtt", "MQTT", "OASIS MQTT 5.0", ("tcp",), (1883,))

    def recognises(self, client: bytes, server: bytes) -> Match:  # noqa: ARG002 - a decoder's signature
        """Kind 1 without flags, a length of one to four bytes, the protocol's name."""
        if client[:1] != b"\x10":
            return Match.NO if client else Match.MORE
        length = _length(client)
        if length is None:
            return Match.MORE if len(client) < 5 else Match.NO  # noqa: PLR2004
        body = client[1 + length[1] :]
        if len(body) < 8:  # noqa: PLR2004
            return Match.MORE
        return Match.YES if body.startswith(_NAMES) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to both sides' packets."""
        return _Packets(conversation, tell, complain)


def _length(data: bytes) -> tuple[int, int] | None:
    """The remaining length and its own bytes (MQTT 5.0, 1.5.5), if it is whole."""
    value = 0
    for count in range(1, 5):
        if count >= len(data):
            return None
        value |= (data[count] & 0x7F) << 7 * (count - 1)
        if data[count] < 0x80:  # noqa: PLR2004 - the last byte has no high bit
            return value, count
    return None


class _Packets(Bare):
    """``_skip`` is what is left of a packet whose beginning was looked at."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._held, self._skip = [b"", b""], [0, 0]
        self._five = False
        self._topics: set[tuple[int, str]] = set()
        self._pending: tuple[str, bytes | None, int, int] | None = None

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        while data:
            if self._skip[side]:
                taken = min(self._skip[side], len(data))
                self._skip[side] -= taken
                data = data[taken:]
                continue
            self._held[side] += data
            data = b""
            length = _length(self._held[side])
            if length is None:
                if len(self._held[side]) >= 5:  # noqa: PLR2004
                    self.give_up(packet, "MQTT: a length of more than four bytes")
                return
            whole = 1 + length[1] + length[0]
            wanted = min(whole, _KEPT)
            if len(self._held[side]) < wanted:
                return
            first, body = self._held[side][0], self._held[side][1 + length[1] : wanted]
            data, self._held[side] = self._held[side][wanted:], b""
            self._skip[side] = whole - wanted
            self._packet(first, body, side, packet, time)

    def _packet(self, first: int, body: bytes, side: Side, packet: int, time: int) -> None:
        match first >> 4:
            case 1 if side is Side.CLIENT:
                self._connect(body, packet, time)
            case 2 if side is Side.SERVER and len(body) > 1:
                self._acknowledged(accepted=body[1] == 0)
            case 3:
                self._about(_text(body, 0)[0], "PUBLISH", side, packet, time)
            case 8:
                at = 2
                if self._five:
                    at += 1 + (body[2] if len(body) > 2 else 0)  # noqa: PLR2004
                self._about(_text(body, at)[0], "SUBSCRIBE", side, packet, time)

    def _connect(self, body: bytes, packet: int, time: int) -> None:
        name, at = _text(body, 0)
        if len(body) < at + 4:
            return
        level, flags = body[at], body[at + 1]
        self._five = level == 5  # noqa: PLR2004 - the version's number
        at += 4
        if self._five:
            at = _past_properties(body, at)
        _, at = _text(body, at)  # the client's id
        if flags & 0x04:
            at = _past_properties(body, at) if self._five else at
            _, at = _text(body, at)
            _, at = _text(body, at)
        user, secret = b"", None
        if flags & 0x80:
            user, at = _text(body, at)
        if flags & 0x40:
            secret, at = _text(body, at)
        version = {3: "3.1", 4: "3.1.1", 5: "5.0"}.get(level, str(level))
        self.tell(Banner(self.conversation, Side.CLIENT, packet, time, text=words(name), product="MQTT", version=version, what="protocol"))
        self._pending = (words(user, 64), secret, packet, time)

    def _acknowledged(self, *, accepted: bool | None) -> None:
        if self._pending:
            user, secret, packet, time = self._pending
            self._pending = None
            self.tell(LogIn(self.conversation, Side.CLIENT, packet, time, how="mqtt", user=user, secret=secret, accepted=accepted))

    def _about(self, topic: bytes, verb: str, side: Side, packet: int, time: int) -> None:
        """Once for each first level of a topic: what is below may name a patient."""
        top = words(topic.lstrip(b"/").split(b"/", 1)[0], 40)
        if (side, verb + top) in self._topics:
            return
        if len(self._topics) >= MOST_TOPICS:
            self.complain(packet, f"MQTT: more than {MOST_TOPICS} topics: the rest is not told")
            return
        self._topics.add((side, verb + top))
        self.tell(Asked(self.conversation, side, packet, time, "mqtt", verb, top, changes=verb == "PUBLISH" and side is Side.CLIENT))

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        self._acknowledged(accepted=None)


def _text(body: bytes, at: int) -> tuple[bytes, int]:
    """Two bytes of length, then so many (MQTT 5.0, 1.5.4); where it ends."""
    length = int.from_bytes(body[at : at + 2])
    return body[at + 2 : at + 2 + length], at + 2 + length


def _past_properties(body: bytes, at: int) -> int:
    length = _length(b"\0" + body[at : at + 4])
    return at + length[1] + length[0] if length else len(body)
