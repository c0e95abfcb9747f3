"""Facts as they travel: between processes, into the study file, out of a test case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from asepsis.model.facts import FACT_KINDS, Fact
from asepsis.model.where import Where


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A fact as it is written in a file: its kind, place and the attributes that differ from their defaults."""

    kind: str
    where: Where
    attributes: dict[str, str | int | float | bool | tuple[str, ...] | dict[str, str | int | bool | None] | None]


_KINDS = {kind.__name__: kind for kind in FACT_KINDS}


def to_record(fact: Fact) -> FactRecord:
    """The fact with only those attributes that differ from their defaults."""
    kind = type(fact)
    built: dict[str, Any] = msgspec.to_builtins(fact)
    built.pop("where")
    defaults = {field.name: field.default for field in kind.__dataclass_fields__.values()}
    kept = {name: value for name, value in sorted(built.items()) if value != defaults.get(name)}
    return FactRecord(kind.__name__, fact.where, kept)


def from_record(record: FactRecord) -> Fact:
    """The fact again. Raises ``ValueError`` for an unknown kind, ``msgspec.ValidationError`` (a ValueError) for a wrong attribute."""
    kind = _KINDS.get(record.kind)
    if kind is None:
        raise ValueError(f"no such kind of fact: {record.kind}")
    known = set(kind.__dataclass_fields__)
    unknown = sorted(set(record.attributes) - known)
    if unknown:
        raise ValueError(f"{record.kind} has no attribute {', '.join(unknown)}")
    return msgspec.convert({"where": msgspec.to_builtins(record.where), **record.attributes}, kind)
