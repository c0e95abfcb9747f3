"""Package databases of RPM in their three forms, made by script."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Sequence

PAGE = 512


def header(name: str, version: str = "1.0", release: str = "1.el9", **more: str | int | Sequence[str]) -> bytes:
    """The header of a package; ``more`` are epoch, vendor, license, arch, sourcerpm, provides, requires."""
    tags = {"epoch": 1003, "vendor": 1011, "license": 1014, "arch": 1022, "sourcerpm": 1044, "provides": 1047, "requires": 1049}
    given = {1000: name, 1001: version, 1002: release, **{tags[key]: value for key, value in more.items()}}
    entries, data = b"", b""
    for tag, value in sorted(given.items()):
        if isinstance(value, int):
            entries += struct.pack(">4I", tag, 4, len(data), 1)
            data += struct.pack(">I", value)
        else:
            texts = [value] if isinstance(value, str) else list(value)
            entries += struct.pack(">4I", tag, 6 if isinstance(value, str) else 8, len(data), len(texts))
            data += b"".join(text.encode() + b"\0" for text in texts)
    return struct.pack(">2I", len(given), len(data)) + entries + data


def sqlite(*blobs: bytes) -> bytes:
    """``rpmdb.sqlite``."""
    with sqlite3.connect(":memory:") as made:
        made.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)")
        made.execute("CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)")
        made.executemany("INSERT INTO Packages (blob) VALUES (?)", [(blob,) for blob in blobs])
        made.commit()
        whole = bytes(made.serialize())
    made.close()
    return whole


def ndb(*blobs: bytes) -> bytes:
    """``Packages.db``: a page of slots, then the packages, each on a block of 16 bytes."""
    slots, body = b"", b""
    for number, blob in enumerate(blobs, 1):
        whole = (
            b"BlbS" + struct.pack("<3I", number, 9, len(blob)) + blob + b"\0" * (-len(blob) % 16) + bytes(4) + struct.pack("<I", len(blob)) + b"BlbE"
        )
        whole += b"\0" * (-len(whole) % 16)
        slots += b"Slot" + struct.pack("<3I", number, (4096 + len(body)) // 16, len(whole) // 16)
        body += whole
    free = (b"Slot" + bytes(12)) * ((4096 - 32 - len(slots)) // 16)
    return b"RpmP" + struct.pack("<3I", 0, 9, 1) + bytes(16) + slots + free + body


def berkeley(*blobs: bytes, order: str = "<") -> bytes:
    """``Packages``: a page of the table with every key; values beside them if they are short, on pages of their own if not."""
    entries, overflow = [struct.pack(order + "BI", 1, 0), b"\1" + struct.pack(order + "I", len(blobs))], list[bytes]()
    for number, blob in enumerate(blobs, 1):
        entries.append(struct.pack(order + "BI", 1, number))
        if len(blob) < 40:
            entries.append(b"\1" + blob)
        else:
            entries.append(struct.pack(order + "B3xII", 3, 2 + len(overflow), len(blob)))
            pieces = [blob[at : at + PAGE - 26] for at in range(0, len(blob), PAGE - 26)]
            for i, piece in enumerate(pieces):
                here = 2 + len(overflow)
                overflow.append(_page(order, here, here + 1 if i + 1 < len(pieces) else 0, 1, len(piece), 7, piece))
    places, at, body = list[int](), PAGE, b""
    for entry in entries:
        at -= len(entry)
        places.append(at)
        body = entry + body
    table = struct.pack(f"{order}{len(places)}H", *places)
    filled = table + bytes(PAGE - 26 - len(table) - len(body)) + body
    meta = struct.pack(order + "8x4IxB6xI", 0, 0x061561, 9, PAGE, 8, 1 + len(overflow))
    return meta.ljust(PAGE, b"\0") + _page(order, 1, 0, len(entries), at, 13, filled) + b"".join(overflow)


def _page(order: str, number: int, following: int, entries: int, held: int, kind: int, body: bytes) -> bytes:
    return (struct.pack(order + "8x3I2H2B", number, 0, following, entries, held, 0, kind) + body).ljust(PAGE, b"\0")


ALL = {"var/lib/rpm/rpmdb.sqlite": sqlite, "usr/lib/sysimage/rpm/Packages.db": ndb, "var/lib/rpm/Packages": berkeley}
"""Where each form lies, and what makes it."""
