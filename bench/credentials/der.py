"""As much of DER (ITU-T X.690) as key files need."""

from __future__ import annotations


def element(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE."""
    return element(0x30, b"".join(parts))


def integer(number: int) -> bytes:
    """INTEGER, not negative."""
    return element(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octet_string(data: bytes) -> bytes:
    """OCTET STRING."""
    return element(0x04, data)


def explicit(number: int, content: bytes) -> bytes:
    """[number] EXPLICIT."""
    return element(0xA0 | number, content)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    data = bytes([first * 40 + second])
    for number in rest:
        parts = [number & 127]
        while number := number >> 7:
            parts.append(128 | number & 127)
        data += bytes(reversed(parts))
    return element(0x06, data)
