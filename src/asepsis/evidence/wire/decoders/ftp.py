"""FTP: a log-in in clear, and what the server calls itself (RFC 959; RFC 4217 for ``AUTH TLS``)."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, Banner, LogIn
from asepsis.evidence.wire.listeners import Bare, Lines, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_GREETING = re.compile(rb"220[ -]")
_COMMAND = re.compile(rb"(?:USER|AUTH|FEAT|SYST|OPTS|PASS) ?", re.IGNORECASE)
_CHANGES = frozenset({"STOR", "STOU", "APPE", "DELE", "RNFR", "RMD", "MKD"})
_READS = frozenset({"RETR", "LIST", "NLST"})
_SERVER = re.compile(r"\(?([A-Za-z][A-Za-z -]*?(?:FTPd?|ftpd|Serv-U))[ /]?(?:Server )?v?(\d[\w.]*)?")


class FtpDecoder:
    """Recognises a greeting 220 that is no mail server's, or the client's first command."""

    info = DecoderInfo("ftp", "FTP", "RFC 959", ("tcp",), (21, 2121))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """Mail greets with 220 as well: its client says EHLO or HELO, its server mostly SMTP."""
        if client[:4].upper() in {b"EHLO", b"HELO"} or b"SMTP" in server:
            return Match.NO
        if server and not _GREETING.match(server) and len(server) >= 4:  # noqa: PLR2004
            return Match.NO
        if _COMMAND.match(client) and (_GREETING.match(server) or client[:4].upper() in {b"USER", b"AUTH"}):
            return Match.YES
        return Match.YES if b"FTP" in server[:200].upper() else Match.NO if client else Match.MORE

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to the control connection."""
        return _Control(conversation, tell, complain)


class _Control(Bare):
    """``_pending`` is a password that no answer has been given to yet."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._lines = (Lines(), Lines())
        self._user, self._greeted, self._asked = "", False, ("", "")
        self._pending: tuple[bytes, int, int] | None = None

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        for line in self._lines[side].feed(data):
            if side is Side.CLIENT:
                self._command(line, packet, time)
            else:
                self._reply(line, packet, time)

    def _command(self, line: bytes, packet: int, time: int) -> None:
        verb, _, rest = line.partition(b" ")
        name = words(verb, 8).upper()
        if name == "USER":
            self._user = words(rest, 64)
        elif name == "PASS":
            self._pending = (rest.rstrip(), packet, time)
        elif name == "AUTH":
            self._asked = (name, "")
        elif name in _CHANGES or name in _READS:
            self._asked = (name, rest.rsplit(b".", 1)[-1].decode("ascii", "replace")[:8] if b"." in rest else "")

    def _reply(self, line: bytes, packet: int, time: int) -> None:
        code = line[:3]
        if not code.isdigit() or line[3:4] == b"-":
            return
        if not self._greeted:
            self._greet(line, packet, time)
        elif self._pending and code[:1] in b"25":
            self._log_in(accepted=code[:1] == b"2")
        elif self._asked[0] == "AUTH" and code == b"234":
            raise Handover(Side.CLIENT, b"")
        elif self._asked[0] and self._asked[0] != "AUTH":
            verb, subject = self._asked
            accepted = code[:1] in b"12"
            self.tell(Asked(self.conversation, Side.CLIENT, packet, time, "ftp", verb, subject, changes=verb in _CHANGES, accepted=accepted))
            self._asked = ("", "")

    def _greet(self, line: bytes, packet: int, time: int) -> None:
        self._greeted = True
        text = words(line[4:])
        named = _SERVER.search(text)
        product, version = (named[1].strip(), named[2] or "") if named else ("", "")
        self.tell(Banner(self.conversation, Side.SERVER, packet, time, text=text, product=product, version=version))

    def _log_in(self, *, accepted: bool | None) -> None:
        if self._pending:
            secret, packet, time = self._pending
            self._pending = None
            self.tell(LogIn(self.conversation, Side.CLIENT, packet, time, how="ftp", user=self._user, secret=secret, accepted=accepted))

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        self._log_in(accepted=None)
