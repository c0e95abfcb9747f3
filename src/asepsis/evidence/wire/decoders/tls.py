"""TLS: which version and suite two ends agreed on, who showed a certificate, and whether the client had to.

RFC 8446 (1.3), RFC 5246 (1.2), RFC 6101 (SSL 3). The content stays shut; it is skipped by its length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from hashlib import sha256

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import TlsSaid
from asepsis.evidence.wire.listeners import Bare
from asepsis.evidence.wire.packet import Conversation, Side

_RECORD = struct.Struct(">BBBH")
_CHANGE_CIPHER, _ALERT, _HANDSHAKE, _CONTENT, _HEARTBEAT = 20, 21, 22, 23, 24
_KINDS = (_CHANGE_CIPHER, _ALERT, _HANDSHAKE, _CONTENT, _HEARTBEAT)
_LONGEST_RECORD = 16384 + 2048
_LONGEST_MESSAGE = 128 * 1024
_MOST_CERTIFICATES = 10
_DRAFT, _LAST_SHORT_DRAFT = b"\x7f", 21
"""Versions of drafts of TLS 1.3; up to the 21st a server's hello had neither a session nor a compression method (draft-ietf-tls-tls13-22, 1.2)."""
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE, _CERTIFICATE_REQUEST = 1, 2, 11, 13
_SERVER_NAME, _GROUPS, _SIGNATURES, _ALPN, _VERSIONS = 0, 10, 13, 16, 43
_TLS12, _TLS13 = 0x0303, 0x0304
_JA4_VERSIONS = {0x0304: "13", 0x0303: "12", 0x0302: "11", 0x0301: "10", 0x0300: "s3"}


class TlsDecoder:
    """Recognises a record that begins a handshake, or, in the middle, two records that follow each other."""

    info = DecoderInfo("tls", "TLS", "RFC 8446", ("tcp",), (443, 2762, 2576, 6464, 8443, 8883, 636, 989, 990, 993, 995), understands_middle=True)

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By the record layer of whoever spoke."""
        said = [_looks(one) for one in (client, server) if one]
        if not said or Match.NO in said:
            return Match.NO if said else Match.MORE
        return Match.YES if Match.YES in said else Match.MORE

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to both sides' records."""
        return _Records(conversation, tell, complain)


def _looks(data: bytes) -> Match:
    if len(data) < _RECORD.size + 1:
        return Match.MORE if data[:1] in {b"\x14", b"\x15", b"\x16", b"\x17"} else Match.NO
    kind, major, minor, length = _RECORD.unpack_from(data)
    if kind not in _KINDS or major != 3 or minor > 4 or not 0 < length <= _LONGEST_RECORD:  # noqa: PLR2004 - the numbers of TLS 1.0 to 1.3
        return Match.NO
    if kind == _HANDSHAKE and data[5] in {_CLIENT_HELLO, _SERVER_HELLO}:
        return Match.YES
    following = data[_RECORD.size + length :]
    if following:
        return Match.YES if following[0] in _KINDS and following[1:2] in {b"\x03", b""} else Match.NO
    return Match.YES if kind in {_CONTENT, _ALERT, _HANDSHAKE} and len(data) <= _RECORD.size + length else Match.NO


class _Half:
    """One side: the record being read, the handshake message being put together."""

    def __init__(self) -> None:
        self.head, self.kind, self.left = b"", 0, 0
        self.message, self.sealed = bytearray(), False


class _Records(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._halves = (_Half(), _Half())

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        half, at = self._halves[side], 0
        while at < len(data) and not self.deaf[side]:
            if half.left:
                taken = min(half.left, len(data) - at)
                if not half.sealed and half.kind in {_HANDSHAKE, _ALERT}:
                    self._take(half, side, data[at : at + taken], packet, time)
                half.left -= taken
                at += taken
                continue
            taken = _RECORD.size - len(half.head)
            half.head += data[at : at + taken]
            at += taken
            if len(half.head) == _RECORD.size:
                self._begin(half, packet)

    def _begin(self, half: _Half, packet: int) -> None:
        before = half.kind
        half.kind, major, _, half.left = _RECORD.unpack(half.head)
        half.head = b""
        if half.message and half.kind != before:  # RFC 8446, 5.1: no other record may stand between the parts of a message
            half.message.clear()
            self.complain(packet, "TLS: a handshake message that ends too early")
        if half.kind not in _KINDS or major != 3 or half.left > _LONGEST_RECORD:  # noqa: PLR2004
            self.give_up(packet, "TLS: no record where one must begin")
        elif half.kind in {_CHANGE_CIPHER, _CONTENT}:
            half.sealed = True  # from here on, handshake messages are encrypted too

    def _take(self, half: _Half, side: Side, part: bytes, packet: int, time: int) -> None:
        half.message += part
        if half.kind == _ALERT:
            while len(half.message) >= 2:  # noqa: PLR2004 - level and description
                self.tell(TlsSaid(self.conversation, side, packet, time, step="alert", alert=half.message[1]))
                del half.message[:2]
            return
        while len(half.message) >= 4:  # noqa: PLR2004 - type and length
            length = int.from_bytes(half.message[1:4])
            if length > _LONGEST_MESSAGE:
                self.give_up(packet, f"TLS: a handshake message of {length} bytes")
                return
            if len(half.message) < 4 + length:
                return
            kind, body = half.message[0], bytes(half.message[4 : 4 + length])
            del half.message[: 4 + length]
            try:
                event = self._event(kind, body, side, packet, time)
            except (struct.error, IndexError):
                self.complain(packet, "TLS: a handshake message that ends too early")
                continue
            if event:
                self.tell(event)

    def _event(self, kind: int, body: bytes, side: Side, packet: int, time: int) -> TlsSaid | None:
        at = (self.conversation, side, packet, time)
        match kind:
            case 1:
                return _client_hello(at, body)
            case 2:
                version, suite, extensions = _server_hello(body)
                chosen = extensions.get(_VERSIONS, b"")
                return TlsSaid(*at, step="server-hello", version=int.from_bytes(chosen) if len(chosen) == 2 else version, suite=suite)  # noqa: PLR2004
            case 11:
                return TlsSaid(*at, step="certificate", certificates=tuple(_certificates(body)))
            case 13:
                return TlsSaid(*at, step="certificate-request")
        return None


def _extensions(body: bytes, at: int) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    if at + 2 > len(body):
        return found
    end = min(len(body), at + 2 + int.from_bytes(body[at : at + 2]))
    at += 2
    while at + 4 <= end:
        kind, length = struct.unpack_from(">HH", body, at)
        found.append((kind, body[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def _server_hello(body: bytes) -> tuple[int, int, dict[int, bytes]]:
    if body[:1] == _DRAFT and body[1] <= _LAST_SHORT_DRAFT:
        return int.from_bytes(body[:2]), int.from_bytes(body[34:36]), {}
    at = 35 + body[34]
    (suite,) = struct.unpack_from(">H", body, at)
    return int.from_bytes(body[:2]), suite, dict(_extensions(body, at + 3))


def _client_hello(at: tuple[Conversation, Side, int, int], body: bytes) -> TlsSaid:
    place = 35 + body[34]
    (length,) = struct.unpack_from(">H", body, place)
    suites = _numbers(body[place + 2 : place + 2 + length])
    place += 2 + length
    extensions = _extensions(body, place + 1 + body[place]) if place < len(body) else []
    known = dict(extensions)
    versions = [one for one in _numbers(known.get(_VERSIONS, b"")[1:]) if not _grease(one)]
    version = max(versions, default=int.from_bytes(body[:2]))
    protocols = tuple(_strings(known.get(_ALPN, b"")[2:]))
    name = known.get(_SERVER_NAME, b"")[5:].decode("ascii", "replace")[:255]
    return TlsSaid(
        *at, step="client-hello", version=version, suites=suites, server_name=name, protocols=protocols,
        print=_ja4(version, suites, extensions, protocols, known),
    )  # fmt: skip


def _certificates(body: bytes) -> Iterator[bytes]:
    """The chain of TLS 1.2 and before; in 1.3 it is encrypted."""
    at, end = 3, min(len(body), 3 + int.from_bytes(body[:3]))
    for _ in range(_MOST_CERTIFICATES):
        if at + 3 > end:
            return
        length = int.from_bytes(body[at : at + 3])
        yield body[at + 3 : at + 3 + length]
        at += 3 + length


def _numbers(data: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(data[i : i + 2]) for i in range(0, len(data) - 1, 2))


def _strings(data: bytes) -> Iterator[str]:
    at = 0
    while at < len(data):
        yield data[at + 1 : at + 1 + data[at]].decode("ascii", "replace")
        at += 1 + data[at]


def _grease(number: int) -> bool:
    """Numbers that mean nothing, so that servers learn to bear the unknown (RFC 8701)."""
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF  # noqa: PLR2004


def _ja4(version: int, suites: tuple[int, ...], extensions: list[tuple[int, bytes]], protocols: tuple[str, ...], known: dict[int, bytes]) -> str:
    """The print of a client (JA4 for TLS, FoxIO, BSD 3-Clause): what it offers, whatever the order."""
    offered = sorted(f"{one:04x}" for one in suites if not _grease(one))
    kinds = [kind for kind, _ in extensions if not _grease(kind)]
    signed = ",".join(f"{one:04x}" for one in _numbers(known.get(_SIGNATURES, b"")[2:]) if not _grease(one))
    rest = ",".join(sorted(f"{kind:04x}" for kind in kinds if kind not in {_SERVER_NAME, _ALPN}))
    first = protocols[0] if protocols and protocols[0] else "00"
    name = "d" if _SERVER_NAME in known else "i"
    a = f"t{_JA4_VERSIONS.get(version, '00')}{name}{min(len(offered), 99):02}{min(len(kinds), 99):02}{first[0]}{first[-1]}"
    return "_".join([a, _short(",".join(offered)), _short(f"{rest}_{signed}" if signed else rest)])


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12] if text else "0" * 12
