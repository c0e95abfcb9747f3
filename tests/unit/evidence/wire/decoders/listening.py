"""Listen to a made conversation with one decoder: in whole pieces, in single bytes, or cut anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from asepsis.evidence.wire.decoder import Decoder
from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side

Piece = tuple[Side, bytes]


@dataclass(slots=True)
class Heard:
    """What a decoder told and complained of."""

    events: list[Event] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@cache
def conversation(*, opened_seen: bool = True) -> Conversation:
    return Conversation(1, "tcp", Endpoint("10.0.0.1", 50000), Endpoint("10.0.0.2", 2575), 1, 0, opened_seen)


def hear(decoder: Decoder, pieces: Iterable[Piece | int], how: Closing = Closing.FINISHED, *, opened_seen: bool = True) -> Heard:
    """All pieces as packet 7 at time 70; a number is a gap on the client's side."""
    heard = Heard()
    listener = decoder.listen(conversation(opened_seen=opened_seen), heard.events.append, lambda _packet, what: heard.complaints.append(what))
    for piece in pieces:
        if isinstance(piece, int):
            listener.gap(Side.CLIENT, piece, 7, 70)
        else:
            listener.data(piece[0], piece[1], 7, 70)
    listener.close(how, 7, 70)
    return heard


def in_bytes(pieces: Sequence[Piece]) -> list[Piece]:
    """The same, each byte by itself."""
    return [(side, data[at : at + 1]) for side, data in pieces for at in range(len(data))]


def every_cut(pieces: Sequence[Piece]) -> Iterable[list[Piece]]:
    """The same, each time with one piece cut at one place."""
    for index, (side, data) in enumerate(pieces):
        for at in range(1, len(data)):
            yield [*pieces[:index], (side, data[:at]), (side, data[at:]), *pieces[index + 1 :]]


def every_truncation(pieces: Sequence[Piece]) -> Iterable[list[Piece]]:
    """The conversation up to each byte."""
    for index, (side, data) in enumerate(pieces):
        for at in range(len(data)):
            yield [*pieces[:index], (side, data[:at])]
