"""Syslog: which devices report to whom (RFC 5424, RFC 3164), and whether a report names a patient (DICOM PS3.15, A.5; HL7's PID). Not whom."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, Named
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_PRIORITY = rb"<(?:\d|[1-9]\d|1[0-8]\d|19[01])>"
_NEW = re.compile(_PRIORITY + rb"1 (?:-|\d{4}-\d\d-\d\dT\S+) (\S{1,255}) (\S{1,48}) ")
_OLD = re.compile(_PRIORITY + rb"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:([\w.:-]{1,255}) )?([\w./-]{1,48})(?:\[\d+\])?:")
_BEGINNING = re.compile(_PRIORITY)
_MOST_NAMES = 32
_LOOKED_AT = 8192
"""Bytes of a report."""
_PATIENT = re.compile(
    rb"(?:\bpatient[ _-]?(?:id|name|mrn|number)|\bmrn)[\"']?\s?[=:]\s?[\"'(<\[]*([^\"')>\]}\s,;]{0,64})"
    rb"|(?:\A|[\s:\x0b|])PID\|\d*\|[^|]*\|([^|\s]{1,64})",
    re.IGNORECASE,
)
"""A patient by name or number in words that programs use, or HL7's segment about him."""
_NOBODY = re.compile(rb"[-*x.0^]*|none|null|nil|n/?a|unknown|empty|anonymous|undefined", re.IGNORECASE)
_AUDIT = re.compile(rb"<ParticipantObjectIdentification\b[^>]*>")
_CODES = (re.compile(rb"\bParticipantObjectTypeCode=[\"']1[\"']"), re.compile(rb"\bParticipantObjectTypeCodeRole=[\"']1[\"']"))
"""A person who is the patient, in an audit message."""


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
        self._named_patient = False

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        if not self._named_patient and _names_patient(data[:_LOOKED_AT]):
            self._named_patient = True
            self.tell(Asked(self.conversation, side, packet, time, "syslog", "report", "patient"))
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


def _names_patient(data: bytes) -> bool:
    said = any(not _NOBODY.fullmatch(one[1] or one[2] or b"") for one in _PATIENT.finditer(data))
    return said or any(all(code.search(one[0]) for code in _CODES) for one in _AUDIT.finditer(data))
