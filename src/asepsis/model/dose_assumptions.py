"""What is taken for granted when orders, reports and alarms are compared: rounding, and how long things take on a ward. All of it can be stated."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction

_MINUTE = 60 * 10**9
STATED = "[user]"
PROPOSED = "[P]"


@dataclass(frozen=True, slots=True)
class Rounding:
    """What is no difference between two amounts.

    ``step`` is half of the finest rate in mL/h that a pump can be set to, ``most`` the part of a value that rounding to a printed digit may excuse:
    1.4 shown as 1 is another dose.
    """

    step: Fraction = Fraction(1, 20)
    most: Fraction = Fraction(1, 20)


USUAL = Rounding()


@dataclass(frozen=True, slots=True)
class DoseAssumptions:
    """The values, each our own proposal [P] unless its name is in ``stated``; :data:`MEANING` says what each means."""

    pump_step: float = 0.1
    rounding_percent: float = 5
    bedside_minutes: float = 10
    clock_minutes: float = 5
    order_age_minutes: float = 30
    relay_minutes: float = 10
    pause_minutes: float = 15
    leap: float = 3
    leap_of_fluid: float = 5
    stated: tuple[str, ...] = ()

    @property
    def rounding(self) -> Rounding:
        """As amounts are compared with it."""
        return Rounding(_exact(self.pump_step) / 2, _exact(self.rounding_percent) / 100)

    def time(self, name: str) -> int:
        """One of the minutes, in nanoseconds."""
        return int(_exact(getattr(self, name)) * _MINUTE)

    def leaps(self, *, of_fluid: bool) -> Fraction:
        """So many times more at once is no titration."""
        return _exact(self.leap_of_fluid if of_fluid else self.leap)

    def said(self) -> tuple[str, ...]:
        """All of them as sentences, with the mark of whose they are."""
        return tuple(f"Doses: {MEANING[name].format(f'{getattr(self, name):g}')} {STATED if name in self.stated else PROPOSED}" for name in MEANING)


ASSUMED = DoseAssumptions()
MEANING = {
    "pump_step": "a pump can be set to steps of {} mL/h, and rounds what is ordered to one of them",
    "rounding_percent": "a number that a pump shows is rounded by no more than {} % of itself",
    "bedside_minutes": "a nurse takes no longer than {} min to confirm an order at the pump, or to start what was confirmed",
    "clock_minutes": "an order's time stamp departs by no more than {} min from where its sender's clock usually is",
    "order_age_minutes": "an order is sent no later than {} min after it was written, where its sender's orders usually are",
    "relay_minutes": "a relay keeps an order for no longer than {} min",
    "pause_minutes": "a pause of an alarm's sound lasts no longer than {} min",
    "leap": "nobody titrates a drug to more than {} times its rate at once without an order or a name",
    "leap_of_fluid": "nobody sets a fluid to more than {} times its rate at once without an order or a name",
}
NAMES = tuple(one.name for one in fields(DoseAssumptions) if one.name in MEANING)


def _exact(value: float) -> Fraction:
    return Fraction(str(value))
