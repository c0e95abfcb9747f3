"""A target for a decoder: bytes become a dialogue of two ends, and the decoder must hold what every decoder promises.

It raises nothing but a handover; whether or not the beginning was seen, its events and complaints are the same however a stream is cut into packets;
they are bounded in number and printable; it keeps no more than its bound. A target is one line, ``TestOneInput = decoder_target(TelnetDecoder())``,
and ``SEEDS`` are what :func:`seeds` makes of dialogues. In bytes, a dialogue is a mark, who speaks, what is said, and again; so a change to what is
said leaves the rest a dialogue.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from harness import EMITTED, Target

from asepsis.evidence.wire.decoder import FIRST_BYTES, Decoder, Handover, Listener, Match
from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side

MARK = b"\xf0\x0f\xf0"
MISSING = b"M"
SPEAKERS = {b"C": Side.CLIENT, b"S": Side.SERVER}
MOST_TURNS = 64
LARGEST_GAP = 0xFFFFFF
MOST_KEPT = 256 * 1024
"""Bytes that a listener may keep of two sides, with what Python's objects cost."""
MOST_EVENTS = 8
"""For each byte and turn of an input, and so many more: one message of several is told as several events."""
LARGEST_PIECE = 24
Turn = tuple[Side, bytes | int]
"""Who speaks and what, or how much of it was not captured."""
Pieces = Iterable[tuple[int, Side, bytes | int]]
"""Turns as they come in packets, each with the number of its turn."""


def seed(said: Sequence[Turn]) -> bytes:
    """A dialogue as bytes."""
    return b"".join(MARK + _written(side, what) for side, what in said)


def seeds(*dialogues: Sequence[Turn]) -> tuple[bytes, ...]:
    """Each dialogue, and the same with its second turn not captured."""
    whole, holed = [seed(said) for said in dialogues], [seed(_holed(said)) for said in dialogues if len(said) > 1]
    return (*whole, *holed)


def turns(data: bytes) -> list[Turn]:
    """What a seed, or anything else, says; what names no speaker is the client's."""
    out: list[Turn] = []
    for part in data.split(MARK)[:MOST_TURNS]:
        who, what = part[:1], part[1:]
        if who == MISSING:
            out.append((Side(len(what) % 2), 1 + int.from_bytes(what[:3])))
        elif what:
            out.append((SPEAKERS.get(who, Side.CLIENT), what))
    return out


def decoder_target(decoder: Decoder, most_kept: int = MOST_KEPT) -> Target:
    """Feed a decoder, over each of its transports. Datagrams are never cut."""

    def target(data: bytes) -> None:
        said = turns(data)
        for transport in decoder.info.transports:
            assert isinstance(decoder.recognises(*_first(said, transport)), Match)
            for seen in (True, False):
                whole = _Hearing(transport, opened_seen=seen)
                whole.listen(decoder, _uncut(said), most_kept)
                assert whole.told <= MOST_EVENTS + len(data) + len(said), "more events than bytes"
                if transport == "tcp":
                    pieces = _Hearing(transport, opened_seen=seen)
                    pieces.listen(decoder, _cut(said, 1 + len(data) % LARGEST_PIECE), most_kept)
                    assert pieces.heard == whole.heard, "other events where the stream is cut otherwise"

    return target


class _Hearing:
    """One conversation listened to. A packet is a turn, in however many pieces it comes, so that where it was cut does not show."""

    def __init__(self, transport: str, *, opened_seen: bool) -> None:
        ends = Endpoint("192.0.2.1", 50_000), Endpoint("192.0.2.2", 40_000)
        self._conversation = Conversation(1, transport, *ends, 1, 0, opened_seen=opened_seen, answered=True)
        self.heard: list[str] = []
        self.told = 0
        self._now = 1
        self._given = [0, 0]

    def listen(self, decoder: Decoder, pieces: Pieces, most_kept: int) -> None:
        listener = decoder.listen(self._conversation, self._tell, self._complain)
        try:
            for self._now, side, what in pieces:
                self._give(listener, side, what)
        except Handover as handover:
            place = self._given[handover.side] - len(handover.left)
            self.heard.append(f"handover at byte {place} of the {handover.side.name}")
            return
        assert kept(listener) <= most_kept, "it keeps more than its bound"
        listener.close(Closing.FINISHED, self._now, self._now)

    def _give(self, listener: Listener, side: Side, what: bytes | int) -> None:
        if isinstance(what, int):
            self._given[side] += what
            listener.gap(side, what, self._now, self._now)
        else:
            self._given[side] += len(what)
            listener.data(side, what, self._now, self._now)

    def _tell(self, event: Event) -> None:
        EMITTED[type(event).__name__] += 1
        self.told += 1
        self.heard.append(f"{type(event).__name__} {_said(event)}")

    def _complain(self, packet: int, what: str) -> None:
        assert 0 < packet <= self._now
        assert what.isprintable()
        self.told += 1
        self.heard.append(f"{packet} {what}")


def _said(event: Event) -> list[object]:
    return [getattr(event, field.name) for field in fields(event) if field.name != "conversation"]


def _written(side: Side, what: bytes | int) -> bytes:
    if isinstance(what, int):
        return MISSING + min(what - 1, LARGEST_GAP).to_bytes(3) + b"x" * ((side + 1) % 2)
    return (b"S" if side is Side.SERVER else b"C") + what


def _holed(said: Sequence[Turn]) -> list[Turn]:
    side, what = said[1]
    return [said[0], (side, what if isinstance(what, int) else len(what)), *said[2:]]


def _first(said: Sequence[Turn], transport: str) -> tuple[bytes, bytes]:
    """What each side says first; of datagrams there is one at a time."""
    words = [[what for speaker, what in said if speaker is side and isinstance(what, bytes)] for side in Side]
    if transport == "udp":
        return b"".join(words[0][:1])[:FIRST_BYTES], b""
    return b"".join(words[0])[:FIRST_BYTES], b"".join(words[1])[:FIRST_BYTES]


def _uncut(said: Sequence[Turn]) -> Pieces:
    return [(number, side, what) for number, (side, what) in enumerate(said, 1)]


def _cut(said: Sequence[Turn], size: int) -> Iterator[tuple[int, Side, bytes | int]]:
    for number, (side, what) in enumerate(said, 1):
        if isinstance(what, int):
            yield number, side, what
        else:
            yield from ((number, side, what[at : at + size]) for at in range(0, len(what), size))


def kept(listener: Listener) -> int:
    """Bytes of all that a listener refers to, but for classes, functions and what it was given."""
    seen: set[int] = set()
    waiting: list[object] = [listener]
    total = 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, (type, Conversation)) or callable(thing):
            continue
        seen.add(id(thing))
        total += sys.getsizeof(thing)
        waiting.extend(_parts(thing))
    return total


def _parts(thing: object) -> Iterator[object]:
    if isinstance(thing, dict):
        yield from (*thing.keys(), *thing.values())
    elif isinstance(thing, (list, tuple, set, frozenset, deque)):
        yield from thing
    elif isinstance(thing, memoryview):
        yield thing.obj
    elif not isinstance(thing, (bytes, bytearray, str, int)):
        yield from getattr(thing, "__dict__", {}).values()
        for kind in type(thing).__mro__:
            names = kind.__dict__.get("__slots__", ())
            yield from (getattr(thing, name) for name in ((names,) if isinstance(names, str) else names) if hasattr(thing, name))
