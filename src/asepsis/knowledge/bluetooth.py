"""Names and numbers of Bluetooth: services, characteristics and what they are for, commands of control points, companies, appearances."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table

FILE = Path(__file__).parent / "data" / "bluetooth.toml"


@dataclass(frozen=True, slots=True)
class KnownService:
    """``medical`` that patients' devices offer it, ``update`` that it takes firmware, ``kind`` the device profile that it decides."""

    name: str
    medical: bool = False
    update: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class KnownCharacteristic:
    """``purpose`` as in :class:`asepsis.model.radio.AttributeAccess`; ``control`` that it takes commands."""

    name: str
    purpose: str = ""
    control: bool = False


@dataclass(frozen=True, slots=True)
class KnownCommand:
    """``harmful`` that it changes what a patient gets or is warned of; ``done`` the code (hex) of its own answer where it was done."""

    name: str
    harmful: bool = False
    done: str = ""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """``codes`` by operation code in hex, of ``width`` bytes (little-endian).

    Its answer begins with ``answer``; in it stand, at ``asked``, the code that it answers to, and at ``result`` one byte, ``success`` or why not.
    """

    width: int
    codes: dict[str, KnownCommand]
    answer: int | None = None
    asked: int = 0
    result: int = 0
    success: int = 0


@dataclass(frozen=True, slots=True)
class Appearance:
    """A category of appearances; ``kind`` the device profile that it decides."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bluetooth:
    """The tables: by UUID, by company number in hex, by category in decimal."""

    services: dict[str, KnownService]
    characteristics: dict[str, KnownCharacteristic]
    descriptors: dict[str, str]
    commands: dict[str, ControlPoint]
    companies: dict[str, str]
    appearances: dict[str, Appearance] = field(default_factory=dict)


@cache
def load_bluetooth(file: Path = FILE) -> Bluetooth:
    """Read the tables, once per process. Raises ``KnowledgeError``."""
    return build(read_table(file), Bluetooth, file)
