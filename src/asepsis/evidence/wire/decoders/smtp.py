"""SMTP: a log-in in clear of whoever sends mail, devices that report by mail among them (RFC 5321; RFC 4954 for AUTH; RFC 3207 for STARTTLS).

Of the mechanisms of SASL, PLAIN (RFC 4616) and LOGIN (which no standard describes; draft-murchison-sasl-login) send the password itself, in base64.
Nothing of a mail is looked at, nor from whom and to whom it goes.
"""

from __future__ import annotations

import re
from base64 import b64decode

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Listener, Match, Tell
from asepsis.evidence.wire.events import Banner, LogIn
from asepsis.evidence.wire.listeners import Bare, Lines, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_GREETING, _HELLO = re.compile(rb"220[ -][^\r\n]*\bE?SMTP\b", re.IGNORECASE), re.compile(rb"(?:EHLO|HELO)(?: |\r?\n)", re.IGNORECASE)
_SERVER = re.compile(r"\bE?SMTP (Postfix|Exim|Sendmail)\b[ /]?(\d[\w.]*)?")
_CODE = re.compile(rb"\d{3}(?: |\Z)")
_GO_ON, _ACCEPTED, _READY, _SEND = b"334", b"235", b"220", b"354"


class SmtpDecoder:
    """Recognises a server that greets as one, or the client's first word."""

    info = DecoderInfo("smtp", "SMTP", "RFC 5321", ("tcp",), (25, 587))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """FTP greets with 220 as well: of a server that does not say what it is, the client's hello decides."""
        if _HELLO.match(client) or (_GREETING.match(server) and not client):
            return Match.YES
        if client and not any(word.startswith(client[:5].upper()) for word in (b"EHLO ", b"HELO ")):
            return Match.NO
        return Match.MORE if not server or server.startswith((b"220"[: len(server)], b"220")) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until it is encrypted."""
        return _Session(conversation, tell, complain)


class _Session(Bare):
    """``_awaits`` is what the client says next, if it is no command: an answer of PLAIN, a user, a password, a mail."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._lines = (Lines(), Lines())
        self._asked, self._awaits, self._user = "", "", b""
        self._greeted = False
        self._pending: tuple[bytes, bytes, int, int] | None = None

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        for line in self._lines[side].feed(data):
            if self.deaf[side]:
                return
            if side is Side.SERVER:
                self._reply(line, packet, time)
            elif self._awaits:
                self._awaited(line, packet, time)
            else:
                self._command(line, packet, time)

    def _command(self, line: bytes, packet: int, time: int) -> None:
        verb, _, rest = line.partition(b" ")
        self._asked = words(verb, 8).upper()
        if self._asked == "BDAT":  # counted bytes follow, which are no lines (RFC 3030)
            self.deaf[Side.CLIENT] = True
        if self._asked == "AUTH":
            how, _, first = rest.partition(b" ")
            self._asked = f"AUTH {words(how, 32).upper()}"
            if first:
                self._answer(first, packet, time)

    def _awaited(self, line: bytes, packet: int, time: int) -> None:
        if self._awaits == "mail":
            self._awaits = "" if line == b"." else "mail"
            return
        self._awaits = ""
        self._answer(line, packet, time)

    def _answer(self, said: bytes, packet: int, time: int) -> None:
        """What the mechanism asked for, in base64."""
        try:
            plain = b64decode(said, validate=True)
        except ValueError:
            return  # ``*`` gives up; what else is no base64 is no password either
        if self._asked == "AUTH PLAIN" and plain.count(b"\0") == 2:  # noqa: PLR2004 - authority, user, password
            _, user, secret = plain.split(b"\0")
            self._pending = user, secret, packet, time
        elif self._asked == "AUTH LOGIN" and not self._user:
            self._user = plain
        elif self._asked == "AUTH LOGIN":
            self._pending = self._user, plain, packet, time

    def _reply(self, line: bytes, packet: int, time: int) -> None:
        if not _CODE.match(line):
            return  # more lines follow
        code = line[:3]
        if not self._greeted:
            self._greet(line, packet, time)
        elif self._asked.startswith("AUTH"):
            self._authenticates(code)
        elif self._asked == "STARTTLS" and code == _READY:
            raise Handover(Side.CLIENT, b"")
        elif self._asked == "DATA" and code == _SEND:
            self._awaits = "mail"

    def _authenticates(self, code: bytes) -> None:
        if code == _GO_ON:
            self._awaits = "answer"
            return
        if self._pending:
            self._told(accepted=True if code == _ACCEPTED else False if code[:1] == b"5" else None)
        self._asked, self._user = "", b""

    def _greet(self, line: bytes, packet: int, time: int) -> None:
        self._greeted = True
        text = words(line[4:])
        named = _SERVER.search(text)
        product, version = (named[1], named[2] or "") if named else ("", "")
        self.tell(Banner(self.conversation, Side.SERVER, packet, time, text=text, product=product, version=version))

    def _told(self, *, accepted: bool | None) -> None:
        if self._pending:
            user, secret, packet, time = self._pending
            self._pending = None
            self.tell(LogIn(self.conversation, Side.CLIENT, packet, time, how="smtp", user=words(user, 128), secret=secret, accepted=accepted))

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        self._told(accepted=None)
