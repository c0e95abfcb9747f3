"""Syslog: which devices report to whom (RFC 5424, RFC 3164). What they report is none of ours: it may name patients."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Named
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_PRIORITY = rb"<(?:\d|[1-9]\d|1[0-8]\d|19[01])>"
_NEW = re.compile(_PRIORITY + rb"1 (?:-|\d{4}-\d\d-\d\dT\S+) (\S{1,255}) (\S{1,48}) ")
_OLD = re.compile(_PRIORITY + rb"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:([\w.:-]{1,255}) )?([\w./-]{1,48})(?:\[\d+\])?:")
_BEGINNING = re.compile(_PRIORITY)
_MOST_NAMES = 32


class SyslogDecoder:
    """Recognises a priority in angle brackets, and after it a version or a date."""

    info = DecoderInfo("syslog", "Syslog", "RFC 5424", ("udp",), (514,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """Devices take liberties: a priority followed by text is enough."""
        said = client or server
        found = _BEGINNING.match(said)
        return Match.YES if found and said[found.end() : found.end() + 1].isascii() and said[found.end() :].strip() else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen for names."""
        return _Reports(conversation, tell, complain)


class _Reports(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._told: set[tuple[str, str]] = set()

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        found = _NEW.match(data) or _OLD.match(data)
        if not found:
            return
        name, program = words(found[1] or b"", 120), words(found[2], 48)
        if name == "-" or (name, program) in self._told:
            return
        if len(self._told) == _MOST_NAMES:
            self.complain(packet, f"syslog: more than {_MOST_NAMES} names and programs: the rest is not told")
        else:
            self._told.add((name, program))
            address = self.conversation.end(side).address
            self.tell(Named(self.conversation, side, packet, time, address=address, name=name, how="syslog", attributes={"program": program}))
