"""The contract of an observer: it is told what is seen on the air in order, keeps a bounded memory of it, and says at the end what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from asepsis.evidence.radio.events import Event
from asepsis.evidence.radio.frame import Link, State
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Fact
from asepsis.model.where import Where

Place = Callable[[int], Where]
"""The place of a frame, by its number."""


@dataclass(frozen=True, slots=True)
class Means:
    """What an observer works with: how to name a place, how to redact; ``full`` takes a limit that was reached, in words with its number.

    ``states`` are the states of links by their number; ``identities`` the lasting addresses behind private ones, as far as they were told so far;
    ``stated`` what devices were read to say of themselves, by address and UUID (name, maker, model, versions; nothing else is kept), ``offered`` the
    services that they were discovered to have.
    """

    place: Place
    redactor: Redactor
    full: Callable[[str], None] = lambda _what: None
    states: list[State] = field(default_factory=list)
    identities: dict[str, str] = field(default_factory=dict)
    stated: dict[tuple[str, str], str] = field(default_factory=dict)
    offered: dict[str, set[str]] = field(default_factory=dict)

    def known_as(self, address: str) -> str:
        """The lasting address of somebody, or the one he has; empty if none was recorded."""
        return "" if address.startswith("?") else self.identities.get(address, address)

    def offers(self, address: str, service: str) -> None:
        """A device has a service (UUID)."""
        self.offered.setdefault(address, set()).add(service)


@dataclass(frozen=True, slots=True)
class ObserverInfo:
    """What an observer is; ``emits`` are the kinds of fact it looks for, ``attributes`` that it wants to be told what is said about them."""

    name: str
    title: str
    emits: tuple[type[Fact], ...]
    attributes: bool = False


class Observer:
    """One for each recording; state that may grow has a stated bound, and what finds no room is told."""

    info: ObserverInfo

    def __init__(self, means: Means) -> None:
        """Nothing was seen yet."""
        self.means = means

    def see(self, event: Event) -> None:
        """Take in one event."""

    def attribute(self, link: Link, from_central: bool, pdu: bytes, number: int) -> None:
        """Take in one message of the Attribute Protocol (Core, volume 3, part F, 3.4), from its opcode on; it is never empty, but may be cut."""

    def finish(self) -> Iterator[Fact]:
        """The recording ends here; yield what was gathered."""
        yield from ()
