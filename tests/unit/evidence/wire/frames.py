"""Frames and captures made by hand, from the standards."""

from __future__ import annotations

import struct

MAC_A, MAC_B = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
A4, B4 = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
A6, B6 = bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")


def ethernet(payload: bytes, ethertype: int = 0x0800) -> bytes:
    return MAC_B + MAC_A + struct.pack(">H", ethertype) + payload


def ipv4(payload: bytes, protocol: int = 6, *, ident: int = 7, offset: int = 0, more: bool = False, options: bytes = b"", total: int | None = None):
    """RFC 791, 3.1. ``offset`` in bytes."""
    size = 20 + len(options)
    total = size + len(payload) if total is None else total
    head = struct.pack(">BBHHHBBH", 0x40 | size // 4, 0, total, ident, (0x2000 if more else 0) | offset // 8, 64, protocol, 0)
    return head + A4 + B4 + options + payload


def ipv6(payload: bytes, following: int = 6, length: int | None = None) -> bytes:
    """RFC 8200, 3."""
    return struct.pack(">IHBB", 0x60000000, len(payload) if length is None else length, following, 64) + A6 + B6 + payload


def tcp(payload: bytes = b"", *, flags: int = 0x18, options: bytes = b"", sport: int = 40000, dport: int = 2575) -> bytes:
    """RFC 9293, 3.1."""
    return struct.pack(">HHIIBBHHH", sport, dport, 1000, 2000, (5 + len(options) // 4) << 4, flags, 8192, 0, 0) + options + payload


def udp(payload: bytes = b"", *, sport: int = 40000, dport: int = 514, length: int | None = None) -> bytes:
    """RFC 768."""
    return struct.pack(">HHHH", sport, dport, 8 + len(payload) if length is None else length, 0) + payload


def pcap(*packets: bytes, order: str = "<", magic: int = 0xA1B2C3D4, link: int = 1, snap: int = 65535, seconds: int = 1_700_000_000) -> bytes:
    """A pcap file: packet n came in ``seconds`` + n seconds and n units after 1970."""
    made = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for number, data in enumerate(packets):
        made.append(struct.pack(order + "IIII", seconds + number, number, min(len(data), snap), len(data)))
        made.append(bytes(8) if magic == 0xA1B2CD34 else b"")
        made.append(data[:snap])
    return b"".join(made)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: str = "<", options: bytes = b"") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options, order)


def interface(link: int = 1, options: bytes = b"", order: str = "<", snap: int = 0) -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, snap) + options, order)


def enhanced(data: bytes, ticks: int = 0, which: int = 0, order: str = "<", options: bytes = b"", length: int | None = None) -> bytes:
    head = struct.pack(order + "IIIII", which, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data) if length is None else length)
    return block(6, head + data + bytes(-len(data) % 4) + options, order)
