"""A target for a decoder of what two ends say to each other, and the form of a dialogue as bytes: a mark, then who speaks, then what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness import EMITTED
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, content, cut, hear

from asepsis.evidence.wire.decoder import Decoder
from asepsis.evidence.wire.packet import Side

MARK = b"\xf0\x0f\xf0"
CLIENT_SAYS, SERVER_SAYS, MISSING = b"C", b"S", b"M"
MOST_PARTS = 64
PIECE = 7
MOST_EVENTS = 8
"""For each byte and part of an input, and so many more: one message of several is told as several events."""

Said = Sequence[tuple[Side, bytes]]


def seed(said: Said) -> bytes:
    """A dialogue as bytes."""
    return b"".join(MARK + (CLIENT_SAYS if side is CLIENT else SERVER_SAYS) + data for side, data in said)


def dialogue_target(decoder: Decoder) -> Callable[[bytes], None]:
    """Have ``decoder`` listen to a dialogue: nothing is raised, and of a stream the same is told however it is cut into packets."""
    transport = decoder.info.transports[0]

    def target(data: bytes) -> None:
        said = _parts(data)
        for seen in (True, False):
            events, complaints = hear(decoder, said, transport=transport, opened_seen=seen)
            for event in events:
                EMITTED[type(event).__name__] += 1
            assert len(events) + len(complaints) <= MOST_EVENTS + len(data) + len(said)
            assert all(what.isprintable() for what in complaints)
            if transport == "tcp":
                again = hear(decoder, cut(said, PIECE), transport=transport, opened_seen=seen)
                assert content(again.events) == content(events)
                assert _lasting(again.complaints) == _lasting(complaints)

    return target


def _parts(data: bytes) -> list[tuple[Side, bytes | int]]:
    out: list[tuple[Side, bytes | int]] = []
    for part in data.split(MARK)[:MOST_PARTS]:
        who, what = part[:1], part[1:]
        if who == MISSING:
            out.append((Side(len(what) % 2), 1 + int.from_bytes(what[:4])))
        elif what:
            out.append((SERVER if who == SERVER_SAYS else CLIENT, what))
    return out


def _lasting(complaints: list[str]) -> list[str]:
    """Without what says where in a packet a handover was."""
    return [what for what in complaints if not what.startswith("handover")]
