"""Who paired with whom, how, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.radio import smp
from asepsis.evidence.radio.events import Event, Paired
from asepsis.evidence.radio.observer import Means, Observer, ObserverInfo
from asepsis.model.facts import Fact, RadioPairing

MOST = 4_096
_SAME = tuple(name for name in Paired.__dataclass_fields__ if name not in {"number", "time", "link"})


class PairingsObserver(Observer):
    """One fact for pairings that were alike, at the first of them."""

    info = ObserverInfo("pairings", "Pairings", (RadioPairing,))

    def __init__(self, means: Means) -> None:
        """Nobody paired yet."""
        super().__init__(means)
        self._alike: dict[tuple[object, ...], tuple[Paired, list[int]]] = {}

    def see(self, event: Event) -> None:
        """Take in a pairing."""
        if not isinstance(event, Paired):
            return
        key = (*event.link.keys(), *(getattr(event, name) for name in _SAME))
        known = self._alike.get(key)
        if known is not None:
            known[1][0] += 1
        elif len(self._alike) < MOST:
            self._alike[key] = event, [1]
        else:
            self.means.full(f"pairings: more than {MOST} different ones")

    def finish(self) -> Iterator[Fact]:
        """In the order in which they began."""
        for paired, (times,) in self._alike.values():
            central, peripheral = paired.link.keys()
            completed, just_works = paired.outcome == "completed", paired.method == smp.JUST_WORKS
            yield RadioPairing(
                self.means.place(paired.number),
                central=self.means.known_as(central),
                peripheral=self.means.known_as(peripheral),
                generation=paired.generation,
                method=paired.method,
                authenticated=paired.authenticated,
                outcome=paired.outcome,
                reason=paired.reason,
                bonded=paired.bonded,
                key_bits=paired.key_bits,
                keys=paired.keys,
                central_io=paired.io[0],
                peripheral_io=paired.io[1],
                asked_authentication=paired.asked,
                debug_key=paired.debug_key,
                crackable=completed and paired.generation == smp.LEGACY and paired.method in {smp.JUST_WORKS, smp.PASSKEY},
                stranger=completed and just_works,
                times=times,
            )
