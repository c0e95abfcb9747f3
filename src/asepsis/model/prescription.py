"""What an order says a pump shall give to whom, and in what two sayings of it differ."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from asepsis.model.amount import Amount, Basis, Span, Unit, converted
from asepsis.model.dose_assumptions import USUAL, Rounding
from asepsis.model.drug import same_drug

UNKNOWN_STEP = Fraction(1, 200)
"""What a step of the rate may change of a dose where nothing says how the two belong together [P]."""

FLOW = Unit("volume", ("time",), Fraction(1))
"""mL/h: what a pump is set to in the end."""


@dataclass(frozen=True, slots=True)
class Prescription:
    """One order. ``patient`` and ``pump`` hold every identifier that was given: a patient's only as ``type@authority:keyed digest``."""

    order: str = ""
    parent: str = ""
    action: str = ""
    pump: tuple[str, ...] = ()
    patient: tuple[str, ...] = ()
    drug: str = ""
    route: str = ""
    rate: Amount | None = None
    vtbi: Amount | None = None
    concentration: Amount | None = None
    weight: Amount | None = None
    area: Amount | None = None

    @property
    def basis(self) -> Basis:
        """What it says that leads from a dose to a rate, exactly as it was ordered."""
        return basis(self.concentration, self.weight, self.area, printed=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """In what two sayings differ, and what each says; both empty where it must not be told (a patient)."""

    name: str
    was: str = ""
    now: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.was or 'left out'} → {self.now or 'left out'}" if self.was or self.now else f"another {self.name}"


def basis(concentration: Amount | None, weight: Amount | None, area: Amount | None, *, printed: bool) -> Basis:
    """A basis out of amounts; ``printed`` by a device, which rounded them, or ordered exactly."""
    if concentration is None and weight is None and area is None:
        return _NOTHING_KNOWN
    spans = [None if one is None else one.rounded(Fraction(1, 4)) if printed else one.exact for one in (concentration, weight, area)]
    kilograms = spans[1] and Span(spans[1].low / 10**9, spans[1].high / 10**9)
    return Basis(spans[0], concentration.unit.kind if concentration else "", kilograms, spans[2])


_NOTHING_KNOWN = Basis()


def differences(first: Prescription, second: Prescription, *, strict: bool = False, rounding: Rounding = USUAL) -> tuple[Difference, ...]:
    """In what a second saying of the same order differs; what one of them leaves out counts only if ``strict``."""
    said = [
        Difference(name, was, now)
        for name, was, now in (("action", first.action, second.action), ("route", first.route, second.route))
        if was and now and was != now
    ]
    said += [Difference("order id", first.order, second.order)] if first.order and second.order and first.order != second.order else []
    said += [Difference("pump", _last(first.pump), _last(second.pump))] if same_pump(first.pump, second.pump) is False else []
    said += [Difference("patient")] if same_patient(first.patient, second.patient) is False else []
    said += [Difference("drug", first.drug, second.drug)] if same_drug(first.drug, second.drug) is False else []
    said += [
        Difference(name, was.text if was else "", now.text if now else "")
        for name in ("rate", "vtbi", "concentration", "weight", "area")
        if _other(was := getattr(first, name), now := getattr(second, name), first, second, rounding, strict=strict)
    ]
    return tuple(said)


def _other(was: Amount | None, now: Amount | None, first: Prescription, second: Prescription, rounding: Rounding, *, strict: bool) -> bool:
    if was is None or now is None:
        return strict and was is not now
    return was.text != now.text and agrees(was, now, first.basis, second.basis, rounding=rounding) is False


def agrees(was: Amount, now: Amount, *bases: Basis, rounding: Rounding = USUAL) -> bool | None:
    """Whether ``now``, as printed, is ``was``, as ordered, perhaps in other units; None if no basis leads from one unit to the other.

    Rounding to the last printed digit is no difference, nor is what a pump makes of a rate that it cannot be set to.
    """
    if was.text == now.text:
        return True
    alike = (was.unit.kind, was.unit.per) == (now.unit.kind, now.unit.per)
    ways = [was.exact] if alike else [way for one in bases if (way := converted(was.exact, was.unit, now.unit, one)) is not None]
    shown = now.rounded(rounding.most).wider(_step(now, bases, rounding.step))
    return any(shown.meets(way) for way in ways) if ways else None


def _step(now: Amount, bases: tuple[Basis, ...], step: Fraction) -> Fraction:
    """Half a step of the pump's rate, in the base unit of ``now``; where no basis leads there, a two-hundredth of the value [P]."""
    if "time" not in now.unit.per:
        return Fraction(0)
    steps = [span.high for one in (_NOTHING_KNOWN, *bases) if (span := converted(Span(step, step), FLOW, now.unit, one)) is not None]
    return max(steps, default=now.value * now.unit.factor * UNKNOWN_STEP)


def same_pump(first: tuple[str, ...], second: tuple[str, ...]) -> bool | None:
    """Whether one identifier is shared; None if one side names none."""
    return bool({one.lower() for one in first} & {one.lower() for one in second}) if first and second else None


def same_patient(first: tuple[str, ...], second: tuple[str, ...]) -> bool | None:
    """Likewise; identifiers of different types (an account, a record) or of different authorities cannot be compared."""
    pairs = [(one.rpartition(":"), other.rpartition(":")) for one in first for other in second]
    if any(one[2] == other[2] for one, other in pairs):
        return True
    return False if any(_comparable(one[0], other[0]) for one, other in pairs) else None


def _comparable(one: str, other: str) -> bool:
    """Whether two ``type@authority`` can be one; what is left out can be any."""
    parts = zip(one.partition("@")[::2], other.partition("@")[::2], strict=True)
    return all(not ours or not theirs or ours == theirs for ours, theirs in parts)


def _last(pump: tuple[str, ...]) -> str:
    return pump[0] if pump else ""
