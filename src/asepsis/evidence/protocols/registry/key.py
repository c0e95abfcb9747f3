"""A key of the Windows registry with its values, wherever it was read from. No I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.where import Where

REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD = 1, 2, 3, 4, 7, 11
_TEXTS = frozenset({REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ})
_NUMBERS = {REG_DWORD: 4, REG_QWORD: 8}
_DECIMAL = re.compile(r"\s*(\d{1,10})\s*\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its ``name`` as written, its ``kind`` (REG_…), its bytes as the registry holds them (text is UTF-16LE)."""

    name: str
    kind: int
    data: bytes
    where: Where

    @property
    def text(self) -> str:
        """A text without its closing zero; the first of several; empty for other kinds."""
        return self.data.decode("utf-16-le", "replace").partition("\0")[0] if self.kind in _TEXTS else ""

    @property
    def number(self) -> int | None:
        """A number, also one that is written as decimal text; None for everything else."""
        size = _NUMBERS.get(self.kind, 0)
        if size and len(self.data) == size:
            return int.from_bytes(self.data, "little")
        written = _DECIMAL.match(self.text)
        return int(written.group(1)) if written else None


@dataclass(frozen=True, slots=True)
class Key:
    r"""One key. ``path`` is lower-case with backslashes and begins at the hive: ``software\microsoft\…``, ``system\current\…``, ``sam\…``.

    ``name`` is the last part as written. ``values`` are by lower-case name; the nameless one is ``""``.
    """

    path: str
    name: str
    where: Where
    values: dict[str, Value] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a value, or an empty string."""
        value = self.values.get(name)
        return value.text if value else ""

    def number(self, name: str) -> int | None:
        """The number in a value, or None."""
        value = self.values.get(name)
        return value.number if value else None

    def place(self, *names: str) -> Where:
        """Where the first of ``names`` stands that is there, else the key."""
        return next((self.values[name].where for name in names if name in self.values), self.where)


Meaning = Callable[[BoundedSource, Key, Emit], None]
"""Emits what one key means."""


class Wanted:
    """The keys that somebody knows the meaning of: paths of words, in which ``*`` stands for any one name."""

    def __init__(self, meanings: Iterable[tuple[str, Meaning]] = ()) -> None:
        r"""Each path is also wanted below ``software\wow6432node``, where 32-bit programs keep what is theirs."""
        self.meanings: list[Meaning] = []
        self._next: dict[str, Wanted] = {}
        for path, meaning in meanings:
            self._add(path.split("\\"), meaning)
            if path.startswith("software\\"):
                self._add(["software", "wow6432node", *path.split("\\")[1:]], meaning)

    def _add(self, words: Sequence[str], meaning: Meaning) -> None:
        node = self
        for word in words:
            node = node._next.setdefault(word, Wanted())
        node.meanings.append(meaning)

    def below(self, name: str) -> tuple[Wanted, ...]:
        """What is wanted of the subkey called ``name`` (lower case)."""
        return tuple(self._next[word] for word in (name, "*") if word in self._next)

    @property
    def anything_below(self) -> bool:
        """Whether any subkey is wanted at all."""
        return bool(self._next)

    def reach(self, words: Iterable[str]) -> tuple[Wanted, ...]:
        """What is wanted of the key at a path of lower-case words and below it."""
        nodes: tuple[Wanted, ...] = (self,)
        for word in words:
            nodes = tuple(further for node in nodes for further in node.below(word))
        return nodes

    def at(self, words: Iterable[str]) -> tuple[Meaning, ...]:
        """The meanings of the key at a path of lower-case words."""
        return tuple(meaning for node in self.reach(words) for meaning in node.meanings)
