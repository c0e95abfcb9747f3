"""LDAP: who logs in to a directory, and with which password, where it is sent in clear (RFC 4511, 4.2; RFC 4513, 5.1.3; RFC 4616; StartTLS: 4.14).

A message is a sequence of its number, an operation and controls, in BER. Only binds and StartTLS are taken apart; of all other messages, which may
hold a whole directory, the bytes are counted and passed over. Inside a SASL layer that signs or seals nothing can be told, and nothing is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from asepsis.evidence.protocols.der import INTEGER, OCTETS, Element, children, element
from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Listener, Match, Tell
from asepsis.evidence.wire.events import LogIn
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

MOST_KEPT = 8192
"""Bytes of a bind that are looked at; a longer one holds a ticket."""
MOST_AWAITED = 16
_HEADER, _LONG, _MOST_LENGTH_BYTES, _ENDLESS = 6, 0x80, 4, b"\x80"
_MESSAGE, _BIND, _BOUND, _EXTENDED, _EXTENDED_ANSWER, _SIMPLE, _SASL, _NAME, _ENUMERATED = 0x30, 0x60, 0x61, 0x77, 0x78, 0x80, 0xA3, 0x80, 0x0A
_TAKEN_APART = frozenset({_BIND, _BOUND, _EXTENDED, _EXTENDED_ANSWER})
_START_TLS = b"1.3.6.1.4.1.1466.20037"
_SUCCESS, _GOES_ON = 0, 14
_LENGTH = rb"(?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)"
_NUMBER = rb"\x02(?:\x01.|\x02..|\x03...|\x04....)"
_BEGINS = re.compile(rb"\x30%s%s(?:\x60%s\x02\x01[\x02\x03]\x04|\x63%s\x04|\x77%s\x80)" % (_LENGTH, _NUMBER, _LENGTH, _LENGTH, _LENGTH), re.DOTALL)
_LONGEST_BEGINNING = 24


class LdapDecoder:
    """Recognises a bind, a search or an extended request as the first message of the client."""

    info = DecoderInfo("ldap", "LDAP", "RFC 4511", ("tcp",), (389, 3268))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By the first operation; a server says nothing before it."""
        if _BEGINS.match(client):
            return Match.YES
        begun = len(client) < _LONGEST_BEGINNING and client[:1] in {b"", b"\x30"}
        return Match.MORE if begun and server[:1] in {b"", b"\x30"} else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until it is encrypted."""
        return _Directory(conversation, tell, complain)


class _Directory(Bare):
    """``_awaited`` are log-ins without an answer, by the number of their message."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._held, self._left = [b"", b""], [0, 0]
        self._awaited: dict[bytes, LogIn] = {}
        self._starts_tls = b""

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        data, at = self._held[side] + data, 0
        self._held[side] = b""
        while at < len(data) and not self.deaf[side]:
            passed = min(self._left[side], len(data) - at)
            self._left[side] -= passed
            at += passed
            size = self._size(data[at : at + _HEADER], packet)
            if size > MOST_KEPT:
                self._left[side] = size
            elif not size or len(data) - at < size:
                self._held[side] = b"" if self.deaf[side] else data[at:]
                return
            else:
                at += size
                if self._message(side, data[at - size : at], packet, time):
                    raise Handover(Side.SERVER, data[at:])

    def _size(self, head: bytes, packet: int) -> int:
        """The whole length of the message that begins with ``head``; 0 if that cannot be told yet."""
        count = head[1] & ~_LONG if len(head) > 1 and head[1] & _LONG else 0
        if head[:1] == b"\0":  # the length of what SASL seals (RFC 4422, 3.7): nothing more is said in clear
            self.deaf = [True, True]
        elif head and (head[0] != _MESSAGE or count > _MOST_LENGTH_BYTES or head[1:2] == _ENDLESS):
            self.give_up(packet, "LDAP: no message where one must begin")
        if len(head) < 2 + count or all(self.deaf):
            return 0
        return 2 + count + (int.from_bytes(head[2 : 2 + count]) if count else head[1])

    def _message(self, side: Side, message: bytes, packet: int, time: int) -> bool:
        """Take a message apart; whether TLS begins behind it."""
        whole = element(message)
        parts = list(children(message, whole, 2)) if whole else []
        if len(parts) < 2 or parts[0].tag != INTEGER or parts[1].tag not in _TAKEN_APART:  # noqa: PLR2004 - number, operation
            return False
        number, operation = message[parts[0].start : parts[0].end], parts[1]
        inside = list(children(message, operation, 4))
        if side is Side.CLIENT and operation.tag == _BIND:
            self._bind(number, message, inside, packet, time)
        elif side is Side.CLIENT and operation.tag == _EXTENDED:
            asks = inside and inside[0].tag == _NAME and message[inside[0].start : inside[0].end] == _START_TLS
            self._starts_tls = number if asks else self._starts_tls
        elif side is Side.SERVER and inside and inside[0].tag == _ENUMERATED:
            return self._answered(number, operation.tag, int.from_bytes(message[inside[0].start : inside[0].end][:4]))
        return False

    def _bind(self, number: bytes, message: bytes, inside: list[Element], packet: int, time: int) -> None:
        if len(inside) < 3 or inside[1].tag != OCTETS:  # noqa: PLR2004 - version, name, how
            self.complain(packet, "LDAP: a bind without a name or a way to log in")
            return
        name, said = message[inside[1].start : inside[1].end], message[inside[2].start : inside[2].end]
        user, secret = (name, said) if inside[2].tag == _SIMPLE else _sasl(message, inside[2])
        if not secret:
            return  # anybody (RFC 4513, 5.1.1 and 5.1.2), or a way in which nothing is sent in clear
        if len(self._awaited) >= MOST_AWAITED:
            self.tell(self._awaited.pop(next(iter(self._awaited))))
        self._awaited[number] = LogIn(self.conversation, Side.CLIENT, packet, time, how="ldap", user=words(user, 128), secret=secret)

    def _answered(self, number: bytes, operation: int, result: int) -> bool:
        if operation == _BOUND and result != _GOES_ON and (asked := self._awaited.pop(number, None)):
            self.tell(replace(asked, accepted=result == _SUCCESS))
        return operation == _EXTENDED_ANSWER and number == self._starts_tls and result == _SUCCESS

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - a listener's signature
        for asked in self._awaited.values():
            self.tell(asked)
        self._awaited.clear()


def _sasl(message: bytes, how: Element) -> tuple[bytes, bytes]:
    """User and password of the mechanism PLAIN (RFC 4616: authority, NUL, user, NUL, password); of others, none."""
    parts = [message[one.start : one.end] for one in children(message, how, 2) if one.tag == OCTETS]
    if len(parts) < 2 or parts[0].upper() != b"PLAIN":  # noqa: PLR2004 - mechanism, credentials
        return b"", b""
    _, user, secret = (*parts[1].split(b"\0", 2), b"", b"", b"")[:3]
    return user, secret
