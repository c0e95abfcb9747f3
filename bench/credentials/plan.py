"""The tables of pairs as nouns, checked while they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLASSES = frozenset(
    [
        "wifi-secret-stored",
        "hard-coded-credential",
        "weak-password-hash",
        "private-key-shipped",
        "remote-maintenance-exposed",
        "unauthenticated-interface",
        "interceptable-communication",
        "out-of-date-software",
        "unsigned-update",
        "patient-data-exposed",
        "missing-hardening",
    ]
)
TWINS = ("vulnerable", "mended")
_KEYS = {"id", "group", "container", "base", "says", "mend", "planted", "also", "both", "vulnerable", "mended"}


@dataclass(frozen=True, slots=True)
class Label:
    """A place where something is truly wrong, or may truly be said: ``classes`` are equally right, ``at`` is text in the line."""

    path: str
    classes: tuple[str, ...]
    at: str = ""
    why: str = ""
    twins: tuple[str, ...] = ("vulnerable",)


@dataclass(frozen=True, slots=True)
class Pair:
    """One weakness and its mending. ``files`` of a twin come over those of ``both``, which come over the base."""

    id: str
    group: str
    container: str
    base: str
    says: str
    mend: str
    planted: tuple[Label, ...]
    also: tuple[Label, ...]
    files: Mapping[str, Mapping[str, Any]]


def pairs(folder: Path = HERE / "pairs") -> tuple[Pair, ...]:
    """All pairs of the tables, by id."""
    found = [pair(entry, path.name) for path in sorted(folder.glob("*.toml")) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["pair"]]
    ids = [one.id for one in found]
    if len(set(ids)) < len(ids):
        raise ValueError(f"an id is used twice: {sorted(name for name in ids if ids.count(name) > 1)}")
    return tuple(sorted(found, key=lambda one: one.id))


def pair(entry: Mapping[str, Any], table: str) -> Pair:
    """One entry; an unknown key or class, or nothing planted, is a mistake in the table."""
    unknown = set(entry) - _KEYS
    if unknown or not entry.get("planted"):
        raise ValueError(f"{table}: {entry.get('id')}: unknown {sorted(unknown)}, or nothing planted")
    files = {"both": entry.get("both", {})} | {twin: entry.get(twin, {}) for twin in TWINS}
    return Pair(
        entry["id"],
        entry["group"],
        entry["container"],
        entry.get("base", "linux"),
        entry["says"],
        entry["mend"],
        tuple(label(one) for one in entry["planted"]),
        tuple(label(one) for one in entry.get("also", [])),
        files,
    )


def label(entry: Mapping[str, Any]) -> Label:
    """A planted weakness, or a further true statement, which needs its reason."""
    classes = tuple([entry["class"]] if isinstance(entry["class"], str) else entry["class"])
    if not set(classes) <= CLASSES:
        raise ValueError(f"unknown class in {classes}")
    return Label(entry["path"], classes, entry.get("at", ""), entry.get("why", ""), tuple(entry.get("twins", ["vulnerable"])))


def line_of(data: bytes, at: str) -> int | None:
    """The line, from 1, in which ``at`` stands exactly once; None without ``at``."""
    if not at:
        return None
    lines = [number for number, line in enumerate(data.split(b"\n"), 1) if at.encode() in line]
    if len(lines) != 1:
        raise ValueError(f"{at!r} stands in {len(lines)} lines, not in one")
    return lines[0]


def selected(all_pairs: Sequence[Pair], names: Sequence[str]) -> tuple[Pair, ...]:
    """Those whose id, group or container is named; all without names."""
    return tuple(one for one in all_pairs if not names or {one.id, one.group, one.container} & set(names))
