"""Logs of Bluetooth traffic made by hand, from the specification: a phone (the recorder, central) and a device (peripheral)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from typing import TypeVar

from asepsis.evidence.radio import capture
from asepsis.evidence.radio.look import Look
from asepsis.evidence.wire.notes import Notes
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Problem
from asepsis.model.facts import Fact
from asepsis.model.where import Where

F = TypeVar("F", bound=Fact)
PHONE, PUMP = "00:11:22:33:44:55", "C0:FF:EE:00:00:01"
SENT, RECEIVED = 0, 1
Piece = tuple[int, bytes]
"""Which way it went, and an HCI packet behind its packet type."""


def raw(address: str) -> bytes:
    return bytes.fromhex(address.replace(":", ""))[::-1]


# ----- HCI packets


def command(opcode: int, body: bytes = b"") -> Piece:
    return SENT, struct.pack("<BHB", 1, opcode, len(body)) + body


def event(code: int, body: bytes) -> Piece:
    return RECEIVED, bytes((4, code, len(body))) + body


def le_event(code: int, body: bytes) -> Piece:
    return event(0x3E, bytes((code,)) + body)


def l2cap(channel: int, pdu: bytes) -> bytes:
    return struct.pack("<HH", len(pdu), channel) + pdu


def acl(way: int, data: bytes, handle: int = 0x40, flag: int | None = None) -> Piece:
    flag = (0 if way == SENT else 2) if flag is None else flag
    return way, struct.pack("<BHH", 2, handle | flag << 12, len(data)) + data


def att(way: int, pdu: bytes, handle: int = 0x40) -> Piece:
    return acl(way, l2cap(4, pdu), handle)


def smp(way: int, pdu: bytes, handle: int = 0x40) -> Piece:
    return acl(way, l2cap(6, pdu), handle)


# ----- what happens


def own_address(address: str = PHONE) -> Piece:
    return event(0x0E, struct.pack("<BHB", 1, 0x1009, 0) + raw(address))


def connected(peer: str = PUMP, handle: int = 0x40, role: int = 0, kind: int = 1, interval: int = 24) -> Piece:
    body = struct.pack("<BHBB", 0, handle, role, kind) + raw(peer) + struct.pack("<HHHB", interval, 0, 500, 0)
    return le_event(0x01, body)


def disconnected(handle: int = 0x40, reason: int = 0x13) -> Piece:
    return event(0x05, struct.pack("<BHB", 0, handle, reason))


def encrypted(handle: int = 0x40, status: int = 0, on: int = 1) -> Piece:
    return event(0x08, struct.pack("<BHB", status, handle, on))


def enable_encryption(handle: int = 0x40, number: int = 0, diversifier: int = 0) -> Piece:
    return command(0x2019, struct.pack("<HQH", handle, number, diversifier) + b"\xaa" * 16)


def advertising(data: bytes, address: str = PUMP, kind: int = 0, random: int = 1) -> Piece:
    return le_event(0x02, bytes((1, kind, random)) + raw(address) + bytes((len(data),)) + data + b"\xc0")


def ad(kind: int, data: bytes) -> bytes:
    return bytes((len(data) + 1, kind)) + data


def request(io: int = 3, oob: int = 0, auth: int = 0x01, size: int = 16, keys: int = 1) -> bytes:
    return bytes((1, io, oob, auth, size, keys, keys))


def response(io: int = 3, oob: int = 0, auth: int = 0x01, size: int = 16, keys: int = 1) -> bytes:
    return bytes((2, io, oob, auth, size, keys, keys))


def paired(asks: bytes, answers: bytes, handle: int = 0x40) -> list[Piece]:
    """A legacy pairing that goes through, with keys handed out by the device."""
    return [
        smp(SENT, asks, handle),
        smp(RECEIVED, answers, handle),
        smp(SENT, b"\x03" + b"c" * 16, handle),
        smp(RECEIVED, b"\x03" + b"C" * 16, handle),
        smp(SENT, b"\x04" + b"r" * 16, handle),
        smp(RECEIVED, b"\x04" + b"R" * 16, handle),
        enable_encryption(handle),
        encrypted(handle),
        smp(RECEIVED, b"\x06" + b"K" * 16, handle),
        smp(RECEIVED, b"\x07" + b"E" * 10, handle),
    ]


def discovered(service: int, *characteristics: tuple[int, int, int], handle: int = 0x40, first: int = 1, last: int = 0xFF) -> list[Piece]:
    """A primary service is discovered, and its characteristics: value handle, properties, UUID."""
    pieces = [
        att(SENT, struct.pack("<BHHH", 0x10, 1, 0xFFFF, 0x2800), handle),
        att(RECEIVED, struct.pack("<BBHHH", 0x11, 6, first, last, service), handle),
    ]
    for value, properties, uuid in characteristics:
        pieces.append(att(SENT, struct.pack("<BHHH", 0x08, value - 1, last, 0x2803), handle))
        pieces.append(att(RECEIVED, struct.pack("<BBHBHH", 0x09, 7, value - 1, properties, value, uuid), handle))
    return pieces


def write(handle: int, value: bytes, link: int = 0x40) -> list[Piece]:
    return [att(SENT, struct.pack("<BH", 0x12, handle) + value, link), att(RECEIVED, b"\x13", link)]


def read(handle: int, value: bytes, link: int = 0x40) -> list[Piece]:
    return [att(SENT, struct.pack("<BH", 0x0A, handle), link), att(RECEIVED, b"\x0b" + value, link)]


def refused(handle: int, value: bytes, error: int, link: int = 0x40) -> list[Piece]:
    return [att(SENT, struct.pack("<BH", 0x12, handle) + value, link), att(RECEIVED, struct.pack("<BBHB", 0x01, 0x12, handle, error), link)]


def told(handle: int, value: bytes, link: int = 0x40) -> Piece:
    return att(RECEIVED, struct.pack("<BH", 0x1B, handle) + value, link)


def indicated(handle: int, value: bytes, link: int = 0x40) -> Piece:
    return att(RECEIVED, struct.pack("<BH", 0x1D, handle) + value, link)


# ----- files


def flat(pieces: Iterable[Piece | list[Piece]]) -> list[Piece]:
    out: list[Piece] = []
    for piece in pieces:
        out.extend(piece if isinstance(piece, list) else [piece])
    return out


def record(way: int, packet: bytes, number: int, *, kind: int = 1002, dropped: int = 0) -> bytes:
    """A record of btsnoop at one second after the one before."""
    control = packet[:1] in {b"\x01", b"\x04"}
    packet = packet if kind == 1002 else packet[1:]
    time = 0x00DCDDB30F2F8000 + (1_700_000_000 + number) * 1_000_000
    return struct.pack(">IIIIQ", len(packet), len(packet), way | control << 1, dropped, time) + packet


def btsnoop(*pieces: Piece | list[Piece], kind: int = 1002) -> bytes:
    body = b"".join(record(way, packet, number, kind=kind) for number, (way, packet) in enumerate(flat(pieces)))
    return b"btsnoop\0" + struct.pack(">II", 1, kind) + body


def session(*pieces: Piece | list[Piece]) -> bytes:
    """A log with one connection from its beginning."""
    return btsnoop(own_address(), connected(), *pieces, disconnected())


# ----- looking


class Seen(list[Fact]):
    """The facts of a recording, with its problems and how much was understood."""

    def __init__(self, data: bytes, limits: Limits | None = None) -> None:
        super().__init__()
        look = Look(lambda number: Where("e1", "log", packet=number or None), Redactor(b"k" * 16), limits or Limits(), self.append)
        look.frames(capture.frames(io.BytesIO(data), look.complaints.broken, look.not_radio, Notes()))
        self.traffic = look.finish()
        self.problems: list[Problem] = look.complaints.problems

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self if isinstance(fact, kind)]

    def one(self, kind: type[F], **fields: object) -> F:
        found = [fact for fact in self.of(kind) if all(getattr(fact, name) == value for name, value in fields.items())]
        assert len(found) == 1, found
        return found[0]
