"""What devices tell everybody in range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.radio import names
from asepsis.evidence.radio.advertising import told
from asepsis.evidence.radio.events import Advertised, Event
from asepsis.evidence.radio.frame import Party
from asepsis.evidence.radio.observer import Means, Observer, ObserverInfo
from asepsis.model.facts import Fact, RadioAdvertised

MOST, MOST_SERVICES = 16_384, 64
_SECOND = 1_000_000_000


@dataclass(slots=True)
class _Teller:
    """What one address told. ``last`` are the bytes of its last packet and scan response: most repeat them."""

    party: Party
    first: int
    began: int
    ended: int
    times: int = 0
    last: list[bytes | None] = field(default_factory=lambda: [None, None])
    name: str = ""
    services: set[str] = field(default_factory=set)
    company: int | None = None
    appearance: int | None = None
    connectable: bool | None = None
    discoverable: bool | None = None
    to_one: bool = False
    data: bytes | None = None
    changing: bool = False


class AdvertisedObserver(Observer):
    """One fact for each address."""

    info = ObserverInfo("advertised", "What is told to everybody in range", (RadioAdvertised,))

    def __init__(self, means: Means) -> None:
        """Nobody told anything yet."""
        super().__init__(means)
        self._tellers: dict[str, _Teller] = {}

    def see(self, event: Event) -> None:
        """Take in one packet."""
        if not isinstance(event, Advertised):
            return
        teller = self._tellers.get(event.party.address)
        if teller is None:
            if len(self._tellers) >= MOST:
                self.means.full(f"advertised: more than {MOST} addresses")
                return
            teller = self._tellers[event.party.address] = _Teller(event.party, event.number, event.time, event.time)
        teller.times += 1
        teller.ended = max(teller.ended, event.time)
        teller.to_one = teller.to_one or event.to_one
        if event.connectable is not None:
            teller.connectable = event.connectable or bool(teller.connectable)
        if event.data and event.data != teller.last[event.response]:
            teller.last[event.response] = event.data
            self._take(teller, event.data)

    def _take(self, teller: _Teller, data: bytes) -> None:
        said = told(data)
        teller.name = said.name or teller.name
        for number in said.services:
            if len(teller.services) < MOST_SERVICES:
                teller.services.add(number)
                self.means.offers(teller.party.address, number)
        teller.company = teller.company if said.company is None else said.company
        teller.appearance = teller.appearance if said.appearance is None else said.appearance
        teller.discoverable = teller.discoverable if said.discoverable is None else said.discoverable or bool(teller.discoverable)
        if said.data:
            teller.changing = teller.changing or (teller.data is not None and teller.data != said.data)
            teller.data = said.data

    def finish(self) -> Iterator[Fact]:
        """In the order in which they were first heard."""
        for teller in self._tellers.values():
            yield RadioAdvertised(
                self.means.place(teller.first),
                address=teller.party.address,
                address_kind=teller.party.kind,
                name=teller.name,
                services=tuple(names.named(number) for number in sorted(teller.services)),
                maker="" if teller.company is None else names.company(teller.company),
                appearance="" if teller.appearance is None else names.appearance(teller.appearance)[0],
                connectable=teller.connectable,
                discoverable=teller.discoverable,
                to_one=teller.to_one,
                data=len(teller.data or b""),
                changing=teller.changing,
                times=teller.times,
                seconds=(teller.ended - teller.began) // _SECOND,
            )
