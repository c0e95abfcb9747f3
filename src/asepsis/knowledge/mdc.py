"""Terms and units of IEEE 11073-10101: what the numbers in a message of a pump or a monitor mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, read_table

FILE = Path(__file__).parent / "data" / "mdc.toml"


class TermKind(Enum):
    """What an observation tells: a part of the device, something measured, set, a state, a text, an attribute of an alarm or an event."""

    CONTAINER = "container"
    VALUE = "value"
    SETTING = "setting"
    STATE = "state"
    TEXT = "text"
    ALARM = "alarm"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class MdcTerm:
    """Its reference id, and a ``unit`` (UCUM) of the dimension in which it is told; empty if it has none."""

    reference: str
    kind: TermKind
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MdcAtom:
    """What units are made of: ``factor`` is how many of its dimension's base make one. ``prefixes``: it takes decimal prefixes."""

    dimension: str
    factor: str
    spellings: tuple[str, ...]
    prefixes: bool = True

    @property
    def exactly(self) -> Fraction:
        """The factor, as a number."""
        return Fraction(self.factor)


@dataclass(frozen=True, slots=True)
class Mdc:
    """The tables, by number in decimal: terms, first numbers of units, prefixes; and atoms by their UCUM code."""

    terms: dict[str, MdcTerm]
    unit_codes: dict[str, str]
    prefix_codes: dict[str, str]
    atoms: dict[str, MdcAtom]


@cache
def load_mdc(file: Path = FILE) -> Mdc:
    """Read the tables, once per process. Raises ``KnowledgeError``."""
    tables = build(read_table(file), Mdc, file)
    for code, atom in tables.atoms.items():
        try:
            positive = atom.exactly > 0
        except (ValueError, ZeroDivisionError) as error:
            raise KnowledgeError(f"{file}: atoms.{code}.factor: not a number") from error
        if not positive:
            raise KnowledgeError(f"{file}: atoms.{code}.factor: not above 0")
    return tables
