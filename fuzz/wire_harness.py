"""A target for a decoder: bytes become a conversation of two sides in chunks, and the decoder must hold what every decoder promises.

It never raises (but for a handover), its events and complaints are the same however a stream is cut into chunks, and it keeps no more than its bound.
A target is one line: ``TestOneInput = decoder_target(TelnetDecoder())``, and ``SEEDS`` are what :func:`spoken` makes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields

from harness import EMITTED, Target

from asepsis.evidence.wire.decoder import FIRST_BYTES, Decoder, Handover, Listener, Match
from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side

MOST_KEPT = 256 * 1024
"""Bytes that a listener may keep of two sides, with what Python's objects cost."""
_GAP = 0x80
Turn = tuple[Side, bytes | int]


def spoken(*turns: tuple[Side, bytes]) -> bytes:
    """A seed: each turn is its control byte (the side, bit 0), its length in two bytes, and what is said."""
    return b"".join(bytes((side,)) + len(said[:0xFFFF]).to_bytes(2, "big") + said[:0xFFFF] for side, said in turns)


def turns(data: bytes) -> Iterator[Turn]:
    """What a seed, or anything else, says. Bit 7 of a control byte makes it a gap of that length; what has no whole header is the client's."""
    at = 0
    while at + 3 <= len(data):
        control, length = data[at], int.from_bytes(data[at + 1 : at + 3], "big")
        if control & _GAP:
            yield Side(control & 1), length + 1
            at += 3
        else:
            said = data[at + 3 : at + 3 + length]
            at += 3 + len(said)
            if said:
                yield Side(control & 1), said
    if at < len(data):
        yield Side.CLIENT, data[at:]


def decoder_target(decoder: Decoder, most_kept: int = MOST_KEPT) -> Target:
    """Feed a decoder. Where it is one of datagrams alone, they are never cut."""
    datagrams = "tcp" not in decoder.info.transports

    def target(data: bytes) -> None:
        said = list(turns(data))
        first = [b"".join(word for side, word in said if side is one and isinstance(word, bytes))[:FIRST_BYTES] for one in Side]
        assert isinstance(decoder.recognises(first[0], b"" if datagrams else first[1]), Match)
        whole = _heard(decoder, said, most_kept)
        if not datagrams:
            seed = len(data)
            assert _heard(decoder, _chunks(said, 1), most_kept) == whole, "other events where the stream is cut into single bytes"
            assert _heard(decoder, _chunks(said, 2 + seed % 37), most_kept) == whole, "other events where the stream is cut otherwise"

    return target


def _chunks(said: Sequence[Turn], size: int) -> Iterator[Turn]:
    for side, word in said:
        if isinstance(word, int):
            yield side, word
        else:
            yield from ((side, word[at : at + size]) for at in range(0, len(word), size))


def _heard(decoder: Decoder, said: Iterator[Turn] | Sequence[Turn], most_kept: int) -> list[str]:
    """Everything that it told and complained of. All is in one packet, so that where the stream was cut does not show."""
    heard: list[str] = []
    conversation = Conversation(1, decoder.info.transports[0], Endpoint("192.0.2.1", 50000), Endpoint("192.0.2.2", 7000), 1, 0, opened_seen=True)

    def tell(event: Event) -> None:
        EMITTED[type(event).__name__] += 1
        heard.append(type(event).__name__ + repr([getattr(event, field.name) for field in fields(event) if field.name != "conversation"]))

    def complain(packet: int, what: str) -> None:
        assert packet == 1
        assert what.isprintable()
        heard.append(what)

    listener = decoder.listen(conversation, tell, complain)
    try:
        for side, word in said:
            if isinstance(word, int):
                listener.gap(side, word, 1, 0)
            else:
                listener.data(side, word, 1, 0)
    except Handover as handover:
        return [*heard, f"handover by {handover.side}"]
    assert _kept(listener) <= most_kept, "it keeps more than its bound"
    listener.close(Closing.FINISHED, 1, 0)
    return heard


def _kept(listener: Listener) -> int:
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
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from thing
    elif not isinstance(thing, (bytes, bytearray, str, int)):
        yield from getattr(thing, "__dict__", {}).values()
        for kind in type(thing).__mro__:
            names = kind.__dict__.get("__slots__", ())
            yield from (getattr(thing, name) for name in ((names,) if isinstance(names, str) else names) if hasattr(thing, name))
