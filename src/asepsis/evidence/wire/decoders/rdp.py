"""Remote Desktop: who may take over a Windows screen, and how that is protected ([MS-RDPBCGR] 2.2.1.1, 2.2.1.2; X.224)."""

from __future__ import annotations

import re
import struct

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, LogIn
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_REQUEST, _CONFIRM = 0xE0, 0xD0
_COOKIE = re.compile(rb"Cookie: mstshash=([^\r\n]{1,64})\r\n")
_NEGOTIATION = struct.Struct("<BBHI")
_RESPONSE, _FAILURE = 2, 3
_SHORTEST, _LONGEST = 11, 512
"""TPKT and the fixed part of X.224; much more than a cookie and a negotiation."""
_PROTOCOLS = {0: "RDP security", 1: "TLS", 2: "CredSSP", 4: "RDSTLS", 8: "CredSSP with early user authorization"}


class RdpDecoder:
    """Recognises a connection request of X.224 in a TPKT (RFC 1006) that names RDP."""

    info = DecoderInfo("rdp", "Remote Desktop", "[MS-RDPBCGR]", ("tcp",), (3389,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """Other protocols use TPKT too (S7, H.323): a cookie, a negotiation or the bare request of an old client tells them apart."""
        if len(client) < 11:  # noqa: PLR2004 - TPKT and X.224
            return Match.MORE if b"\x03\0".startswith(client[:2]) and not server else Match.NO
        if client[:2] != b"\x03\0" or client[5] != _REQUEST or client[6:8] != b"\0\0":
            return Match.NO
        body = client[11 : int.from_bytes(client[2:4])]
        named = _COOKIE.match(body) or body.startswith(b"Cookie: msts=") or (body[-8:-7] == b"\1" and body[-6:-4] == b"\x08\0")
        return Match.YES if named or not body else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until both agree on a protection."""
        return _Connection(conversation, tell, complain)


class _Connection(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._held, self._done = [b"", b""], [False, False]

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        if self._done[side]:
            return
        held = self._held[side] = self._held[side] + data
        if len(held) < 4:  # noqa: PLR2004 - TPKT
            return
        length = int.from_bytes(held[2:4])
        if not _SHORTEST <= length <= _LONGEST:
            self.give_up(packet, f"RDP: a request or answer of {length} bytes")
        if len(held) < length or self.deaf[side]:
            return
        self._done[side], self._held[side] = True, b""
        body, left = held[_SHORTEST:length], held[length:]
        if side is Side.CLIENT:
            if cookie := _COOKIE.match(body):
                self.tell(LogIn(self.conversation, side, packet, time, how="rdp", user=words(cookie[1], 64)))
        elif held[5] == _CONFIRM:
            self._confirmed(body, left, packet, time)

    def _confirmed(self, body: bytes, left: bytes, packet: int, time: int) -> None:
        """An old server answers without a word on protection: then it is that of RDP itself."""
        kind, _, _, value = _NEGOTIATION.unpack(body[:8]) if len(body) >= _NEGOTIATION.size else (_RESPONSE, 0, 8, 0)
        accepted = kind == _RESPONSE
        subject = _PROTOCOLS.get(value, f"protocol {value}") if accepted else f"refused, reason {value}"
        self.tell(Asked(self.conversation, Side.SERVER, packet, time, "rdp", "connect", subject, changes=True, accepted=accepted))
        if accepted and value:
            raise Handover(Side.SERVER, left)
        self.deaf = [True, True]

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        if self._done[Side.CLIENT] and not self._done[Side.SERVER]:
            self.tell(Asked(self.conversation, Side.CLIENT, packet, time, "rdp", "connect", "", changes=True))
