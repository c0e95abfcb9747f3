"""Terms and units as devices name them: by numbers and reference ids of IEEE 11073-10101, in UCUM, or as their makers spell them. No I/O.

A unit is taken apart into atoms (``ug/kg/min`` is a mass per mass and time), so that 15.4 mL/h and 0.0154 L/h, or ``mcg/kg/min`` and number 265619,
are the same. What is not understood is None, never a guess: ``MU`` may be a million or a thousandth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from asepsis.knowledge.mdc import MdcTerm, load_mdc

_WORDS = {"": 0, "X": 0, "MEGA": 6, "KILO": 3, "DECI": -1, "CENTI": -2, "MILLI": -3, "MICRO": -6, "NANO": -9}
_LETTERS = {"": 0, "k": 3, "d": -1, "c": -2, "m": -3, "u": -6, "mc": -6, "µ": -6, "\u03bc": -6, "n": -9}
"""UCUM's prefixes, and the makers' for a millionth: the micro sign, the Greek letter, ``mc``."""
_FOLDED_TWICE = {"mu", "m"}
"""Spellings that mean two things once capitals are disregarded."""
_NUMBER_OF_UNITS = 32
_LONGEST = 64
_FACTOR = re.compile(r"(.+?)(-1)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` times a value is the value in the bases (mL, mg, min …); only units of the same ``dimension`` can be compared."""

    dimension: str
    factor: Fraction

    def convert(self, value: Fraction, to: Unit) -> Fraction | None:
        """The value in another unit; None if that measures something else."""
        return value * self.factor / to.factor if self.dimension == to.dimension else None


@dataclass(frozen=True, slots=True)
class Told:
    """A unit as a field tells it, often twice: ``unit`` is None if no spelling is understood, ``agrees`` False if two of them differ."""

    unit: Unit | None
    agrees: bool = True


def term(code: str) -> MdcTerm | None:
    """What a number or a reference id stands for (OBX-3.1 or 3.2)."""
    return load_mdc().terms.get(code) or _by_reference().get(code)


def told(parts: Sequence[str]) -> Told:
    """The unit of a coded field: identifier, text, system, and the same again (CWE, HL7 2A.2.13)."""
    understood = [found for part in (*parts[0:2], *parts[3:5]) if (found := unit(part))]
    return Told(understood[0] if understood else None, len(set(understood)) < 2)  # noqa: PLR2004 - two that differ


@cache
def _by_reference() -> dict[str, MdcTerm]:
    return {known.reference: known for known in load_mdc().terms.values()}


def unit(text: str) -> Unit | None:
    """A unit by any of its names; None if it is not understood."""
    text = text.strip()
    return _unit(text) if 0 < len(text) <= _LONGEST and text.isprintable() else None


def _unit(text: str) -> Unit | None:
    if re.fullmatch(r"[0-9]{6}", text):
        return _by_number(int(text))
    if text.startswith("MDC_DIM_"):
        return _product([(_by_words(part), 1 if at == 0 else -1) for at, part in enumerate(text[8:].split("_PER_"))])
    return _product(list(_factors(text)))


def _by_number(number: int) -> Unit | None:
    tables = load_mdc()
    reference = tables.unit_codes.get(str(number // _NUMBER_OF_UNITS * _NUMBER_OF_UNITS))
    prefix = tables.prefix_codes.get(str(number % _NUMBER_OF_UNITS))
    if reference is None or prefix is None or (prefix and "_X_" not in reference):
        return None
    return _unit(reference.replace("_X_", f"_{prefix}_" if prefix else "_", 1))


def _product(factors: list[tuple[Unit | None, int]]) -> Unit | None:
    """What the factors make together, each of power 1 or -1; None if one is not understood, or if nothing is above the line."""
    above = [found for found, power in factors if found and power == 1]
    below = sorted((found for found, power in factors if found and power == -1), key=lambda found: found.dimension)
    if len(above) != 1 or len(below) + 1 != len(factors):
        return None
    factor = above[0].factor
    for found in below:
        factor /= found.factor
    return Unit("/".join([above[0].dimension, *(found.dimension for found in below)]), factor)


def _factors(text: str) -> Iterator[tuple[Unit | None, int]]:
    """Of ``ug/kg/min``, ``ug.kg-1.min-1``, ``ug/(kg.min)`` or ``ml per hour``: each atom and its power."""
    above, *below = re.sub(r"\s*(?:/|\bper\b)\s*", "/", text).split("/")
    for part, power in ((above, 1), *((part.removeprefix("(").removesuffix(")"), -1) for part in below)):
        for atom in part.split("."):
            found = _FACTOR.fullmatch(atom)
            yield (_atom(found[1]), -power if found[2] else power) if found else (None, power)


@cache
def _words() -> dict[str, Unit]:
    """Reference ids of atoms, with their prefixes: ``MICRO_G``, ``KG``, ``INTL_UNIT``."""
    known = {}
    for atom in load_mdc().atoms.values():
        for name in filter(str.isupper, atom.spellings):
            known[name] = Unit(atom.dimension, atom.exactly)
            if atom.prefixes:
                known |= {f"{word}_{name}": Unit(atom.dimension, atom.exactly * _ten(power)) for word, power in _WORDS.items() if word}
    short = {"KG": "KILO_G", "ML": "MILLI_L", "MG": "MILLI_G", "DL": "DECI_L"}
    return known | {name: known[of] for name, of in short.items() if of in known}


def _by_words(name: str) -> Unit | None:
    return _words().get(name)


@cache
def _spellings() -> dict[str, Unit]:
    """UCUM's and the makers' spellings, with their prefixes; those of reference ids are no spellings of themselves."""
    known: dict[str, Unit] = {}
    for atom in load_mdc().atoms.values():
        for spelling in atom.spellings:
            for letters, power in _LETTERS.items() if atom.prefixes else (("", 0),):
                known.setdefault(letters + spelling, Unit(atom.dimension, atom.exactly * _ten(power)))
    return known


@cache
def _folded() -> dict[str, Unit]:
    """The same without regard to capitals, as far as only one thing is meant."""
    meant: dict[str, set[Unit]] = {}
    for spelling, found in _spellings().items():
        meant.setdefault(spelling.lower(), set()).add(found)
    return {spelling: found.pop() for spelling, found in meant.items() if len(found) == 1 and spelling not in _FOLDED_TWICE}


def _atom(text: str) -> Unit | None:
    return _spellings().get(text) or _folded().get(text.lower())


def _ten(power: int) -> Fraction:
    return Fraction(10) ** power
