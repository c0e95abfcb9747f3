"""Connections that leave for the internet: to whom, in which protocol, who began them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.events import Closed, Event
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Conversation
from asepsis.model.facts import Effect, Fact, Flow, Zone

_MOST = 1024
_ENCRYPTED = frozenset({"tls", "ssh", "quic"})


@dataclass(slots=True)
class _Outside:
    packet: int
    talk: Conversation
    times: int = 1


class OutsideObserver:
    """One :class:`Flow` for each public address and protocol that a private address spoke with."""

    info = ObserverInfo("outside", "Destinations outside", (Flow,))

    def __init__(self, means: Means) -> None:
        """Nobody left yet."""
        self._means, self._found = means, dict[tuple[str, str, int], _Outside]()

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in conversations that are over."""
        if isinstance(event, Closed) and event.conversation.answered and event.conversation.leaves:
            talk = event.conversation
            key = (talk.protocol, talk.server.address, talk.server.port)
            known = self._found.get(key)
            if known:
                known.times += 1
            elif len(self._found) < _MOST:
                self._found[key] = _Outside(talk.first_packet, talk)
            else:
                self._means.full(f"outside: more than {_MOST} destinations")
        yield from ()

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All of them, in the order in which they were seen."""
        for (protocol, address, port), found in self._found.items():
            name = f"{protocol or found.talk.transport} to {found.talk.server}"
            encrypted = True if protocol in _ENCRYPTED else None if not protocol else False
            yield Flow(
                self._means.place(found.packet), name, Effect.RECORD, Zone.INTERNET, protocol=protocol or f"{found.talk.transport} {port}",
                encrypted=encrypted, peer=address,
            )  # fmt: skip
