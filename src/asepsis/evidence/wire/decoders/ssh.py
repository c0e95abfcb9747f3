"""SSH: what both programs call themselves, and the key that the server shows (RFC 4253, 4.2, 7.1, 8; RFC 5656, 4; RFC 8731)."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Banner, KeyShown
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_LONGEST_PACKET = 35_000
"""RFC 4253, 6.1: what every implementation must take."""
_NEW_KEYS, _REPLIES = 21, frozenset({31, 33})
"""Replies of a key exchange begin with the server's key: Diffie-Hellman and its elliptic kin (31), with groups (33)."""
_SOFTWARE = re.compile(r"SSH-[\d.]+-([A-Za-z][A-Za-z_.+-]*?)[_ -]?v?(\d[\w.]*)?(?: .*)?")


class SshDecoder:
    """Recognises the line ``SSH-2.0-…`` that each side begins with."""

    info = DecoderInfo("ssh", "SSH", "RFC 4253", ("tcp",), (22,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """A server may send other lines before (RFC 4253, 4.2): the client's line is as good."""
        said = [one for one in (client, server) if one]
        if any(one.startswith(b"SSH-") for one in said):
            return Match.YES
        return Match.MORE if all(b"SSH-".startswith(one[:4]) for one in said) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until the keys are in use."""
        return _Exchange(conversation, tell, complain)


class _Exchange(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._held, self._greeted = [b"", b""], [False, False]

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        self._held[side] += data
        if not self._greeted[side] and not self._greet(side, packet, time):
            if len(self._held[side]) > _LONGEST_PACKET:
                self.give_up(packet, "SSH: no line that says the version")
            return
        while len(self._held[side]) >= 5 and not self.deaf[side]:  # noqa: PLR2004 - length and padding
            length = int.from_bytes(self._held[side][:4])
            if not 2 <= length <= _LONGEST_PACKET:  # noqa: PLR2004
                self.give_up(packet, f"SSH: a packet of {length} bytes before the keys are in use")
                return
            if len(self._held[side]) < 4 + length:
                return
            body, self._held[side] = self._held[side][5 : 4 + length], self._held[side][4 + length :]
            self._packet(side, body, packet, time)

    def _greet(self, side: Side, packet: int, time: int) -> bool:
        """Whether the side has said its version; lines before it are none of ours."""
        while (end := self._held[side].find(b"\n")) >= 0:
            line, self._held[side] = self._held[side][:end], self._held[side][end + 1 :]
            if line.startswith(b"SSH-"):
                text = words(line)
                named = _SOFTWARE.fullmatch(text)
                product, version = (named[1], named[2] or "") if named else ("", "")
                what = "server" if side is Side.SERVER else "client"
                self.tell(Banner(self.conversation, side, packet, time, text=text, product=product, version=version, what=what))
                self._greeted[side] = True
                return True
        return False

    def _packet(self, side: Side, body: bytes, packet: int, time: int) -> None:
        if body[:1] == bytes([_NEW_KEYS]):
            self.deaf[side] = True  # encrypted from here on
        elif side is Side.SERVER and body and body[0] in _REPLIES:
            key = body[5 : 5 + int.from_bytes(body[1:5])]
            name = key[4 : 4 + int.from_bytes(key[:4])]
            if name.startswith((b"ssh-", b"ecdsa-", b"rsa-", b"sk-")):
                self.tell(KeyShown(self.conversation, side, packet, time, algorithm=words(name, 60), key=key))
