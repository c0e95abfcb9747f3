"""Files that are not text: ``by`` in the tables names one of these makers, the other words are its arguments, with tokens filled in."""

from __future__ import annotations

import gzip
import sqlite3
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from credentials import hexes, keys, nvs, programs, regf, stores
from credentials.values import Values

Arguments = dict[str, Any]


def key(values: Values, a: Arguments) -> bytes:
    """A key file of :data:`keys.MAKERS`, optionally after some text."""
    return str(a.get("before", "")).encode() + keys.MAKERS[a["form"]](values.draw(a["name"]))


def store(values: Values, a: Arguments) -> bytes:
    """A key store under the given password."""
    return stores.MAKERS[a["form"]](values.draw(a["name"]), a["password"])


def esp_nvs(_: Values, a: Arguments) -> bytes:
    """An NVS partition with a Wi-Fi station and values of the application."""
    spaces: dict[str, dict[str, str | int | bytes]] = {"phy": {"cal_version": 4}}
    if "ssid" in a:
        spaces["nvs.net80211"] = nvs.wifi_station(a["ssid"], a.get("password", ""))
    spaces |= a.get("spaces", {})
    return nvs.partition(spaces)


def random_bytes(values: Values, a: Arguments) -> bytes:
    """What a sealed or encrypted place looks like."""
    return values.octets(a["name"], a["size"])


def from_hex(_: Values, a: Arguments) -> bytes:
    """Bytes that are easier to write as hex."""
    return bytes.fromhex(a["hex"])


def uboot_env(_: Values, a: Arguments) -> bytes:
    """CRC-32, then ``name=value`` ended by zeros, filled with FF."""
    body = b"".join(f"{line}\0".encode() for line in a["lines"]) + b"\0"
    body = body.ljust(a.get("size", 0x10000) - 4, b"\xff")
    return struct.pack("<I", zlib.crc32(body)) + body


def nvram(_: Values, a: Arguments) -> bytes:
    """A Broadcom NVRAM partition: ``FLSH``, length, CRC-8 and settings we leave zero, then ``name=value`` ended by zeros."""
    body = b"".join(f"{line}\0".encode() for line in a["lines"]) + b"\0"
    return (struct.pack("<4sIIII", b"FLSH", 20 + len(body), 0x0100, 0, 0) + body).ljust(0x8000, b"\xff")


def hive(_: Values, a: Arguments) -> bytes:
    """A registry hive; a value written ``hex:…`` is binary."""
    tree = {path: {name: _typed(data) for name, data in entries.items()} for path, entries in a["keys"].items()}
    return regf.hive(tree)


def _typed(data: str | int) -> str | int | bytes:
    return bytes.fromhex(data[4:]) if isinstance(data, str) and data.startswith("hex:") else data


def utf16(_: Values, a: Arguments) -> bytes:
    """Text as Windows saves it: UTF-16 with a mark, lines that end in CR LF."""
    return str(a["text"]).replace("\n", "\r\n").encode("utf-16")


def sqlite(_: Values, a: Arguments) -> bytes:
    """A database made by the given statements."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.db")
        connection = sqlite3.connect(path)
        connection.executescript(a["sql"])
        connection.close()
        return path.read_bytes()


def program(_: Values, a: Arguments) -> bytes:
    """A compiled C program."""
    return programs.compiled(a["source"], hardened=a.get("hardened", True))


def windows_program(_: Values, a: Arguments) -> bytes:
    """A stub of a Windows program with strings."""
    return programs.pe_stub(a["strings"])


def mcu(values: Values, a: Arguments) -> bytes:
    """An image of a microcontroller with strings, raw, as Intel HEX or as S-records."""
    image = programs.mcu(a["strings"], values.octets("code", 8))
    return {"raw": lambda: image, "ihex": lambda: hexes.intel_hex(image, 0x08000000), "srec": lambda: hexes.s_records(image, 0x08000000)}[a["as"]]()


def clamav(values: Values, a: Arguments) -> bytes:
    """A database of ClamAV: 512 bytes of text, then a packed body."""
    digests = f"{values.octets('md5', 16).hex()}:{values.octets('signature', 64).hex()}"
    head = f"ClamAV-VDB:{a['date']}:{a['version']}:{a['signatures']}:90:{digests}:builder:{a['stime']}"
    return head.encode().ljust(512) + gzip.compress(values.octets("body", 4096), mtime=0)


MAKERS: dict[str, Callable[[Values, Arguments], bytes]] = {
    maker.__name__: maker
    for maker in (key, store, esp_nvs, random_bytes, from_hex, uboot_env, nvram, hive, utf16, sqlite, program, windows_program, mcu, clamav)
}
