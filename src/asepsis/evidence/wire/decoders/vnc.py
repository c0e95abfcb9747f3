"""VNC (the Remote Framebuffer Protocol, RFC 6143): whether a screen can be taken over without a password."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, Banner
from asepsis.evidence.wire.listeners import Bare
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_VERSION = re.compile(rb"RFB (\d{3})\.(\d{3})\n")
_VERSION_BYTES = 12
_NONE = 1
_NAMES = {0: "invalid", 1: "none", 2: "VNC password", 5: "RA2", 6: "RA2ne", 16: "Tight", 18: "TLS", 19: "VeNCrypt", 30: "Apple", 113: "MS log-on"}
"""Security types (IANA, Remote Framebuffer Security Types)."""


class VncDecoder:
    """Recognises the server's twelve bytes ``RFB 003.008``."""

    info = DecoderInfo("vnc", "VNC", "RFC 6143", ("tcp",), (5900, 5901, 5902, 5903))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """The server speaks first; a viewer that listens is spoken to by the client."""
        said = server or client
        if len(said) < _VERSION_BYTES:
            return Match.MORE if b"RFB ".startswith(said[:4]) else Match.NO
        return Match.YES if _VERSION.match(said) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until the log-in is over."""
        return _LogOn(conversation, tell, complain)


class _LogOn(Bare):
    """The first bytes of both sides decide everything (RFC 6143, 7.1): version, list of types, choice, result."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._held, self._minor, self._security, self._at = [b"", b""], 8, -1, (0, 0)
        self._named = self._greeted = self._told = False

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        self._held[side] = (self._held[side] + data)[:1024]
        if not self._greeted:
            self._greet(packet, time)
        if self._greeted and not self._told:
            self._follow(packet, time)

    def _greet(self, packet: int, time: int) -> None:
        server, client = (_VERSION.match(self._held[side]) for side in (Side.SERVER, Side.CLIENT))
        if server and client:
            self._greeted = True
            self._minor = min(int(server[2]), int(client[2]))
        if server and not self._named:
            self._named = True
            text = server[0].decode().strip()
            self.tell(Banner(self.conversation, Side.SERVER, packet, time, text=text, product="RFB", version=f"{int(server[1])}.{int(server[2])}"))

    def _follow(self, packet: int, time: int) -> None:
        server, client = self._held[Side.SERVER][_VERSION_BYTES:], self._held[Side.CLIENT][_VERSION_BYTES:]
        if self._minor < 7:  # noqa: PLR2004 - before 3.7 the server decides, in four bytes
            if len(server) < 4:  # noqa: PLR2004
                return
            chosen, rest = int.from_bytes(server[:4]), server[4:]
        else:
            if not server or not client:
                return
            chosen, rest = client[0], server[1 + server[0] :]
        self._security, self._at = chosen, (packet, time)
        challenge = 0 if chosen == _NONE else 16
        if chosen not in {_NONE, 2}:
            self._tell(None)
        elif chosen == _NONE and self._minor < 8:  # noqa: PLR2004 - no result is sent
            self._tell(accepted=True)
        elif len(rest) >= challenge + 4:
            self._tell(accepted=rest[challenge : challenge + 4] == bytes(4))

    def _tell(self, accepted: bool | None) -> None:
        self._told, self.deaf = True, [True, True]
        subject = _NAMES.get(self._security, f"type {self._security}")
        self.tell(Asked(self.conversation, Side.CLIENT, *self._at, "vnc", "log on", subject, changes=True, accepted=accepted))

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        if self._security >= 0 and not self._told:
            self._tell(None)
