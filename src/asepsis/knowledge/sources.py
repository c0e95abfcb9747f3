"""Where the knowledge comes from: one entry for each source, with licence, date and the data files made from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table


@dataclass(frozen=True, slots=True)
class Source:
    """One source. ``files`` are paths below ``data/``, with ``*`` for any; ``date`` is the day its state was taken."""

    id: str
    title: str
    licence: str
    date: dt.date
    files: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    source: tuple[Source, ...]


def load_sources(path: Path) -> tuple[Source, ...]:
    """All sources, by id. Raises ``KnowledgeError``."""
    return tuple(sorted(build(read_table(path), _File, path).source, key=lambda source: source.id))
