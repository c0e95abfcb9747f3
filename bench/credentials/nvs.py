"""ESP-IDF's non-volatile storage partition (nvs_flash, page version 2), from its specification.

A page has 4,096 bytes: a header of 32 (state, sequence number, version, CRC), a bitmap of 32 (two bits an entry) and 126 entries of 32 bytes:
namespace, type, span, chunk, CRC, key of 16, data of 8. Longer data follow in whole entries. CRCs are CRC-32 that start at all ones.
"""

from __future__ import annotations

import struct
import zlib

PAGE, ENTRIES, ENTRY = 4096, 126, 32
ACTIVE = 0xFFFFFFFE
VERSION_2 = 0xFE
U8, TEXT, BLOB, BLOB_INDEX = 0x01, 0x21, 0x42, 0x48
ANY_CHUNK = 0xFF


def crc(data: bytes) -> int:
    """As the ROM's crc32_le(0xFFFFFFFF, …) computes it."""
    return zlib.crc32(data, 0xFFFFFFFF)


def entry(namespace: int, kind: int, span: int, chunk: int, key: str, data: bytes) -> bytes:
    """One entry of 32 bytes with its CRC."""
    head = struct.pack("<BBBB", namespace, kind, span, chunk)
    name = key.encode().ljust(16, b"\0")
    body = data.ljust(8, b"\xff")
    return head + struct.pack("<I", crc(head + name + body)) + name + body


def value(namespace: int, key: str, data: str | int | bytes) -> list[bytes]:
    """The entries of one key: a number of one byte, a text, or a blob with its index."""
    if isinstance(data, int):
        return [entry(namespace, U8, 1, ANY_CHUNK, key, bytes([data]))]
    if isinstance(data, str):
        return _long(namespace, TEXT, ANY_CHUNK, key, data.encode() + b"\0")
    index = entry(namespace, BLOB_INDEX, 1, ANY_CHUNK, key, struct.pack("<IBBH", len(data), 1, 0, 0xFFFF))
    return [*_long(namespace, BLOB, 0, key, data), index]


def _long(namespace: int, kind: int, chunk: int, key: str, data: bytes) -> list[bytes]:
    parts = [data[start : start + ENTRY].ljust(ENTRY, b"\xff") for start in range(0, len(data), ENTRY)]
    head = entry(namespace, kind, 1 + len(parts), chunk, key, struct.pack("<HHI", len(data), 0xFFFF, crc(data)))
    return [head, *parts]


def partition(namespaces: dict[str, dict[str, str | int | bytes]], size: int = 0x6000) -> bytes:
    """One page with all values, the others erased."""
    entries: list[bytes] = []
    for number, (namespace, keys) in enumerate(namespaces.items(), 1):
        entries += value(0, namespace, number)
        for key, data in keys.items():
            entries += value(number, key, data)
    if len(entries) > ENTRIES:
        raise ValueError(f"{len(entries)} entries do not fit into one page")
    head = struct.pack("<IIB", ACTIVE, 0, VERSION_2) + b"\xff" * 19
    bits = sum(2 << 2 * place for place in range(len(entries)))  # written = 10
    bitmap = (bits | (1 << 256) - (1 << 2 * len(entries))).to_bytes(32, "little")
    page = head + struct.pack("<I", crc(head[4:])) + bitmap + b"".join(entries)
    return page.ljust(PAGE, b"\xff").ljust(size, b"\xff")


def wifi_station(ssid: str, password: str) -> dict[str, str | int | bytes]:
    """How the Wi-Fi driver keeps its station: a length and 32 bytes for the name, 65 bytes for the password."""
    return {
        "sta.ssid": struct.pack("<I", len(ssid)) + ssid.encode().ljust(32, b"\0"),
        "sta.pswd": password.encode().ljust(65, b"\0"),
        "sta.authmode": 3,
        "opmode": 1,
    }
