"""TFTP: files read and written by whoever asks (RFC 1350). The transfer itself goes between other ports and is not followed."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_REQUEST = re.compile(rb"\0([\1\2])([\x20-\x7e]{1,255})\0(netascii|octet|mail)(?:\0|\Z)", re.IGNORECASE)


class TftpDecoder:
    """Recognises a request: its number, a name, one of three modes."""

    info = DecoderInfo("tftp", "TFTP", "RFC 1350", ("udp",), (69,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """Only requests say what they are."""
        return Match.YES if _REQUEST.match(client or server) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to requests."""
        return _Requests(conversation, tell, complain)


class _Requests(Bare):
    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        asked = _REQUEST.match(data)
        if asked:
            verb = "write" if asked[1] == b"\2" else "read"
            self.tell(Asked(self.conversation, side, packet, time, "tftp", verb, words(asked[2], 120), changes=verb == "write"))
