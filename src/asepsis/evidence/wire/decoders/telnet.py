"""Telnet: a log-in that everybody on the way can read (RFC 854), and what the system says of itself before."""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Banner, LogIn
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

_IAC, _SB, _SE = 255, 250, 240
_VERBS = frozenset({251, 252, 253, 254})
_MOST_TEXT = 4096
_LONGEST_ENTRY = 256
_ASKS_USER = re.compile(rb"(?:login|user ?name|user|account) ?(?:id|name)?: ?\Z", re.IGNORECASE)
_ASKS_PASSWORD = re.compile(rb"(?:password|passcode|passwort|pin)(?: for [^\n:]{1,64})?: ?\Z", re.IGNORECASE)
_REFUSED = re.compile(rb"incorrect|failed|denied|invalid|bad password|try again|refused", re.IGNORECASE)
_ENTER = re.compile(rb"\r[\n\0]?|\n")
_PROMPT = re.compile(rb"[#$>%] ?\Z")


class TelnetDecoder:
    """Recognises negotiation of options, or a prompt for a user at the port of Telnet."""

    info = DecoderInfo("telnet", "Telnet", "RFC 854", ("tcp",), (23, 2323))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """A server that begins with an option, or a client that does; without either, a prompt."""
        for said in (server, client):
            if len(said) >= 3 and said[0] == _IAC and (said[1] in _VERBS or said[1] == _SB):  # noqa: PLR2004 - IAC, verb, option
                return Match.YES
        if _ASKS_USER.search(server[-64:]):
            return Match.YES
        return Match.MORE if len(server) < 64 and (not server or server[0] == _IAC or server.isascii()) and not client.strip() else Match.NO  # noqa: PLR2004

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to the dialogue."""
        return _Dialogue(conversation, tell, complain)


class _Dialogue(Bare):
    """``_awaited`` is what the server asked for last; what the client types until Enter is the answer to it.

    What the server shows is looked at when the client answers, or when all is over: where a packet ends says nothing.
    """

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._commands = (_Commands(), _Commands())
        self._shown, self._typed = b"", b""
        self._shown_at: tuple[int, int] | None = None
        self._awaited, self._user = "", ""
        self._pending: tuple[str, bytes, int, int] | None = None
        self._greeted = self._entered = False

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        text = self._commands[side].text(data)
        if side is Side.SERVER and text:
            self._shown = (self._shown + text)[-_MOST_TEXT:]
            self._shown_at = packet, time
        elif text:
            self._look_at_shown()
            self._client_types(text, packet, time)

    def _look_at_shown(self) -> None:
        """Whether what was typed last was accepted, and what is asked for now."""
        if self._shown_at is None:
            return
        packet, time = self._shown_at
        self._shown_at = None
        if self._pending and _REFUSED.search(self._shown):
            self._told(accepted=False)
        elif self._pending and _PROMPT.search(self._shown):
            self._told(accepted=True)
        if _ASKS_PASSWORD.search(self._shown):
            self._awaited = "password"
        elif _ASKS_USER.search(self._shown):
            self._greet(packet, time)
            if self._pending:
                self._told(accepted=False)  # it asks again
            self._awaited = "user"

    def _greet(self, packet: int, time: int) -> None:
        if not self._greeted:
            self._greeted = True
            lines = [line for line in self._shown.replace(b"\r", b"\n").split(b"\n")[:-1] if line.strip()]
            if lines:
                self.tell(Banner(self.conversation, Side.SERVER, packet, time, text=words(b" ".join(lines))))

    def _client_types(self, text: bytes, packet: int, time: int) -> None:
        if self._entered and text[:1] in (b"\n", b"\0"):
            text = text[1:]  # the second half of Enter
        self._entered = False
        *entries, rest = _ENTER.split(text)
        for entry in entries:
            self._enter(_without_rubbed_out((self._typed + entry)[:_LONGEST_ENTRY]), packet, time)
            self._typed = b""
        self._entered = text.endswith(b"\r")
        self._typed = (self._typed + rest)[:_LONGEST_ENTRY]

    def _enter(self, entry: bytes, packet: int, time: int) -> None:
        if self._awaited == "user":
            self._user = words(entry, 64)
        elif self._awaited == "password":
            self._told(accepted=None)
            self._pending = (self._user, entry, packet, time)
        self._awaited, self._shown = "", b""

    def _told(self, *, accepted: bool | None) -> None:
        if self._pending:
            user, secret, packet, time = self._pending
            self._pending = None
            self.tell(LogIn(self.conversation, Side.CLIENT, packet, time, how="telnet", user=user, secret=secret, accepted=accepted))

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        self._look_at_shown()
        self._told(accepted=None)


class _Commands:
    """Takes commands and options out of one side's bytes, also where a segment ends in the middle of one."""

    def __init__(self) -> None:
        self._state = "text"

    def text(self, data: bytes) -> bytes:
        if self._state == "text" and _IAC not in data:
            return data
        out = bytearray()
        for byte in data:
            self._state = self._after(byte, out)
        return bytes(out)

    def _after(self, byte: int, out: bytearray) -> str:
        match self._state:
            case "text" if byte == _IAC:
                return "command"
            case "text":
                out.append(byte)
            case "command" if byte == _SB:
                return "inside"
            case "command" if byte in _VERBS:
                return "option"
            case "command" if byte == _IAC:
                out.append(byte)
            case "inside":
                return "inside end" if byte == _IAC else "inside"
            case "inside end":
                return "text" if byte == _SE else "inside"
        return "text"


def _without_rubbed_out(entry: bytes) -> bytes:
    out = bytearray()
    for byte in entry:
        if byte in b"\x7f\x08":
            del out[-1:]
        elif byte:
            out.append(byte)
    return bytes(out)
