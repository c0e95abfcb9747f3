"""Mailboxes: log-ins of POP3 and IMAP in clear (RFC 1939, RFC 9051; SASL in them: RFC 5034, RFC 4616).

Both are lines, a greeting, and the same ways to log in. After STARTTLS the rest is handed over; once somebody is let in, nothing more is listened to.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Listener, Match, Tell
from asepsis.evidence.wire.events import Banner, LogIn
from asepsis.evidence.wire.listeners import Bare, Lines, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_POP3 = re.compile(rb"(?:USER|APOP|PASS|CAPA|AUTH|STLS|QUIT|NOOP|STAT)(?: |\r|\n)", re.IGNORECASE)
_IMAP = re.compile(rb"\* (?:OK|PREAUTH)\b", re.IGNORECASE)
_LITERAL = re.compile(rb"\{(\d{1,5})\+?\}\Z")
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_SERVER = re.compile(r"\b(Dovecot|Cyrus IMAP|Courier-IMAP|qpopper)[ /]v?(\d[\w.]*)", re.IGNORECASE)
_LONGEST_WAY = 4


class MailboxDecoder:
    """Recognises the greeting of IMAP, and for POP3, whose greeting others have too, the client's first command."""

    info = DecoderInfo("mailbox", "POP3 and IMAP", "RFC 1939, RFC 9051", ("tcp",), (110, 143))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """Redis answers with +OK too."""
        if _flavour(client, server):
            return Match.YES
        begun = (b"+OK", b"* OK", b"* PREAUTH")
        return Match.MORE if not client and any(one.startswith(server[: len(one)]) or server.startswith(one) for one in begun) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until somebody is let in."""
        return _Session(conversation, tell, complain)


def _flavour(client: bytes, server: bytes) -> str:
    if _IMAP.match(server):
        return "imap"
    if server.startswith(b"+OK") and _POP3.match(client):
        return "pop3"
    return ""


@dataclass(slots=True)
class _Way:
    """A log-in that is under way: the mechanism, the tag of IMAP, what was said of it so far, how many answers come before its own."""

    mechanism: str
    tag: bytes
    packet: int
    time: int
    said: tuple[bytes, ...] = ()
    before: int = 0


class _Session(Bare):
    """``_user`` is what POP3 said of who comes; ``_held`` a line of IMAP whose rest follows as a literal."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._lines = (Lines(), Lines())
        self._flavour, self._user, self._held = "", b"", b""
        self._way: _Way | None = None
        self._tls: bytes | None = None
        self._unanswered = 0

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        for line in self._lines[side].feed(data):
            if self.deaf[side]:
                return
            if side is Side.CLIENT:
                self._client(line, packet, time)
            else:
                self._server(line, packet, time)

    # --- the client

    def _client(self, line: bytes, packet: int, time: int) -> None:
        if self._way and self._way.mechanism in {"PLAIN", "LOGIN"}:
            self._goes_on(line)
        elif self._flavour == "imap":
            self._imap(line, packet, time)
        else:
            self._command(line, packet, time)
            self._unanswered += 1

    def _goes_on(self, line: bytes) -> None:
        """A line of a SASL mechanism (RFC 5034, 4)."""
        if line == b"*":
            self._way = None
        elif self._way and len(self._way.said) < _LONGEST_WAY:
            self._way.said += (_plain(line),)

    def _command(self, line: bytes, packet: int, time: int) -> None:
        verb, _, rest = line.partition(b" ")
        match verb.upper():
            case b"USER":
                self._user = rest.strip()
            case b"PASS":
                self._way = _Way("PASS", b"", packet, time, (self._user, rest), self._unanswered)
            case b"AUTH":
                self._begin(rest, b"", packet, time)
            case b"STLS":
                self._tls = b""

    def _imap(self, line: bytes, packet: int, time: int) -> None:
        line = self._held + line
        if found := _LITERAL.search(line):
            self._held = line[: found.start()] if len(line) < 1024 else b""  # noqa: PLR2004 - a log-in is shorter
            return
        self._held = b""
        tag, _, rest = line.partition(b" ")
        verb, _, arguments = rest.partition(b" ")
        match verb.upper():
            case b"LOGIN":
                said = tuple(_unquoted(one[0]) if one[0] else one[1] for one in _WORD.findall(arguments)[:2])
                self._way = _Way("PASS", tag, packet, time, said)
            case b"AUTHENTICATE":
                self._begin(arguments, tag, packet, time)
            case b"STARTTLS":
                self._tls = tag

    def _begin(self, rest: bytes, tag: bytes, packet: int, time: int) -> None:
        mechanism, _, first = rest.partition(b" ")
        self._way = _Way(words(mechanism, 20).upper(), tag, packet, time, (_plain(first),) if first.strip() else (), self._unanswered)

    # --- the server

    def _server(self, line: bytes, packet: int, time: int) -> None:
        if not self._flavour:
            self._greeting(line, packet, time)
            return
        answer = self._answer(line)
        if answer is None:
            return
        self._unanswered = max(0, self._unanswered - 1)
        if self._tls is not None and self._is_to(line, self._tls):
            self._tls = None
            if answer:
                raise Handover(Side.CLIENT, b"")
        elif self._way and self._way.before:  # several commands were sent at once
            self._way.before -= 1
        elif self._way and self._is_to(line, self._way.tag):
            self._tell(accepted=answer)

    def _greeting(self, line: bytes, packet: int, time: int) -> None:
        text = words(line)
        self._flavour = "imap" if line.startswith(b"*") else "pop3"
        if named := _SERVER.search(text):
            self.tell(Banner(self.conversation, Side.SERVER, packet, time, text=text, product=named[1], version=named[2]))

    def _answer(self, line: bytes) -> bool | None:
        """Whether a line says yes or no; None for one that is on the way."""
        if self._flavour == "pop3":
            return True if line.startswith(b"+OK") else False if line.startswith(b"-ERR") else None
        said = line.partition(b" ")[2][:4].upper()
        return True if said.startswith(b"OK") else False if said.startswith((b"NO", b"BAD")) else None

    def _is_to(self, line: bytes, tag: bytes) -> bool:
        return self._flavour != "imap" or line.startswith(tag + b" ")

    def _tell(self, *, accepted: bool | None) -> None:
        way, self._way = self._way, None
        if way is None:
            return
        user, secret = _shown(way)
        self.tell(
            LogIn(self.conversation, Side.CLIENT, way.packet, way.time, how=self._flavour, user=words(user, 64), secret=secret, accepted=accepted)
        )
        if accepted:
            self.deaf = [True, True]

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        self._tell(accepted=None)


def _shown(way: _Way) -> tuple[bytes, bytes | None]:
    """Who it is, and his password if it stands there; other mechanisms show none."""
    match way.mechanism, way.said:
        case (("PASS" | "LOGIN"), (user, secret, *_)):
            return user, secret
        case "PLAIN", (said, *_) if said.count(b"\0") == 2:  # noqa: PLR2004 - for whom, who, password
            _, user, secret = said.split(b"\0")
            return user, secret
        case "LOGIN", (user,):
            return user, None
    return b"", None


def _plain(line: bytes) -> bytes:
    try:
        return b64decode(line.strip(), validate=True)
    except ValueError:
        return b""


def _unquoted(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text)
