"""Small ELF and PE programs for tests, put together table by table. They hold no code: nothing here can run."""

from __future__ import annotations

import struct
from collections.abc import Sequence

X86_64, X86, ARM, MIPS = 62, 3, 40, 8
GLIBC = b"/lib64/ld-linux-x86-64.so.2"
BASE = 0x400000


def elf(
    *,
    imports: Sequence[str] = ("printf",),
    kind: int = 3,
    machine: int = X86_64,
    wide: bool = True,
    big: bool = False,
    interpreter: bytes = GLIBC,
    stack: int | None = 6,
    relro: bool = True,
    tags: Sequence[tuple[int, int]] = (),
    paths: Sequence[tuple[int, str]] = (),
    base: int = BASE,
    symbols: Sequence[str] = (),
    tail: bytes = b"",
) -> bytes:
    """A program that takes ``imports`` from libraries; ``paths`` are tags (RPATH, RUNPATH, SONAME) with their text."""
    order = ">" if big else "<"
    names, places = _names([*imports, *(text for _, text in paths)])
    entry_size, head, each = (24, 64, 56) if wide else (16, 52, 32)
    kinds = [
        1,
        *([2] if tags or paths or imports else []),
        *([3] if interpreter else []),
        *([0x6474E551] if stack is not None else []),
        *([0x6474E552] if relro else []),
    ]
    at = head + each * len(kinds)
    parts = {"interp": (at, interpreter + b"\0" if interpreter else b"")}
    at += len(parts["interp"][1])
    table = b"".join(_symbol(order, places.get(name, 0), 0, wide=wide) for name in ("", *imports))
    parts["symbols"] = (at, table)
    parts["names"] = (at + len(table), names)
    at += len(table) + len(names)
    rows = [*tags, *((tag, places[text]) for tag, text in paths), (5, base + parts["names"][0]), (6, base + parts["symbols"][0]), (0, 0)]
    parts["dynamic"] = (at, b"".join(struct.pack(order + ("QQ" if wide else "II"), *row) for row in rows))
    body = b"".join(part for _, part in parts.values()) + tail
    size = head + each * len(kinds) + len(body)
    held = {1: (0, base, size), 2: (parts["dynamic"][0], base, len(parts["dynamic"][1])), 3: (parts["interp"][0], base, len(parts["interp"][1]))}
    headers = b"".join(
        _segment(order, number, (stack or 0) if number == 0x6474E551 else 5, *held.get(number, (0, 0, 0)), wide=wide) for number in kinds
    )
    sections, section_count = _symbol_sections(order, size, symbols, wide=wide) if symbols else (b"", 0)
    start = struct.pack(order + "HHI", kind, machine, 1)
    start += struct.pack(
        order + ("QQQIHHHHHH" if wide else "IIIIHHHHHH"),
        base, head, size if symbols else 0, 0, head, each, len(kinds), 64 if wide else 40, section_count, 0,
    )  # fmt: skip
    ident = b"\x7fELF" + bytes([2 if wide else 1, 2 if big else 1, 1]) + bytes(9)
    assert entry_size == len(_symbol(order, 0, 0, wide=wide))
    return ident + start + headers + body + sections


def _names(texts: Sequence[str]) -> tuple[bytes, dict[str, int]]:
    table, places = b"\0", {}
    for text in texts:
        places[text] = len(table)
        table += text.encode() + b"\0"
    return table, places


def _symbol(order: str, name: int, section: int, *, wide: bool) -> bytes:
    return struct.pack(order + "IBBHQQ", name, 18, 0, section, 0, 0) if wide else struct.pack(order + "IIIBBH", name, 0, 0, 18, 0, section)


def _segment(order: str, kind: int, flags: int, offset: int, address: int, size: int, *, wide: bool) -> bytes:
    if wide:
        return struct.pack(order + "IIQQQQQQ", kind, flags, offset, address, address, size, size, 4096)
    return struct.pack(order + "IIIIIIII", kind, offset, address, address, size, size, flags, 4096)


def _symbol_sections(order: str, at: int, symbols: Sequence[str], *, wide: bool) -> tuple[bytes, int]:
    """Section headers at ``at``, then a symbol table and its names."""
    names, places = _names(symbols)
    table = b"".join(_symbol(order, places.get(name, 0), 1 if name else 0, wide=wide) for name in ("", *symbols))
    first = at + 3 * (64 if wide else 40)

    def header(kind: int, offset: int, size: int, link: int) -> bytes:
        row = (0, kind, 0, 0, offset, size, link, 0, 1, 0)
        return struct.pack(order + ("IIQQQQIIQQ" if wide else "IIIIIIIIII"), *row)

    return header(0, 0, 0, 0) + header(2, first, len(table), 2) + header(3, first + len(table), len(names), 0) + table + names, 3


def pe(
    *,
    flags: int = 0,
    dll_flags: int = 0x4160,
    machine: int = 0x8664,
    wide: bool = True,
    subsystem: int = 3,
    signed: bool = True,
    managed: bool = False,
    handlers: bool = False,
    imports: Sequence[str] = (),
) -> bytes:
    """A Windows program with one section at 0x1000 that holds imports and load configuration."""
    body, directories = bytearray(0x400), [(0, 0)] * 16
    if signed:
        directories[4] = (0x900, 64)
    if managed:
        directories[14] = (0x1000, 72)
    if handlers:
        directories[10] = (0x1300, 72)
        struct.pack_into("<I", body, 0x300, 72)
        struct.pack_into("<II", body, 0x340, 0x401000, 3)
    if imports:
        directories[1] = (0x1000, 40)
        struct.pack_into("<IIIII", body, 0, 0x1080, 0, 0, 0x1060, 0x10C0)
        body[0x60:0x6B] = b"ws2_32.dll\0"
        at, layout, size = 0x100, "<Q" if wide else "<I", 8 if wide else 4
        for number, name in enumerate(imports):
            for table in (0x80, 0xC0):
                struct.pack_into(layout, body, table + number * size, 0x1000 + at)
            body[at + 2 : at + 2 + len(name)] = name.encode()
            at += 4 + len(name)
    optional = struct.pack("<H", 0x20B if wide else 0x10B) + bytes(22 if wide else 26) + struct.pack("<Q" if wide else "<I", 0x400000)
    optional += bytes(68 - len(optional)) + struct.pack("<HH", subsystem, dll_flags) + bytes(36 if wide else 20) + struct.pack("<I", 16)
    optional += b"".join(struct.pack("<II", *entry) for entry in directories)
    head = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, len(optional), flags)
    section = b".rdata\0\0" + struct.pack("<IIII", 0x400, 0x1000, 0x400, 0x400) + bytes(12) + struct.pack("<I", 0x40000040)
    head += optional + section
    return head + bytes(0x400 - len(head)) + bytes(body)
