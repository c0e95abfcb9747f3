"""Who was connected with whom: how often, how long, whether encrypted and with which key, how often they meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.radio.events import Closed, Event, OnLink, Opened, Parameters, Secured
from asepsis.evidence.radio.frame import Link
from asepsis.evidence.radio.observer import Means, Observer, ObserverInfo
from asepsis.evidence.radio.smp import error
from asepsis.model.facts import Fact, RadioConnection

MOST = 4_096
_SECOND = 1_000_000_000


@dataclass(slots=True)
class _One:
    """What is known of one connection that still lasts."""

    encrypted: bool | None
    authenticated: bool | None = None
    key_bits: int | None = None
    stored: str = ""


@dataclass(slots=True)
class _Pair:
    """All connections of two devices."""

    first: int
    times: int = 0
    encrypted_times: int = 0
    in_clear: int = 0
    unknown: int = 0
    authenticated: set[bool | None] = field(default_factory=set)
    key_bits: int | None = None
    stored: set[str] = field(default_factory=set)
    by_stored_key: int = 0
    refused: int = 0
    reason: str = ""
    said: int = 0
    said_in_clear: int = 0
    parameters: tuple[int, int, int] | None = None
    nanoseconds: int = 0
    reasons: set[str] = field(default_factory=set)


class ConnectionsObserver(Observer):
    """One fact for each two devices and transport."""

    info = ObserverInfo("connections", "Connections and their encryption", (RadioConnection,))

    def __init__(self, means: Means) -> None:
        """Nobody is connected yet."""
        super().__init__(means)
        self._pairs: dict[tuple[str, str, str], _Pair] = {}
        self._ones: dict[int, _One] = {}

    def see(self, event: Event) -> None:
        """Take in one event."""
        if not isinstance(event, OnLink):
            return
        if isinstance(event, Opened):
            self._ones[event.link.number] = _One(event.link.encrypted)
        elif isinstance(event, Closed):
            self._over(event)
        elif isinstance(event, Secured):
            self._secured(event)
        elif isinstance(event, Parameters) and event.interval and (pair := self._pair(event.link, event.number)):
            parameters = event.interval, event.latency, event.timeout
            pair.parameters = min(pair.parameters or parameters, parameters)

    def _pair(self, link: Link, number: int) -> _Pair | None:
        known = self.means.identities
        central, peripheral = link.keys()
        key = known.get(central, central), known.get(peripheral, peripheral), link.transport
        pair = self._pairs.get(key)
        if pair is None:
            if len(self._pairs) >= MOST:
                self.means.full(f"connections: more than {MOST} pairs of devices")
                return None
            pair = self._pairs[key] = _Pair(min(number, link.first))
        return pair

    def _secured(self, event: Secured) -> None:
        pair, one = self._pair(event.link, event.number), self._ones.get(event.link.number)
        if pair is None or one is None:
            return
        if event.error:
            pair.refused, pair.reason = pair.refused + 1, error(event.error)
        elif event.on:
            one.encrypted, one.authenticated, one.key_bits = True, event.link.authenticated, event.link.key_bits
            one.stored = one.stored or event.stored

    def _over(self, event: Closed) -> None:
        link = event.link
        one, pair = self._ones.pop(link.number, None), self._pair(link, event.number)
        if one is None or pair is None:
            return
        pair.times += 1
        pair.said, pair.said_in_clear = pair.said + link.said, pair.said_in_clear + link.said_in_clear
        pair.nanoseconds += max(0, event.time - link.first_time)
        if event.reason is not None:
            pair.reasons.add(error(event.reason))
        if one.encrypted:
            pair.encrypted_times += 1
            pair.authenticated.add(one.authenticated)
            bits = link.key_bits or one.key_bits
            pair.key_bits = min(pair.key_bits or bits, bits) if bits else pair.key_bits
            pair.by_stored_key += bool(one.stored)
            pair.stored.add(one.stored)
        elif link.said:
            pair.in_clear += one.encrypted is False
            pair.unknown += one.encrypted is None

    def finish(self) -> Iterator[Fact]:
        """Each pair, in the order in which they were first connected."""
        for (central, peripheral, transport), pair in self._pairs.items():
            interval, latency, timeout = pair.parameters or (None, None, None)
            stored = sorted(pair.stored - {"", "unknown"})
            yield RadioConnection(
                self.means.place(pair.first),
                central=self.means.known_as(central),
                peripheral=self.means.known_as(peripheral),
                transport=transport,
                times=pair.times,
                encrypted=_encrypted(pair),
                encrypted_times=pair.encrypted_times,
                authenticated=_agreed(pair.authenticated),
                key_bits=pair.key_bits,
                by_stored_key=pair.by_stored_key,
                stored_key=", ".join(stored),
                refused=pair.refused,
                reason=pair.reason,
                said=pair.said,
                said_in_clear=pair.said_in_clear,
                interval_ms=None if interval is None else interval * 1.25,
                latency=latency,
                timeout_ms=None if timeout is None else timeout * 10,
                seconds=pair.nanoseconds // _SECOND,
                disconnected=tuple(sorted(pair.reasons)),
            )


def _encrypted(pair: _Pair) -> bool | None:
    if pair.in_clear:
        return False
    return True if pair.encrypted_times and not pair.unknown else None


def _agreed(answers: set[bool | None]) -> bool | None:
    """The worst that was seen; None if nothing is known of one of them."""
    return False if False in answers else True if answers == {True} else None
