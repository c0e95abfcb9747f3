"""Have a decoder listen to a dialogue, whole and cut up, and hold it to what every listener promises."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from asepsis.evidence.wire.decoder import Decoder, Handover, Match
from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side

CLIENT, SERVER = Side.CLIENT, Side.SERVER
Said = Sequence[tuple[Side, bytes]]


class Heard(NamedTuple):
    """What a decoder told, and what it complained of."""

    events: list[Event]
    complaints: list[str]


def conversation(transport: str = "tcp", port: int = 40_000, *, opened_seen: bool = True) -> Conversation:
    return Conversation(1, transport, Endpoint("10.0.0.2", 50_000), Endpoint("10.0.0.9", port), 1, 0, opened_seen=opened_seen, answered=True)


def first(said: Said, side: Side, transport: str) -> bytes:
    parts = [data for speaker, data in said if speaker is side]
    return (parts[0] if transport == "udp" else b"".join(parts))[:512] if parts else b""


def hear(
    decoder: Decoder,
    said: Sequence[tuple[Side, bytes | int]],
    *,
    transport: str = "tcp",
    port: int = 40_000,
    opened_seen: bool = True,
    how: Closing = Closing.FINISHED,
) -> Heard:
    """The events and complaints of one dialogue; each piece is a packet, counted from 1, a second after the one before. A number is a gap."""
    talk, events, complaints = conversation(transport, port, opened_seen=opened_seen), list[Event](), list[str]()
    listener = decoder.listen(talk, events.append, lambda _packet, what: complaints.append(what))
    number = 0
    try:
        for number, (side, data) in enumerate(said, 1):
            if isinstance(data, int):
                listener.gap(side, data, number, number * 10**9)
            else:
                listener.data(side, data, number, number * 10**9)
    except Handover as over:
        complaints.append(f"handover {over.side.name} {over.left!r}")
    listener.close(how, number, number * 10**9)
    return Heard(events, complaints)


def cut(said: Sequence[tuple[Side, bytes | int]], size: int) -> list[tuple[Side, bytes | int]]:
    """The same dialogue in pieces of at most ``size`` bytes."""
    out: list[tuple[Side, bytes | int]] = []
    for side, data in said:
        out += [(side, data)] if isinstance(data, int) else [(side, data[at : at + size]) for at in range(0, len(data), size)]
    return out


def content(events: Sequence[Event]) -> list[tuple[str, dict[str, object]]]:
    """What was said, without when and in which packet."""
    return [(type(event).__name__, {name: _plain(getattr(event, name)) for name in _said_fields(event)}) for event in events]


def _said_fields(event: Event) -> list[str]:
    return [name for name in event.__dataclass_fields__ if name not in {"conversation", "packet", "time"}]


def _plain(value: object) -> object:
    return content([value])[0] if isinstance(value, Event) else value


def hold_to_promises(decoder: Decoder, said: Said, *, transport: str = "tcp", port: int = 40_000) -> list[Event]:
    """Recognised; the same events however a stream is cut; no exception for any shortening or change; its events."""
    assert decoder.recognises(first(said, CLIENT, transport), first(said, SERVER, transport)) is Match.YES
    events, complaints = hear(decoder, said, transport=transport, port=port)
    if transport == "tcp":
        bytewise = [(side, data[i : i + 1]) for side, data in said for i in range(len(data))]
        again, complaints_again = hear(decoder, bytewise, port=port)
        assert content(again) == content(events)
        assert [one for one in complaints_again if not one.startswith("handover")] == [one for one in complaints if not one.startswith("handover")]
    _survives(decoder, said, transport, port)
    return events


def _survives(decoder: Decoder, said: Said, transport: str, port: int) -> None:
    chance = Random(5)
    for turn in range(300):
        changed = []
        for side, data in said:
            one = bytearray(data)
            for _ in range(chance.randrange(3)):
                if one:
                    one[chance.randrange(len(one))] = chance.randrange(256)
            changed.append((side, bytes(one[: chance.randrange(len(one) + 1)]) if turn % 3 == 0 else bytes(one)))
        decoder.recognises(first(changed, CLIENT, transport), first(changed, SERVER, transport))
        hear(decoder, changed, transport=transport, port=port)
    talk = conversation(transport, port)
    listener = decoder.listen(talk, lambda _: None, lambda *_: None)
    for side, data in said:
        listener.gap(side, 100, 1, 0)
        try:
            listener.data(side, data, 2, 0)
        except Handover:
            break
    listener.close(Closing.CAPTURE_ENDED, 3, 0)
