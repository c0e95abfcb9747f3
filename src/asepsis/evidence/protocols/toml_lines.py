"""On which line of a TOML text a table or a key stands: the standard library's parser gives values without their places.

TOML 1.0.0. Only headers and bare keys at the beginning of a line are seen, outside multi-line strings; of a table that is written otherwise the
line of the nearest thing before it is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*[=.]")
_FENCES = re.compile(r'"""|\'\'\'')


@dataclass(slots=True)
class _Table:
    line: int
    keys: dict[str, int] = field(default_factory=dict)


class Lines:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        """Walk through the text once."""
        self._tables: dict[str, list[_Table]] = {"": [_Table(1)]}
        here, fence = self._tables[""][0], ""
        for number, line in enumerate(text.splitlines(), 1):
            if not fence:
                here = self._seen(line, number, here)
            for found in _FENCES.findall(line):
                fence = "" if fence == found else fence or found

    def _seen(self, line: str, number: int, here: _Table) -> _Table:
        if header := _HEADER.match(line):
            name = header[1]
            parent, _, inner = name.rpartition(".")
            if parent in self._tables:  # [radio.verified] belongs to the last [[radio]]
                self._tables[parent][-1].keys.setdefault(inner, number)
            self._tables.setdefault(name, []).append(_Table(number))
            return self._tables[name][-1]
        if key := _KEY.match(line):
            here.keys.setdefault(key[1], number)
        return here

    def of(self, table: str, number: int, key: str = "") -> int:
        """The line of ``key`` in the ``number``-th (from 1) table of that name; of the table if the key is not seen; else of its name above all."""
        tables = self._tables.get(table, [])
        if len(tables) < number:
            return self._tables[""][0].keys.get(table, 1)
        return tables[number - 1].keys.get(key, tables[number - 1].line)
