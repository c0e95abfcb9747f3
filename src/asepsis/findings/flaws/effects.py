"""What a published flaw gives to whom, from its CVSS vector and its CWE: enough to place it in an attack path, and marked as an assumption.

CVSS rates a flaw in its component; whether the same holds for the device around it nobody has shown. So a flaw gives control only if it
takes confidentiality, integrity and availability altogether, or runs code; it stops the device if it takes availability altogether.
"""

from __future__ import annotations

from typing import NamedTuple

from asepsis.findings.words import PROPOSAL
from asepsis.model.facts import Gives, Zone
from asepsis.model.vulnerability import Vulnerability

RUNS_CODE = frozenset({77, 78, 94, 95, 98, 119, 120, 121, 122, 123, 134, 415, 416, 434, 502, 787, 788, 913, 917, 1336})
"""Weaknesses that typically let the attacker's code run [P]."""
_HIGH = frozenset({"H", "C"})
"""CVSS 3 and 4 say High, CVSS 2 says Complete; its Partial is taken for availability only."""


class Effects(NamedTuple):
    """From where a stranger uses the flaw (None: only with a log-in, or with somebody's help), what it gives, and what of this is assumed."""

    zone: Zone | None
    gives: tuple[Gives, ...]
    assumes: tuple[str, ...]


def effects(flaw: Vulnerability, files: tuple[str, ...] = (), radio: Zone | None = None) -> Effects:
    """Of a flaw whose ``files`` in the kernel are known; ``radio`` is the range of the part's radio, if it is a radio's software."""
    if not flaw.vectors:
        return Effects(None, (), ())
    vector = flaw.vectors[0]
    said = metrics(vector)
    gives = _gives(said, flaw.cwes)
    zone = _zone(said.get("AV", ""), radio or _radio(files)) if _open_to_strangers(said) else None
    words = f"{flaw.id}: what it gives and from where is taken from its score {vector}, which rates the part and not the device {PROPOSAL}"
    return Effects(zone, gives, (words,) if zone and gives else ())


def metrics(vector: str) -> dict[str, str]:
    """The base metrics of any CVSS version; those of CVSS 4 under the names of the vulnerable system (``VC`` is ``C``)."""
    pairs = (item.partition(":") for item in vector.split("/"))
    said = {name: value for name, colon, value in pairs if colon and name != "CVSS"}
    return {**said, **{name: said[f"V{name}"] for name in "CIA" if f"V{name}" in said}}


def _gives(said: dict[str, str], cwes: tuple[int, ...]) -> tuple[Gives, ...]:
    taken = {name for name in "CIA" if said.get(name) in _HIGH}
    version_2 = "Au" in said
    partly = {name for name in "CIA" if said.get(name) == "P"} if version_2 else set()
    gives = []
    if taken == set("CIA") or ("I" in taken and RUNS_CODE & set(cwes)) or (partly == set("CIA") and RUNS_CODE & set(cwes)):
        gives.append(Gives.CONTROL)
    if "A" in taken or (version_2 and "A" in partly):
        gives.append(Gives.STOP)
    if taken & {"C", "I"}:
        gives.append(Gives.RECORD)
    return tuple(gives)


def _open_to_strangers(said: dict[str, str]) -> bool:
    """It asks for no log-in (CVSS 2: Au) and for nobody's help."""
    return all(said.get(name, "N") == "N" for name in ("PR", "UI", "Au"))


def _zone(vector: str, radio: Zone | None) -> Zone | None:
    match vector:
        case "N":
            return radio or Zone.DEVICE_NETWORK
        case "A":
            return radio or Zone.DEVICE_NETWORK
        case "P":
            return Zone.TOUCH
    return None


def _radio(files: tuple[str, ...]) -> Zone | None:
    """The range of the radio whose driver or protocol holds the flaw."""
    if any("bluetooth" in file for file in files):
        return Zone.BLUETOOTH_RANGE
    if any("wireless" in file or "mac80211" in file for file in files):
        return Zone.WIFI_RANGE
    return None
