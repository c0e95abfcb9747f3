"""Load SSVC's decision tables (CERT/CC) and CISA's timetable. A table is data: another version of a tree is another file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asepsis.knowledge.load import KnowledgeError
from asepsis.knowledge.risk_data import DATA, Origin, origin_of, read_toml


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """One table: an outcome for every combination of the values of its ``inputs``."""

    name: str
    inputs: tuple[str, ...]
    outcomes: dict[tuple[str, ...], str]

    def decide(self, *values: str) -> str:
        """The outcome. Raises ``ValueError`` for values that the table does not know."""
        try:
            return self.outcomes[values]
        except KeyError:
            raise ValueError(f"the table {self.name} has no row for {', '.join(values)}") from None


@dataclass(frozen=True, slots=True)
class Ssvc:
    """All tables, the values of each decision point in rising order, and our mapping of harms and zones to them [P]."""

    origin: Origin
    values: dict[str, tuple[str, ...]]
    tables: dict[str, DecisionTable]
    safety: dict[int, str]
    safety_death_of_many: str
    mission: dict[int, str]
    exposure: dict[str, str]
    presence: frozenset[str]


def decision_tables(raw: Mapping[str, Any], name: str) -> dict[str, DecisionTable]:
    """The tables of a parsed file. Raises ``KnowledgeError`` if one has a hole, a word or a letter that nothing explains."""
    values: Mapping[str, Sequence[str]] = raw["values"]
    return {key: _table(key, table, values, raw.get("letters", {}), name) for key, table in raw["tables"].items()}


def _table(key: str, table: Mapping[str, Any], values: Mapping[str, Sequence[str]], letters: Mapping[str, str], name: str) -> DecisionTable:
    *inputs, last = table["inputs"]
    words = table.get("letters", letters)
    outcomes: dict[tuple[str, ...], str] = {}
    for *given, row in table["rows"]:
        known = len(given) == len(inputs) and all(value in values[point] for value, point in zip(given, inputs, strict=True))
        if not known or len(row) != len(values[last]) or not set(row) <= set(words):
            raise KnowledgeError(f"{name}: table {key} has an impossible row {[*given, row]}")
        outcomes |= {(*given, value): words[letter] for value, letter in zip(values[last], row, strict=True)}
    whole = len(values[last])
    for point in inputs:
        whole *= len(values[point])
    if len(outcomes) != whole or len(table["rows"]) * len(values[last]) != whole:
        raise KnowledgeError(f"{name}: table {key} has {len(outcomes)} different rows where {whole} are needed")
    return DecisionTable(key, (*inputs, last), outcomes)


def load_tables(path: Path) -> dict[str, DecisionTable]:
    """The decision tables in a TOML file shaped like the shipped ``ssvc.toml``. Raises ``KnowledgeError``."""
    try:
        return decision_tables(read_toml(path), path.name)
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"{path.name}: not a file of decision tables: {error!r}") from error


@cache
def ssvc() -> Ssvc:
    """The shipped tables."""
    path = DATA / "ssvc.toml"
    raw = read_toml(path)
    harm = raw["harm"]
    return Ssvc(
        origin=origin_of(raw, path.name),
        values={point: tuple(words) for point, words in raw["values"].items()},
        tables=decision_tables(raw, path.name),
        safety={int(level): word for level, word in harm["safety"].items()},
        safety_death_of_many=harm["safety_death_of_many"],
        mission={int(level): word for level, word in harm["mission"].items()},
        exposure={zone: word for word, zones in raw["exposure"].items() for zone in zones},
        presence=frozenset(raw["presence"]["zones"]),
    )
