"""YAML as feeds write it, read from the events of libyaml's parser: text, lists and maps, nothing else.

Every scalar stays the text that it is, so that version 1.10 is not the number 1.1. No tags, no anchors (a few of them name billions of entries), no
nesting that a feed would not have; nothing is called from within itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

_DEEPEST = 32

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotYaml(Exception):
    """The text is not the YAML of a feed; the message says what and where."""


def load_all(text: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every document that is a map, with the line it begins in. Raises ``NotYaml``, after the documents before the fault."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Parser):
            if isinstance(event, yaml.DocumentStartEvent):
                builder = _Builder(event.start_mark.line + 1)
            elif isinstance(event, yaml.DocumentEndEvent) and isinstance(builder.whole, dict):
                yield builder.line, builder.whole
            else:
                builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYaml(f"is no YAML from line {mark.line + 1} on" if mark else "is no YAML (or not UTF-8)") from error


class _Builder:
    """One document, built from the outside in."""

    def __init__(self, line: int = 1) -> None:
        self.line = line
        self.whole: Any = None
        self._open: list[Any] = []
        self._keys: list[str | None] = []

    def take(self, event: Any) -> None:
        """Add what an event says. Raises ``NotYaml``."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotYaml(f"has an anchor or an alias in line {event.start_mark.line + 1}, which no feed has")
        if isinstance(event, yaml.ScalarEvent):
            self._put(event.value)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._put(value)
            self._open.append(value)
            self._keys.append(None)
            if len(self._open) > _DEEPEST:
                raise NotYaml(f"is nested deeper than {_DEEPEST} in line {event.start_mark.line + 1}")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._keys.pop()

    def _put(self, value: Any) -> None:
        if not self._open:
            self.whole = value
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        elif self._keys[-1] is None:
            self._keys[-1] = value if isinstance(value, str) else ""
        else:
            self._open[-1][self._keys[-1]] = value
            self._keys[-1] = None
