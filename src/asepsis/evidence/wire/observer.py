"""The contract of an observer: it is told all events of a capture in order, keeps a bounded memory of them, and says what they show.

``assess`` asks for facts at the end; ``watch`` asks for what is worth an alarm at once. Both come from the same observers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from asepsis.evidence.wire.events import Event
from asepsis.guard.redact import Redactor
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.facts import Fact
from asepsis.model.thresholds import SHIPPED, Thresholds
from asepsis.model.where import Where

Place = Callable[[int], Where]
"""The place of a packet, by its number."""


@dataclass(frozen=True, slots=True)
class Means:
    """What an observer works with: how to name a place, how to redact, whether a secret is a default that is public (None: not compared).

    ``full`` takes a limit that was reached, in words with its number: what lies beyond is a Problem, never a silence. ``thresholds`` say from when on
    traffic is an attack on availability.
    ``doses`` is what is taken for granted of pumps and wards.
    """

    place: Place
    redactor: Redactor
    known_default: Callable[[str], bool | None] = lambda _secret: None
    full: Callable[[str], None] = lambda _what: None
    thresholds: Thresholds = SHIPPED
    doses: DoseAssumptions = ASSUMED


@dataclass(frozen=True, slots=True)
class ObserverInfo:
    """What an observer is; ``emits`` are the kinds of fact it looks for."""

    name: str
    title: str
    emits: tuple[type[Fact], ...]


class Observer(Protocol):
    """One for each capture; state that may grow has a stated bound, and what is forgotten because of it is counted and told."""

    info: ObserverInfo

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in one event; yield the facts that are certain now and need nobody's later word (an altered order, a flood that began)."""

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """The capture's clock is at ``time``: what has been awaited for too long becomes a fact now. Called about once a second of the capture."""

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        """The capture ends here; yield what was gathered. That it ends is no silence of anybody."""


@runtime_checkable
class Remembering(Protocol):
    """An observer whose lessons outlast a restart of ``watch``. They hold no secret and nothing of a patient, and are bounded like all the rest."""

    info: ObserverInfo

    def remember(self) -> bytes:
        """What it learned so far, as JSON."""

    def recall(self, learned: bytes, unwatched: int) -> None:
        """Take in what an earlier watch had learned; nobody watched for ``unwatched`` nanoseconds since.

        Raises ``msgspec.MsgspecError`` or ``ValueError`` where that is nothing of its own, before it took in anything.
        """
