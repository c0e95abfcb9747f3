r"""Registry settings as text: what ``regedit`` exports (``.reg``). No I/O.

    Windows Registry Editor Version 5.00        or REGEDIT4
    [HKEY_LOCAL_MACHINE\SOFTWARE\…]             [-HKEY_…] takes a key away
    "Name"="text"   @="text"   "Name"=dword:0000001f   "Name"=hex(2):41,00,\    "Name"=-

``hex(0):`` … ``hex(b):`` give the kind of value; version 5 holds texts there as UTF-16, REGEDIT4 as 8-bit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asepsis.evidence.protocols.registry.key import REG_BINARY, REG_DWORD, REG_SZ, Key, Value
from asepsis.guard.source import BoundedSource

HEADS = ("windows registry editor version", "regedit4")
_OF_USERS = frozenset({"hkey_users", "hku"})
_ROOTS = _OF_USERS | {"hkey_local_machine", "hklm", "hkey_current_user", "hkcu"}
_SETTING = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(@))\s*=\s*(.*)', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HEX = re.compile(r"hex(?:\(([0-9a-f]{1,8})\))?:([0-9a-f,\s]*)", re.IGNORECASE)
_BYTE = re.compile(r"[0-9A-Fa-f]{1,2}")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL_SET = re.compile(r"(?:currentcontrolset|controlset\d{3})\Z")
MOST_VALUE_TEXT = 200_000
_EIGHT_BIT_TEXTS = frozenset({2, 7})


def words_of(path: str) -> tuple[str, ...]:
    r"""``HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\…`` as the lower-case words of :class:`Key.path`; empty if it is of no known root."""
    words = path.strip("\\ ").lower().split("\\")
    if words[0] not in _ROOTS or len(words) > 32:  # noqa: PLR2004 - no real key lies that deep
        return ()
    rest = words[2:] if words[0] in _OF_USERS else words[1:]
    if rest[:1] == ["system"] and len(rest) > 1 and _CONTROL_SET.match(rest[1]):
        rest[1] = "current"
    if rest[:2] == ["sam", "sam"]:
        del rest[0]
    return tuple(rest)


@dataclass(slots=True)
class _Open:
    """The key whose settings are being read."""

    words: tuple[str, ...]
    key: Key


def keys(source: BoundedSource, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[tuple[str, ...], Key]]:
    """Every key with a known root, its words and its values."""
    opened: _Open | None = None
    wide = True
    for number, line in _joined(lines):
        text = line.strip()
        if text.lower().startswith(HEADS[1]):
            wide = False
        elif text.startswith("[") and text.endswith("]"):
            if opened:
                yield opened.words, opened.key
            opened = _begin(source, text[1:-1], number)
        elif opened and (setting := _SETTING.match(text)):
            value = value_of(source, number, _plain(setting[1] or ""), setting[3], wide=wide)
            if value:
                opened.key.values[value.name.lower()] = value
    if opened:
        yield opened.words, opened.key


def _begin(source: BoundedSource, path: str, number: int) -> _Open | None:
    words = words_of(path)
    return _Open(words, Key("\\".join(words), path.rpartition("\\")[2], source.where(line=number))) if words else None


def _joined(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines with those that go on after a backslash joined; of one that goes on for ever the beginning."""
    first, parts, size = 0, list[str](), 0
    for number, line in lines:
        stripped = line.strip()
        if not parts:
            first = number
        if size < MOST_VALUE_TEXT:
            parts.append(stripped.removesuffix("\\"))
            size += len(stripped)
        if stripped.endswith("\\") and (len(parts) > 1 or "=hex" in stripped.lower()):
            continue
        yield first, "".join(parts)
        parts, size = [], 0
    if parts:
        yield first, "".join(parts)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def value_of(source: BoundedSource, line: int, name: str, text: str, *, wide: bool = True) -> Value | None:
    """A value from what stands right of its ``=``, or None if it is taken away or unreadable."""
    where = source.where(line=line)
    if quoted := _QUOTED.match(text):
        return Value(name, REG_SZ, _plain(quoted[1]).encode("utf-16-le", "surrogatepass"), where)
    if text[:6].lower() == "dword:":
        digits = re.match(r"[0-9A-Fa-f]{1,8}", text[6:].strip())
        return Value(name, REG_DWORD, int(digits.group(), 16).to_bytes(4, "little"), where) if digits else None
    if found := _HEX.match(text):
        kind = int(found[1], 16) if found[1] else REG_BINARY
        data = bytes(int(pair, 16) for pair in _BYTE.findall(found[2]))
        if not wide and kind in _EIGHT_BIT_TEXTS:
            data = data.decode("latin-1").encode("utf-16-le")
        return Value(name, kind, data, where)
    return None


def added(source: BoundedSource, line: int, words: Sequence[str]) -> tuple[tuple[str, ...], Key | None]:
    r"""What ``reg add KEY /v NAME /t KIND /d DATA`` sets, as a key with one value; no key if it sets none."""
    if len(words) < 3 or words[1].lower() != "add":  # noqa: PLR2004
        return (), None
    path = words_of(words[2])
    options = {words[i].lower(): words[i + 1] for i in range(3, len(words) - 1) if words[i].lower() in {"/v", "/t", "/d"}}
    data, kind = options.get("/d", ""), options.get("/t", "reg_sz").lower()
    if not path or not data:
        return (), None
    name = options.get("/v", "")
    if kind == "reg_dword":
        written = re.fullmatch(r"0x([0-9A-Fa-f]{1,8})|(\d{1,10})", data)
        number = int(written[1], 16) if written and written[1] else int(written[2]) if written else None
        value = None if number is None or number >= 1 << 32 else Value(name, REG_DWORD, number.to_bytes(4, "little"), source.where(line=line))
    elif kind == "reg_binary":
        value = Value(name, REG_BINARY, bytes(int(pair, 16) for pair in _BYTE.findall(data)), source.where(line=line))
    else:
        value = Value(name, REG_SZ, data.encode("utf-16-le", "surrogatepass"), source.where(line=line))
    return path, Key("\\".join(path), path[-1], source.where(line=line), {name.lower(): value} if value else {})
