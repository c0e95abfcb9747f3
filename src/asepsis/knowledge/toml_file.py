"""Read one TOML file into frozen nouns; whatever is wrong with it is said in one line.

The same code reads the shipped data and the user's own profiles, so both are held to the same rules: no unknown keys, no unknown
words, no value of the wrong kind.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
import types
import typing
from collections.abc import Iterable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

FILE_BYTES = 1024 * 1024
"""No profile, site or table is anywhere near this long; a longer file is a mistake or an attack."""

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""An id: lower-case words joined by hyphens."""


NEAR, NEARLY_BEST = 0.6, 0.05
"""How alike (0…1) a word must be to be suggested, and how much less alike than the best one."""


class KnowledgeError(Exception):
    """A data file is missing, broken or says something impossible; the message is one line for the user."""


def read_table(path: Path) -> dict[str, Any]:
    """The file's top-level table. Raises ``KnowledgeError`` naming the file and, for bad syntax, line and column."""
    return table_of(path, read_text(path))


def read_text(path: Path) -> str:
    """The file's text. Raises ``KnowledgeError`` naming the file."""
    try:
        if not path.is_file():
            raise KnowledgeError(f"{path}: no such file" if not path.exists() else f"{path}: not a file")
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > FILE_BYTES:
        raise KnowledgeError(f"{path}: longer than {FILE_BYTES} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{path}: not UTF-8 text (byte {error.start})") from error


def table_of(path: Path, text: str) -> dict[str, Any]:
    """The top-level table of a file's text. Raises ``KnowledgeError`` naming the file, line and column."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{path}: not TOML: {one_line(error)}") from error
    except RecursionError as error:
        raise KnowledgeError(f"{path}: nested too deeply") from error


def build(table: object, kind: type[T], file: Path, at: str = "") -> T:
    """``table`` as ``kind`` (a dataclass). ``at`` is its place in ``file``. Raises ``KnowledgeError`` with file and key."""
    _check(table, kind, file, at)
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        key = _named(path.rstrip("`").removeprefix("$"), table)
        raise KnowledgeError(f"{file}: {_joined(at, key)}: {one_line(what)}") from error


def near(word: str, known: Iterable[str]) -> str:
    """``; did you mean x?`` for the known words most like ``word``, else ``; known are …``."""
    words = sorted(known)
    alike = {name: difflib.SequenceMatcher(None, _plain(word), _plain(name)).ratio() for name in words}
    best = max(alike.values(), default=0.0)
    close = [name for name in words if alike[name] >= max(NEAR, best - NEARLY_BEST)]
    return f"; did you mean {' or '.join(close)}?" if close else f"; known are {', '.join(words)}"


def _plain(word: str) -> str:
    return re.sub(r"[-_ ]+", "-", word.lower())


def one_line(text: object) -> str:
    """The text without line breaks or other control characters."""
    return "".join(char if char.isprintable() else " " for char in str(text))


def _check(value: object, hint: Any, file: Path, at: str) -> None:
    """Refuse what ``msgspec`` lets pass (unknown keys) or says poorly (missing keys, wrong words)."""
    hint = _stated(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        _check_keys(value, hint, file, at)
        for name, inner in _hints(hint).items():
            if name in value:
                _check(value[name], inner, file, _joined(at, name))
    elif typing.get_origin(hint) is tuple and isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, typing.get_args(hint)[0], file, f"{at}.{_label(item, index)}")
    elif isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, str):
        words = [str(member.value) for member in hint]
        if value not in words:
            raise KnowledgeError(f"{file}: {at}: no such {hint.__name__.lower()}: {one_line(value)!r}{near(value, words)}")


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    """Working them out takes longer than checking a table by them."""
    return typing.get_type_hints(kind)


def _stated(hint: Any) -> Any:
    """The one type of ``TYPE | None``, for a value that is there; any other hint as it is."""
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] if isinstance(hint, types.UnionType) else []
    return kinds[0] if len(kinds) == 1 else hint


def _check_keys(table: dict[str, object], kind: type[Any], file: Path, at: str) -> None:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key in table:
        if key not in fields:
            raise KnowledgeError(f"{file}: {_joined(at, one_line(key))}: no such key{near(key, fields)}")
    for name, field in fields.items():
        if name not in table and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise KnowledgeError(f"{file}: {_joined(at, name)}: missing")


def _joined(at: str, key: str) -> str:
    return ".".join(part for part in (at, key.lstrip(".")) if part) or "the file"


def _label(item: object, index: int) -> str:
    """An entry of a list by its name, so that a user need not count; by number (from 1) when it has none."""
    if isinstance(item, dict):
        for key in ("id", "name", "effect", "predicate"):
            if isinstance(item.get(key), str):
                return one_line(item[key])
    return str(index + 1)


def _named(path: str, table: object) -> str:
    """``.functions[0].harms[1].level`` as ``functions.deliver.harms.stop.level``; ``[...]``, any key of a table, is left out."""
    parts: list[str] = []
    here: Any = table
    for key, number in re.findall(r"\.([^.\[]+)|\[(\d+)\]", path.replace("[...]", "")):
        try:
            here = here[key] if key else here[int(number)]
        except (KeyError, IndexError, TypeError):
            here = None
        parts.append(key or _label(here, int(number)))
    return ".".join(parts)
