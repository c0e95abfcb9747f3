"""Who is on the air, and what tells who he is: his address, name, services, what his radio is, what he says of himself when asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.radio import names
from asepsis.evidence.radio.advertising import told
from asepsis.evidence.radio.events import Advertised, Chip, Event, Identity, Named, Opened, OwnAddress
from asepsis.evidence.radio.frame import Party
from asepsis.evidence.radio.observer import Means, Observer, ObserverInfo
from asepsis.model.facts import Confidence, Fact, RadioDevice

MOST = 16_384
_LONGEST_NAME = 248
_CENTRAL, _PERIPHERAL = "central", "peripheral"


@dataclass(slots=True)
class _Seen:
    party: Party
    first: int
    name: str = ""
    roles: set[str] = field(default_factory=set)
    recorder: bool = False
    chip: Chip | None = None
    appearance: int | None = None
    heard: bytes = b""


class DevicesObserver(Observer):
    """One fact for each address that connected, was asked for its name, or told what it is."""

    info = ObserverInfo("devices", "Who is on the air", (RadioDevice,))

    def __init__(self, means: Means) -> None:
        """Nobody is there yet."""
        super().__init__(means)
        self._seen: dict[str, _Seen] = {}

    def see(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, Advertised):
            self._advertised(event)
        elif isinstance(event, Opened):
            self._opened(event)
        elif isinstance(event, Identity) and event.party.address and event.identity.address:
            seen = self._one(event.identity, event.number)
            self._one(event.party, event.number)
            if seen is not None and len(self.means.identities) < MOST and event.party != event.identity:
                self.means.identities[event.party.address] = event.identity.address
        elif isinstance(event, OwnAddress) and (seen := self._one(event.party, event.number)):
            seen.recorder = True
        elif isinstance(event, Named) and (seen := self._one(event.party, event.number)):
            seen.name = event.name[:_LONGEST_NAME] or seen.name
        elif isinstance(event, Chip) and (seen := self._one(event.party, event.number)):
            seen.chip = event

    def _one(self, party: Party, number: int) -> _Seen | None:
        if not party.address:
            return None
        seen = self._seen.get(party.address)
        if seen is None:
            if len(self._seen) >= MOST:
                self.means.full(f"devices: more than {MOST} addresses")
                return None
            seen = self._seen[party.address] = _Seen(party, number)
        return seen

    def _opened(self, event: Opened) -> None:
        link = event.link
        for party, role in ((link.central, _CENTRAL), (link.peripheral, _PERIPHERAL)):
            seen = self._one(party, event.number)
            if seen is not None:
                seen.roles.add(role)
                seen.recorder = seen.recorder or party == link.recorder

    def _advertised(self, event: Advertised) -> None:
        seen = self._one(event.party, event.number)
        if seen is None:
            return
        if event.connectable:
            seen.roles.add(_PERIPHERAL)
        if event.data and event.data != seen.heard:
            seen.heard = event.data
            said = told(event.data)
            seen.name = said.name or seen.name
            seen.appearance = seen.appearance if said.appearance is None else said.appearance

    def finish(self) -> Iterator[Fact]:
        """In the order in which they were first there."""
        for address, seen in self._seen.items():
            services = self._services(address)
            stated = {number: self.means.stated.get((address, number), "") for number in ("2A00", "2A24", "2A26", "2A28", "2A29")}
            kind = self._kind(seen, services)
            chip = seen.chip
            yield RadioDevice(
                self.means.place(seen.first),
                address=address,
                address_kind=seen.party.kind,
                identity=self.means.identities.get(address, ""),
                name=seen.name or stated["2A00"],
                kind=kind,
                role=" and ".join(sorted(seen.roles)),
                recorder=seen.recorder,
                services=tuple(names.named(number) for number in services),
                maker=stated["2A29"],
                model=stated["2A24"],
                version=stated["2A26"] or stated["2A28"],
                chip=names.company(chip.company) if chip else "",
                bluetooth=names.version(chip.version) if chip else "",
                firmware=f"{chip.subversion:04X}" if chip else "",
                confidence=Confidence.CONFIRMED if kind and services else Confidence.LIKELY,
            )

    def _services(self, address: str) -> list[str]:
        return sorted(self.means.offered.get(address, ()))

    @staticmethod
    def _kind(seen: _Seen, services: list[str]) -> str:
        """By services, since they say what it does; by its appearance otherwise."""
        kinds = {names.service(number).kind for number in services} - {""}
        if "insulin-pump" in kinds:
            return "insulin-pump"
        if len(kinds) == 1:
            return kinds.pop()
        return names.appearance(seen.appearance)[1] if seen.appearance is not None else ""
