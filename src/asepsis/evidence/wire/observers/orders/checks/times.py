"""Orders that are older, or younger, than their own sender's clock makes them.

Nobody's clock is trusted: what counts is how far a sender's time stamps (MSH-7) usually are from the capture's clock, and whether one order departs
from that by more than a pump's window. A clock that was set stays at its new time, and so is told from a single stale message by what the sender
says next. Without a zone, an hour more or less may be daylight saving. Times of the order itself (ORC-9) are compared likewise with the message's.
A sender that is heard too seldom to know its clock is compared with the others: a day away from all of them is a sign, less is a doubt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from asepsis.evidence.wire.observers.orders.check import EVER, MINUTE, Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import DoseAssumptions
from asepsis.model.fact import Confidence

HOUR = 60 * MINUTE
NO_CLOCK = 15 * HOUR
"""No zone of the earth accounts for so much [P]."""
ENOUGH = 3
"""Messages that make a sender's usual time; one is enough where it agrees with the capture's own clock [P]."""
WAIT = 10 * MINUTE
"""A sender that says nothing more for so long is taken at its word; what it says earlier tells a clock that was set from one stale message [P]."""


@dataclass(slots=True)
class _Clock:
    offsets: deque[int] = field(default_factory=lambda: deque(maxlen=33))
    ages: deque[int] = field(default_factory=lambda: deque(maxlen=33))
    departed: tuple[int, int, Said | None] | None = None

    def usual(self, window: int) -> int | None:
        """How far its time stamps usually are behind the capture's clock."""
        if len(self.offsets) >= ENOUGH or (self.offsets and max(map(abs, self.offsets)) < window):
            return int(median(self.offsets))
        return None


class Times:
    """See the module."""

    def __init__(self) -> None:
        """No clock is known."""
        self._clocks: Recent[tuple[str, bool], _Clock] = Recent()
        self._seen: Recent[tuple[str, str, str], bool] = Recent()
        self._alone: Recent[str, Said] = Recent()
        self._departed: Recent[int, _Clock] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """Any message of any sender tells of its clock; a repetition tells nothing new."""
        key = (said.sender, said.control_id, said.made)
        if said.made_at is None or (self._seen.get(key) and said.control_id):
            return
        self._seen.put(key, True)
        made, zoned = said.made_at
        clock = self._clocks.get((said.sender, zoned)) or _Clock()
        self._clocks.put((said.sender, zoned), clock)
        window = ward.doses.time("clock_minutes")
        yield from self._offset(clock, said, said.time - made, window)
        for ordered in said.ordered_at:
            if ordered is not None and ordered[1] == zoned:
                yield from _age(clock, said, made - ordered[0], ward.doses)

    def pass_time(self, time: int, _ward: Ward) -> Iterator[Remark]:
        """Whoever has said nothing more for long is taken at his word."""
        yield from self._ripe(time - WAIT)

    def finish(self, _time: int, ward: Ward) -> Iterator[Remark]:
        """What is still open; and orders whose sender was heard too seldom to know its clock."""
        yield from self._ripe(EVER)
        for said in self._alone.values():
            made, zoned = said.made_at or (said.time, False)
            clock = self._clocks.get((said.sender, zoned))
            usual = clock.usual(ward.doses.time("clock_minutes")) if clock else None
            if usual is None or abs(usual - (said.time - made)) > ward.doses.time("clock_minutes"):
                yield self._seldom(said, said.time - made)

    def _seldom(self, said: Said, offset: int) -> Remark:
        """An order of a sender whose clock is not known: compared with the clocks of the others."""
        away = f"its time stamp is {_span(abs(offset))} {'behind' if offset > 0 else 'ahead of'} the capture's clock"
        others = [clock.offsets[-1] for (sender, _), clock in self._clocks.items() if sender != said.sender and clock.offsets]
        sign = Sign.STALE if offset > 0 else Sign.FUTURE
        if any(abs(one) < NO_CLOCK for one in others) and all(abs(one - offset) > NO_CLOCK for one in others):
            shown = (f"{away}; those of the others are not",)
            return Remark(sign, Confidence.LIKELY, _name(said) or said.sender, (said.packet,), shown, ("the sender's clock is wrong",))
        why = f"{away}, and its sender is heard too seldom to know whether that is how its clock goes or the age of the order"
        return Remark(Sign.STALE, None, _name(said) or said.sender, (said.packet,), (why,))

    def _offset(self, clock: _Clock, said: Said, offset: int, window: int) -> Iterator[Remark]:
        usual, zoned = clock.usual(window), said.made_at is not None and said.made_at[1]
        if usual is None:
            clock.offsets.append(offset)
            if said.orders and abs(offset) > window:
                self._alone.put(said.sender, said)
            return
        departure = offset - usual
        if abs(departure) <= window:
            clock.offsets.append(offset)
            yield from _settled(clock)
        elif clock.departed is not None and abs(clock.departed[0] - departure) <= window:
            clock.offsets.clear()  # the clock was set
            clock.offsets.extend([offset] * ENOUGH)
            clock.departed = None
        else:
            yield from _settled(clock)
            of_order = said if said.orders and (zoned or abs(abs(departure) - HOUR) > MINUTE) else None
            clock.departed = (departure, said.time, of_order)
            self._departed.put(id(clock), clock)

    def _ripe(self, until: int) -> Iterator[Remark]:
        for key, clock in self._departed.items():
            if clock.departed is None or clock.departed[1] <= until:
                self._departed.drop(key)
            if clock.departed is not None and clock.departed[1] <= until and clock.departed[2] is not None:
                yield _departs(clock.departed[2], clock.departed[0])
                clock.departed = (*clock.departed[:2], None)


def _settled(clock: _Clock) -> Iterator[Remark]:
    """The sender is back at its usual time: what departed from it was one message, and no clock that was set."""
    if clock.departed is not None and clock.departed[2] is not None:
        yield _departs(clock.departed[2], clock.departed[0])
    clock.departed = None


def _departs(said: Said, departure: int) -> Remark:
    sign, word = (Sign.STALE, "older") if departure > 0 else (Sign.FUTURE, "younger")
    shown = (f"{_span(abs(departure))} {word} than this sender's messages usually are when they pass",)
    return Remark(
        sign, Confidence.LIKELY, _name(said), (said.packet,), shown, ("a message that was kept back while the network was down", "a clock set twice")
    )


def _age(clock: _Clock, said: Said, age: int, doses: DoseAssumptions) -> Iterator[Remark]:
    usual = len(clock.ages) >= ENOUGH - 1 and max(map(abs, clock.ages)) < doses.time("clock_minutes")
    if usual and abs(age) > doses.time("order_age_minutes"):
        shown = (f"ordered {_span(abs(age))} {'before' if age > 0 else 'after'} the message was made; this sender's orders otherwise are not",)
        yield Remark(Sign.STALE if age > 0 else Sign.FUTURE, Confidence.LIKELY, _name(said), (said.packet,), shown, ("an order written early",))
    else:
        clock.ages.append(age)


def _name(said: Said) -> str:
    return next((order.order for order in said.orders if order.order), said.control_id)


def _span(time: int) -> str:
    return f"{time // MINUTE} min" if time < 2 * HOUR else f"{time // HOUR} h" if time < 48 * HOUR else f"{time // (24 * HOUR)} d"
