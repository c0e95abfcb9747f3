"""Amounts as pumps and orders print them: a number, its unit, and how far rounding may have moved it. Exact arithmetic, no floats.

Units are read in the spellings of UCUM (``ug/kg/min``, ``mL/h``, ``ug.kg-1.min-1``) and of wards (``mcg/kg/min``, ``units/hr``, ``cc/h``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_SCALE = {"": Fraction(1), "k": Fraction(1000), "m": Fraction(1, 1000), "u": Fraction(1, 10**6), "n": Fraction(1, 10**9)}
_MICRO_GRAMS = 10**6

_MASS = {"kg": "k", "g": "", "gm": "", "gram": "", "grams": "", "mg": "m", "ug": "u", "mcg": "u", "ng": "n"}
_VOLUME = {"l": Fraction(1000), "dl": Fraction(100), "ml": Fraction(1), "cc": Fraction(1), "ul": Fraction(1, 1000)}
_TIME = {
    **dict.fromkeys(("s", "sec", "second"), Fraction(1, 3600)),
    **dict.fromkeys(("min", "minute", "minutes"), Fraction(1, 60)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), Fraction(1)),
    **dict.fromkeys(("d", "day", "24h"), Fraction(24)),
}
_UNITS = {**dict.fromkeys(("u", "iu", "unit", "units"), ""), "mu": "m", "miu": "m", "munit": "m", "munits": "m", "ku": "k"}
_OTHERS = {"mol": "", "mmol": "m", "umol": "u", "nmol": "n"}
_EQUIVALENTS = {"eq": "", "meq": "m"}
_AREA = ("m2", "m^2", "sqm")
_POUND = Fraction(45359237, 10**8)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is measured: ``kind`` (mass, volume, units, mole, equivalent, time, area) ``per`` (kg, m2, time, volume).

    ``factor`` leads to the base unit.

    Base units are µg, mL, unit, mole, equivalent, hour; per kg of the patient, m² of the patient, hour, mL.
    """

    kind: str
    per: tuple[str, ...]
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Span:
    """All values between two bounds, in base units."""

    low: Fraction
    high: Fraction

    def times(self, other: Span) -> Span:
        """The product of two spans of positive numbers."""
        return Span(self.low * other.low, self.high * other.high)

    def over(self, other: Span) -> Span | None:
        """The quotient; None where the divisor may be nothing."""
        return Span(self.low / other.high, self.high / other.low) if other.low > 0 else None

    def wider(self, by: Fraction) -> Span:
        """The span with ``by`` more on both sides."""
        return Span(self.low - by, self.high + by)

    def meets(self, other: Span) -> bool:
        """Whether one value can be both."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it was printed, and its unit. ``text`` is what is shown of it: digits and the unit, nothing of a patient."""

    value: Fraction
    decimals: int
    unit: Unit
    text: str

    @property
    def exact(self) -> Span:
        """As it was meant by whoever ordered it: nothing was rounded."""
        base = self.value * self.unit.factor
        return Span(base, base)

    def rounded(self, most: Fraction) -> Span:
        """As it may have been before a device rounded it to its last printed digit, but never more than the part ``most`` of itself."""
        half = min(Fraction(1, 2 * 10**self.decimals), abs(self.value) * most) * self.unit.factor
        return self.exact.wider(half)


_LONGEST = 120
"""Characters of an amount; nobody prints more, and what is remembered stays small."""
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{0,9})?|[+-]?[.,]\d{1,9}", re.ASCII)


def amount(number: str, unit: str) -> Amount | None:
    """``number`` as printed (a decimal comma is one too) and ``unit``; None if either cannot be read."""
    return _amount(number, unit) if len(number) + len(unit) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _amount(number: str, unit: str) -> Amount | None:
    """A pump says the same few amounts all day."""
    text, known = number.strip(), unit_of(unit)
    if known is None or not _NUMBER.fullmatch(text):
        return None
    plain = text.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return Amount(Fraction(plain.rstrip(".") if not plain.startswith(".") else f"0{plain}"), decimals, known, f"{text} {unit.strip()}")


def read_amount(text: str) -> Amount | None:
    """An :attr:`Amount.text` again."""
    text, _, basis = text.partition(" in ")
    number, _, unit = text.partition(" ")
    first, slash, second = number.partition("/")
    read = ratio(first, second, unit) if slash else amount(number, unit)
    other = read_amount(basis) if basis else None
    return (per_volume(read, other) or over_time(read, other)) if read and other else None if basis else read


def per_volume(strength: Amount, volume: Amount) -> Amount | None:
    """So much drug in so much fluid, as a concentration; None if ``volume`` is none."""
    if volume.unit.kind != "volume" or volume.unit.per or volume.value <= 0:
        return None
    per_ml = strength.value / (volume.value * volume.unit.factor)
    return Amount(per_ml, 9, Unit(strength.unit.kind, ("volume",), strength.unit.factor), f"{strength.text} in {volume.text}")


def ratio(first: str, second: str, unit: str) -> Amount | None:
    """A number that is said as a quotient of two (400/250 mg/mL), as exact as these; None where there is none."""
    over, under = amount(first, unit), amount(second, unit)
    if over is None or under is None or under.value <= 0:
        return None
    return Amount(over.value / under.value, 9, over.unit, f"{first.strip()}/{second.strip()} {unit.strip()}")


def over_time(volume: Amount, time: Amount) -> Amount | None:
    """So much in so much time, as a rate for an hour; None if ``time`` is none."""
    if time.unit.kind != "time" or time.unit.per or time.value <= 0:
        return None
    per_hour = volume.value / (time.value * time.unit.factor)
    return Amount(per_hour, 9, Unit(volume.unit.kind, (*volume.unit.per, "time"), volume.unit.factor), f"{volume.text} in {time.text}")


def unit_of(text: str) -> Unit | None:
    """A unit in any spelling; None if it is none that a pump measures in."""
    return _unit_of(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _unit_of(text: str) -> Unit | None:
    parts = _parts(text)
    head, kind_factor = parts[0][0] if parts else "", None
    kind_factor = _measured(head)
    if kind_factor is None or parts[0][1]:
        return None
    kind, factor = kind_factor
    per: list[str] = []
    for word, _ in parts[1:]:
        divisor = _divisor(word)
        if divisor is None or divisor[0] in per:
            return None
        per.append(divisor[0])
        factor /= divisor[1]
    return Unit(kind, tuple(sorted(per)), factor)


def _parts(text: str) -> list[tuple[str, bool]]:
    """The words of a unit, and whether each stands below the line."""
    plain = text.strip().replace("µ", "u").replace("μ", "u").replace("²", "2").replace("[iU]", "IU").replace("[IU]", "IU")
    plain = re.sub(r"\s+per\s+", "/", plain, flags=re.IGNORECASE)
    if len(plain) > 40 or not plain:  # noqa: PLR2004 - the longest that anybody writes has some twenty characters
        return []
    below, words = False, []
    for word in re.split(r"([/.*·() ])", re.sub(r"\{[^}]*\}", "", plain)):
        if word == "/":
            below = True
        elif word.strip(".*·() "):
            words.append((re.sub(r"\^?-1$", "", word), below or word.endswith("-1")))
    return words


def _measured(word: str) -> tuple[str, Fraction] | None:
    small = word.lower()
    if small in _MASS:
        return "mass", _SCALE[_MASS[small]] * _MICRO_GRAMS
    if small in ("lb", "lbs"):
        return "mass", _POUND * 1000 * _MICRO_GRAMS
    for kind, table in (("volume", _VOLUME), ("time", _TIME)):
        if small in table:
            return kind, table[small]
    if small in _AREA:
        return "area", Fraction(1)
    for kind, prefixes in (("units", _UNITS), ("mole", _OTHERS), ("equivalent", _EQUIVALENTS)):
        if small in prefixes and not word.startswith("M"):  # a mega-unit is no milli-unit
            return kind, _SCALE[prefixes[small]]
    return None


def _divisor(word: str) -> tuple[str, Fraction] | None:
    small = word.lower()
    if small in _TIME:
        return "time", _TIME[small]
    if small in _VOLUME:
        return "volume", _VOLUME[small]
    return ("m2", Fraction(1)) if small in _AREA else {"kg": ("kg", Fraction(1))}.get(small)


@dataclass(frozen=True, slots=True)
class Basis:
    """What leads from a dose to a rate: the concentration, the patient's weight and body surface, as far as they are known (base units)."""

    concentration: Span | None = None
    drug_kind: str = ""
    weight_kg: Span | None = None
    area: Span | None = None


def converted(span: Span, unit: Unit, to: Unit, basis: Basis) -> Span | None:
    """``span``, measured in ``unit``, as ``to`` measures; None if the basis does not lead there.

    rate (mL/h) = dose per kg and time × weight ÷ concentration; each step is taken only where the two units differ in it.
    """
    result: Span | None = span
    if ("time" in unit.per) is not ("time" in to.per) or ("volume" in unit.per) is not ("volume" in to.per):
        return None
    for name, known in (("kg", basis.weight_kg), ("m2", basis.area)):
        result = _step(result, known, up=name in unit.per, down=name in to.per)
    if unit.kind == to.kind:
        return result
    if basis.drug_kind not in (unit.kind, to.kind) or "volume" not in (unit.kind, to.kind):
        return None
    return _step(result, basis.concentration, up=unit.kind == "volume", down=to.kind == "volume")


def _step(value: Span | None, known: Span | None, *, up: bool, down: bool) -> Span | None:
    if value is None or up == down:
        return value
    if known is None:
        return None
    return value.times(known) if up else value.over(known)
