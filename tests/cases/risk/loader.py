"""Read a case of the rating stage: ``path.toml`` is one path with its findings, ``expected.json`` what a person worked out.

``path.toml``: ``about``, ``device`` (id), ``patients_per_unit``, ``start``, ``barriers_claimed``, ``many_because``, ``published`` (a CVSS vector),
``[harm]`` (``effect``, ``level``, ``function``, ``name``, ``many_patients``),
``[[step]]`` (``move``, ``sentence``, ``exploitability``, ``findings``, ``claims`` as text),
``[[finding]]`` (``id``, ``weakness``, ``certainty``, ``exploitation``, ``title``),
``[site]`` (``name``, ``starts``, ``links`` as pairs), ``[overrides."scheme.CODE"]`` (``value``, ``because``, ``by``, ``date``).

``expected.json``: any of ``severity``, ``feasibility``, ``acceptable``, ``hops``, ``start``, ``skill``, ``schemes`` (by id: ``verdict``, ``score``,
``vector``), ``answers`` and ``by`` (by ``scheme.CODE``), ``reasons`` (parts of sentences).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from asepsis.model.attack import Harm, Path, PathStep
from asepsis.model.claim import Claim
from asepsis.model.device import Device, Link, Site
from asepsis.model.facts import Confidence, Effect
from asepsis.model.finding import Certainty, Finding, Weakness
from asepsis.model.rating import Answer, Rating
from asepsis.model.where import Where
from asepsis.risk.rate import rate

ROOT = File(__file__).parent
KEYS = {
    "about",
    "device",
    "patients_per_unit",
    "start",
    "barriers_claimed",
    "many_because",
    "harm",
    "step",
    "finding",
    "site",
    "overrides",
    "published",
}
FLAT_STARTS = ["internet", "hospital_network", "device_network", "wifi_range", "bluetooth_range", "radio_range", "touch", "second_hand_unit"]


@dataclass(frozen=True)
class RiskCase:
    path: Path
    findings: tuple[Finding, ...]
    device: Device
    site: Site
    overrides: dict[str, Answer]
    published: str = ""

    def rate(self) -> Rating:
        """The rating of the one path."""
        (rating,) = rate([self.path], self.findings, self.device, self.site, overrides=self.overrides)
        return rating


def folders() -> list[File]:
    """Every case folder."""
    return sorted(file.parent for file in ROOT.rglob("path.toml"))


def load_expected(folder: File) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text("utf-8"))


def load_case(folder: File) -> RiskCase:
    raw = tomllib.loads((folder / "path.toml").read_text("utf-8"))
    unknown = sorted(set(raw) - KEYS)
    if unknown:
        raise ValueError(f"{folder.name}: unknown keys {', '.join(unknown)}")
    return case_of(raw, folder.name)


def case_of(raw: Mapping[str, Any], name: str = "p1") -> RiskCase:
    """A case from a parsed file or from a dictionary written in a test."""
    findings = tuple(_finding(entry) for entry in raw.get("finding", []))
    steps = tuple(_step(entry) for entry in raw.get("step", []))
    harm = raw["harm"]
    path = Path(
        name,
        raw["start"],
        Harm(raw["device"], harm.get("function", ""), Effect(harm["effect"]), harm["level"], harm["name"], harm.get("many_patients", False)),
        steps,
        tuple(finding.id for finding in findings),
        tuple(raw.get("barriers_claimed", ())),
        tuple(raw.get("many_because", ())),
    )
    device = Device(raw["device"], raw["device"], (), patients_per_unit=raw.get("patients_per_unit", 1))
    overrides = {
        key: Answer(key, answer["value"], answer["because"], answer["by"], answer["date"]) for key, answer in raw.get("overrides", {}).items()
    }
    return RiskCase(path, findings, device, _site(raw.get("site", {})), overrides, raw.get("published", ""))


def claim_of(text: str) -> Claim:
    """``service(p, telnet, device_network, none)`` as a claim."""
    predicate, _, rest = text.partition("(")
    return Claim(predicate, tuple(arg.strip() for arg in rest.rstrip(")").split(",")))


def _step(entry: Mapping[str, Any]) -> PathStep:
    claims = tuple(claim_of(text) for text in entry.get("claims", ()))
    return PathStep(entry["move"], entry["sentence"], "", tuple(entry.get("findings", ())), claims, entry["exploitability"])


def _finding(entry: Mapping[str, Any]) -> Finding:
    return Finding(
        id=entry["id"],
        rule=entry["weakness"],
        weakness=Weakness(entry["weakness"]),
        cwe=(),
        title=entry.get("title", entry["id"]),
        subject=entry["id"],
        certainty=Certainty(entry.get("certainty", "enabled")),
        confidence=Confidence.CONFIRMED,
        locations=(Where("e1", "image"),),
        claims=(),
        exploitation=entry.get("exploitation", ""),
    )


def _site(raw: Mapping[str, Any]) -> Site:
    links = tuple(Link(*pair) for pair in raw.get("links", [["hospital_network", "device_network"]]))
    return Site(raw.get("name", "flat"), tuple(raw.get("starts", FLAT_STARTS)), links, ("device_network",), {})
