"""Who speaks with whom, in which protocol, and which kinds of clinical message each of the two sends: what a list of what is allowed is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from asepsis.evidence.protocols import hl7
from asepsis.evidence.wire.events import Asked, Closed, DimseSaid, Event, Hl7Said, SoapSaid
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.model.facts import Conversed, Fact

_MOST = 16_384
"""Pairs of ends that are kept apart; of further ones the number of conversations is told."""
_MOST_KINDS = 24
_MOST_TOLD = 16_384
"""What was said before between the same two is known; so much of it is remembered."""
_SECOND = 1_000_000_000
_KIND = re.compile(r"[A-Z][A-Z0-9]{2}(?:\^[A-Z0-9]{3})?")
"""A type of message and its trigger event (HL7 2.9, 2.A.41); anything else in MSH-9 is not repeated."""
_DIMSE = {
    0x0001: "C-STORE", 0x0010: "C-GET", 0x0020: "C-FIND", 0x0021: "C-MOVE", 0x0030: "C-ECHO", 0x0100: "N-EVENT-REPORT", 0x0110: "N-GET",
    0x0120: "N-SET", 0x0130: "N-ACTION", 0x0140: "N-CREATE", 0x0150: "N-DELETE",
}  # fmt: skip
"""Requests by their command field (DICOM PS3.7, E.1)."""
_CLINICAL = frozenset({"fhir", "dicomweb", "poct1a", "astm", "phd", "sdc"})


class _Key(NamedTuple):
    """The two ends of conversations; the client's port is another one each time."""

    client: str
    server: str
    port: int
    transport: str


@dataclass(slots=True)
class _Seen:
    packet: int
    protocol: str = ""
    guessed: bool = True
    kinds: tuple[dict[str, None], dict[str, None]] = field(default_factory=lambda: ({}, {}))
    times: int = 0
    packets: int = 0
    began: int = 0
    ended: int = 0


class PeersObserver:
    """One :class:`Conversed` for each client, server and port that were answered, or that nobody need answer (UDP)."""

    info = ObserverInfo("peers", "Who speaks with whom", (Conversed,))

    def __init__(self, means: Means) -> None:
        """Nobody spoke yet."""
        self._means, self._seen, self._left_out = means, dict[_Key, _Seen](), 0
        self._told: dict[tuple[str, Endpoint, str, Side, str], None] = {}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who is done speaking, and what kind of thing was said."""
        match event:
            case Closed():
                self._closed(event)
            case Hl7Said() if event.message:
                self._said(event, _hl7_kind(event.message))
            case DimseSaid() if event.status is None:
                self._said(event, _DIMSE.get(event.command, ""))
            case SoapSaid() if event.action:
                self._said(event, "sdc")
            case Asked() if event.protocol in _CLINICAL:
                self._said(event, event.protocol)
        yield from ()

    def _said(self, event: Event, kind: str) -> None:
        talk = event.conversation
        told = talk.client.address, talk.server, talk.transport, event.side, kind
        if told in self._told:
            return
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[told] = None
        seen = self._of(talk) if kind else None
        if seen and len(seen.kinds[event.side]) < _MOST_KINDS:
            seen.kinds[event.side][kind] = None

    def _closed(self, event: Closed) -> None:
        talk = event.conversation
        if not (talk.answered and talk.packets[Side.SERVER]) and talk.transport != "udp":
            return
        seen = self._of(talk)
        if seen is None:
            self._left_out += 1
            return
        seen.protocol = seen.protocol or talk.protocol
        seen.guessed = seen.guessed and not talk.opened_seen
        seen.times += 1
        seen.packets += sum(talk.packets)
        seen.began = min(seen.began, talk.first_time) if seen.began else talk.first_time
        seen.ended = max(seen.ended, talk.last_time)

    def _of(self, talk: Conversation) -> _Seen | None:
        key = _Key(talk.client.address, talk.server.address, talk.server.port, talk.transport)
        if key not in self._seen and len(self._seen) < _MOST:
            self._seen[key] = _Seen(talk.first_packet)
        return self._seen.get(key)

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All of them, in the order in which they were seen; the last tells how many are missing."""
        last = next(reversed(self._seen), None)
        for key, seen in self._seen.items():
            says, answers = (tuple(sorted(kinds)) for kinds in seen.kinds)
            yield Conversed(
                self._means.place(seen.packet), *key, seen.protocol, seen.guessed, says, answers, max(1, seen.times), seen.packets,
                seen.began // _SECOND, seen.ended // _SECOND, self._left_out if key is last else 0,
            )  # fmt: skip


def _hl7_kind(message: bytes) -> str:
    heard = hl7.heard(message)
    return _named(heard.kind) if heard is not None else ""  # else told by the decoder


@lru_cache(maxsize=1024)
def _named(parts: tuple[str, str]) -> str:
    kind = "^".join(part for part in parts if part)
    return kind if _KIND.fullmatch(kind) else ""
