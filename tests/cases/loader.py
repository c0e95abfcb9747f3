"""Read a case folder: ``facts.toml`` becomes a reading, ``expected.json`` what a person worked out by hand. See README.md beside this file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from asepsis.findings.rule import Context
from asepsis.knowledge.kernel_parts import KernelPart
from asepsis.knowledge.load import EndOfSupport, KnowledgeBase, load
from asepsis.knowledge.stated_support import AgeLimit
from asepsis.knowledge.vulnerabilities.names import keys_of
from asepsis.model.device import Device, Mark
from asepsis.model.evidence import Cause, Coverage, Evidence, EvidenceKind, Problem
from asepsis.model.facts import FACT_KINDS, Fact
from asepsis.model.reading import LookedFor, Reading
from asepsis.model.record import FactRecord, from_record
from asepsis.model.vulnerability import Affected, Feed, Vulnerability
from asepsis.model.where import Where

ROOT = Path(__file__).parent
DEFAULT_DAY = date(2026, 11, 23)
KEYS = {"as_of", "evidence", "looked_for", "unopened", "problem", "end_of_support", "fact", "about", "device", "knows_flaws", "flaw", "statement"}

_PLACE = re.compile(r"^(?P<path>.*?)(?::(?P<line>\d+)| packet (?P<packet>\d+)|@(?P<offset>0x[0-9a-f]+))?$", re.DOTALL)


class CaseKnowledge(KnowledgeBase):
    """The ends of support that a case states, and nothing else."""

    def __init__(self, rows: tuple[EndOfSupport, ...]) -> None:
        self._rows = rows

    def end_of_support(self, product: str, version: str) -> EndOfSupport | None:
        """The row of the product whose cycle is the version or a leading part of it."""
        for row in self._rows:
            if row.product == product and (version == row.cycle or version.startswith(f"{row.cycle}.")):
                return row
        return None

    def oldest_definitions(self, name: str) -> AgeLimit:
        """As shipped."""
        return load().oldest_definitions(name)

    def cpe_of_product(self, product: str) -> str:
        """As shipped."""
        return load().cpe_of_product(product)

    def kernel_parts(self) -> tuple[KernelPart, ...]:
        """Those that are shipped."""
        return load().kernel_parts()


class CaseFlaws:
    """A store of the published flaws that a case states."""

    def __init__(self, flaws: Iterable[Vulnerability], statements: Iterable[Affected]) -> None:
        self._flaws = {flaw.id: flaw for flaw in flaws}
        self._statements: dict[str, list[Affected]] = {}
        for statement in statements:
            for key in keys_of(statement):
                self._statements.setdefault(key, []).append(statement)
        self._sources = sorted({statement.source for one in self._statements.values() for statement in one})

    def affecting(self, keys: Sequence[str]) -> list[Affected]:
        """As the real store answers."""
        return list(dict.fromkeys(statement for key in keys for statement in self._statements.get(key, [])))

    def vulnerability(self, vulnerability_id: str) -> Vulnerability | None:
        """As the real store answers."""
        return self._flaws.get(vulnerability_id)

    def feeds(self) -> tuple[Feed, ...]:
        """One, of the case itself, and those of the sources that it names."""
        return tuple(Feed(name, DEFAULT_DAY.isoformat(), len(self._flaws)) for name in ("case", *self._sources))


@dataclass(frozen=True)
class CaseInput:
    """What ``facts.toml`` says. ``about`` is free text; ``as_of`` the day that ends of support are compared with."""

    reading: Reading
    as_of: date
    knowledge: KnowledgeBase
    about: str = ""
    flaws: CaseFlaws | None = None
    device: Device | None = None

    def context(self, knowledge: KnowledgeBase | None = None) -> Context:
        """A rule's context with the case's own knowledge, or with the one given."""
        return Context(knowledge or self.knowledge, self.as_of, self.flaws, device=self.device)


def parse_place(text: str, evidence: str = "e1") -> Where:
    """``etc/shadow:3`` (line), ``traffic.pcap packet 7``, ``image.bin@0x40`` (offset) or a bare path."""
    match = _PLACE.match(text)
    assert match is not None
    line, packet, offset = match["line"], match["packet"], match["offset"]
    return Where(
        evidence,
        match["path"],
        offset=int(offset, 16) if offset else None,
        line=int(line) if line else None,
        packet=int(packet) if packet else None,
    )


def load_facts(folder: Path) -> CaseInput:
    """The input of a case. Raises ``ValueError`` for a key, kind or attribute that does not exist."""
    data = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))
    unknown = sorted(set(data) - KEYS)
    if unknown:
        raise ValueError(f"{folder.name}: unknown keys {', '.join(unknown)}")
    return CaseInput(
        reading=reading_of(data),
        as_of=data.get("as_of", DEFAULT_DAY),
        knowledge=CaseKnowledge(tuple(_end_of_support(row) for row in data.get("end_of_support", []))),
        about=data.get("about", ""),
        flaws=_flaws(data),
        device=Device("case", "Case", (), **data["device"]) if "device" in data else None,
    )


def reading_of(data: dict[str, Any]) -> Reading:
    """The reading that a case's tables state. Raises ``ValueError`` as :func:`load_facts` does."""
    return Reading(
        evidence=_evidence(data.get("evidence", [{}])),
        facts=tuple(_fact(entry) for entry in data.get("fact", [])),
        looked_for=_looked_for(data.get("looked_for", [])),
        problems=tuple(_problem(entry) for entry in data.get("problem", [])),
        coverage=Coverage(unopened=tuple(data.get("unopened", []))),
    )


def load_expected(folder: Path) -> dict[str, Any]:
    """The outcome of a case as a person worked it out."""
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return expected


def case_folders(*parts: str) -> tuple[Path, ...]:
    """All case folders below ``tests/cases/<parts>``, sorted."""
    return tuple(sorted(path.parent for path in ROOT.joinpath(*parts).rglob("facts.toml")))


def _evidence(entries: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(entry.get("id", f"e{number}"), EvidenceKind(entry.get("kind", "firmware")), entry.get("name", "image.bin"), "0" * 64, 1)
        for number, entry in enumerate(entries, 1)
    )


def _fact(entry: dict[str, Any]) -> Fact:
    attributes = {name: value for name, value in entry.items() if name not in {"kind", "where", "evidence", "attributes"}}
    attributes |= entry.get("attributes", {})
    return from_record(FactRecord(entry["kind"], parse_place(entry["where"], entry.get("evidence", "e1")), attributes))


def _looked_for(entries: list[dict[str, Any]]) -> tuple[LookedFor, ...]:
    stated = {entry["kind"]: LookedFor(entry["kind"], entry["looked"], entry.get("reason", "")) for entry in entries}
    names = {kind.__name__ for kind in FACT_KINDS}
    unknown = sorted(set(stated) - names)
    if unknown:
        raise ValueError(f"looked_for: no such kind of fact: {', '.join(unknown)}")
    return tuple(stated.get(name, LookedFor(name, looked=True)) for name in sorted(names))


def _problem(entry: dict[str, Any]) -> Problem:
    where = parse_place(entry["where"], entry.get("evidence", "e1")) if "where" in entry else None
    return Problem(Cause(entry["cause"]), where, entry["what"], entry.get("consequence", "its facts are missing"))


def _flaws(data: dict[str, Any]) -> CaseFlaws | None:
    """``knows_flaws = true`` alone is a store without any."""
    flaws = msgspec.convert(data.get("flaw", []), list[Vulnerability])
    statements = msgspec.convert(data.get("statement", []), list[Affected])
    return CaseFlaws(flaws, statements) if flaws or statements or data.get("knows_flaws") else None


def _end_of_support(row: dict[str, Any]) -> EndOfSupport:
    return EndOfSupport(
        row["product"], row["cycle"], row.get("ends"), row.get("status", "ends"), row.get("source", "case"), Mark(row.get("mark", "V"))
    )
