"""SSDP: what devices announce of themselves to everybody on their network (UPnP Device Architecture 2.0, 1.2 and 1.3).

One datagram is one head in the form of HTTP, without content. Who announces says the product that he runs in ``SERVER``. Nothing
of it is authenticated.
"""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Named
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_START = re.compile(rb"(?:NOTIFY|M-SEARCH) \* HTTP/1\.[01]\r?\n|HTTP/1\.1 200 OK\r?\n", re.IGNORECASE)
_FIELD = re.compile(rb"^([A-Za-z.-]{1,32})[ \t]*:[ \t]*([^\r\n]{0,300})", re.MULTILINE)
_MOST_FIELDS, _MOST_TOLD = 40, 32
_PRODUCT = re.compile(r"UPnP/[\d.]+,? +(.{2,80})")
"""The last of three tokens: system, UPnP, product (1.2.2)."""
_GONE = b"ssdp:byebye"


class SsdpDecoder:
    """Recognises a start line that only SSDP sends in a datagram."""

    info = DecoderInfo("ssdp", "SSDP", "UPnP Device Architecture 2.0", ("udp",), (1900,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By the first line."""
        return Match.YES if _START.match(client or server) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to every datagram."""
        return _Announcements(conversation, tell, complain)


class _Announcements(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._told: set[str] = set()

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        start = _START.match(data)
        if not start:
            self.complain(packet, "SSDP: a datagram that is no announcement, search or answer")
            return
        found = _FIELD.findall(data, start.end())[:_MOST_FIELDS]
        fields = {name.upper(): value for name, value in reversed(found)}
        if data[:1] in b"Mm" or fields.get(b"NTS", b"").strip().lower() == _GONE or b"USN" not in fields:
            return
        product = _PRODUCT.search(words(fields.get(b"SERVER", b"")))
        name = product[1] if product else ""
        if name in self._told or len(self._told) >= _MOST_TOLD:
            return
        self._told.add(name)
        attributes = {"product": name} if name else {}
        self.tell(Named(self.conversation, side, packet, time, self.conversation.end(side).address, "", "ssdp", attributes))
