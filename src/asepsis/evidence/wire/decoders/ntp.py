"""NTP: whose clock a device believes, and whether anybody on the way could set it (RFC 5905)."""

from __future__ import annotations

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked
from asepsis.evidence.wire.listeners import Bare
from asepsis.evidence.wire.packet import Conversation, Side

_HEADER_BYTES = 48
_LEAST_MAC_BYTES = 20
_MODES = {1: "active", 2: "passive", 3: "request", 4: "answer", 5: "broadcast"}
_VERSIONS = range(1, 5)


class NtpDecoder:
    """Recognises 48 bytes, or more with extensions, whose version, mode and stratum are possible."""

    info = DecoderInfo("ntp", "NTP", "RFC 5905", ("udp",), (123,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By its length and first two bytes; an answer has the time at which it was sent."""
        said = client or server
        if len(said) < _HEADER_BYTES or len(said) % 4:
            return Match.NO
        version, mode = said[0] >> 3 & 7, said[0] & 7
        plausible = version in _VERSIONS and mode in _MODES and said[1] <= 16 and said[40:48] != bytes(8)  # noqa: PLR2004 - the highest stratum
        return Match.YES if plausible else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to requests and answers."""
        return _Clock(conversation, tell, complain)


class _Clock(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._told: set[tuple[str, str]] = set()

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        mode = _MODES.get(data[0] & 7, "") if len(data) >= _HEADER_BYTES else ""
        proof = "authenticated" if len(data) >= _HEADER_BYTES + _LEAST_MAC_BYTES else "not authenticated"
        if mode and (mode, proof) not in self._told:
            self._told.add((mode, proof))
            self.tell(Asked(self.conversation, side, packet, time, "ntp", mode, proof))
