"""Memory images as text: Intel HEX and Motorola S-records."""

from __future__ import annotations

WIDTH = 16


def intel_hex(data: bytes, base: int = 0) -> bytes:
    """Records of 16 bytes, a linear address record every 64 KiB, an end record."""
    lines = []
    for start in range(0, len(data), WIDTH):
        address = base + start
        if start == 0 or address % 0x10000 == 0:
            lines.append(_intel(0, 4, (address >> 16).to_bytes(2, "big")))
        lines.append(_intel(address & 0xFFFF, 0, data[start : start + WIDTH]))
    return "".join(line + "\r\n" for line in [*lines, _intel(0, 1, b"")]).encode()


def _intel(address: int, kind: int, data: bytes) -> str:
    record = bytes([len(data)]) + address.to_bytes(2, "big") + bytes([kind]) + data
    return ":" + (record + bytes([-sum(record) & 255])).hex().upper()


def s_records(data: bytes, base: int = 0) -> bytes:
    """S0 with a name, S3 records of 16 bytes, S7."""
    lines = [_motorola("S0", bytes(2), b"pump-mcu")]
    lines += [_motorola("S3", (base + start).to_bytes(4, "big"), data[start : start + WIDTH]) for start in range(0, len(data), WIDTH)]
    return "".join(line + "\r\n" for line in [*lines, _motorola("S7", base.to_bytes(4, "big"), b"")]).encode()


def _motorola(kind: str, address: bytes, data: bytes) -> str:
    record = bytes([len(address) + len(data) + 1]) + address + data
    return kind + (record + bytes([~sum(record) & 255])).hex().upper()
