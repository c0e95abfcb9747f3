"""Load a triage file: findings that somebody accepted, each with an owner, a reason and a last day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, one_line, read_table
from asepsis.model.triage import Accepted

FINDING_ID = re.compile(r"F-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class _File:
    accepted: tuple[Accepted, ...] = ()


def load_triage(path: Path) -> tuple[Accepted, ...]:
    """The entries of a triage file, in its order. A file without entries accepts nothing.

    Raises ``KnowledgeError`` naming file and entry: an acceptance without an owner, a reason and a last day does not count, and an
    entry that is written wrong must not be passed over.
    """
    entries = build(read_table(path), _File, path).accepted
    _refuse_twice(path, [entry.id for entry in entries])
    for number, entry in enumerate(entries, 1):
        _check(entry, f"{path}: accepted.{one_line(entry.id) or number}")
    return entries


def _refuse_twice(path: Path, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise KnowledgeError(f"{path}: accepted.{one_line(name)}: accepted twice")
        seen.add(name)


def _check(entry: Accepted, name: str) -> None:
    if not FINDING_ID.fullmatch(entry.id):
        raise KnowledgeError(f"{name}: not the id of a finding (F- and twelve hexadecimal digits)")
    empty = [key for key, text in (("owner", entry.owner), ("reason", entry.reason)) if not text.strip()]
    if empty:
        raise KnowledgeError(f"{name}: says no {' and no '.join(empty)}")
    if entry.decided and entry.decided > entry.expires:
        raise KnowledgeError(f"{name}: expires {entry.expires} before it was decided {entry.decided}")
