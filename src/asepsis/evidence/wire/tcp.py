"""Put the bytes of one direction of a TCP connection back into their order (RFC 9293, 3.4 and 3.10.7.4), within bounds.

What arrives early is held back. A hole in front of it is a gap once the other side has acknowledged what was in it (then the capture missed it)
and a moment has passed in which it might still have come (whoever captures both directions may put them down out of order), once too much is held, or
at the end. Sequence numbers wrap: inside, bytes are counted from where the direction began. What was told once is not told
again; if a second copy differs from what is still remembered of the first, somebody may have put words into the sender's mouth.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import NamedTuple, Protocol

from asepsis.evidence.wire.packet import Side
from asepsis.guard.limits import MIB

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
HELD_BYTES, HELD_PIECES = MIB, 1024
"""What one direction may hold back."""
ALL_HELD_BYTES = 64 * MIB
"""What all connections together may."""
ALL_RECENT_BYTES = 32 * MIB
"""How much of what was told lately is remembered, over all connections, to compare second copies with."""
FARTHEST = 16 * MIB
"""Beyond the next byte; what is farther away and never acknowledged is no part of this connection."""
PATIENCE = 200_000_000
"""Nanoseconds of the capture in which what was acknowledged may still come."""
_COMPARED_PIECES = 256
_PIECE_COSTS = 200
"""Bytes of memory for a piece that is held back, beside its content."""
_REMEMBERED_COSTS = 56
"""The same for one that is remembered."""
_WRAP, _HALF_WRAP = 0xFFFFFFFF, 0x80000000
_UNKNOWN, _OVER = -1, -2


class Piece(NamedTuple):
    """Bytes from ``position`` on, after which ``missing`` more were on the wire but not in the capture; ``last`` if the sender says no more."""

    position: int
    payload: bytes
    missing: int
    last: bool

    @property
    def cost(self) -> int:
        """What holding it back takes."""
        return len(self.payload) + _PIECE_COSTS


class Hears(Protocol):
    """Who is told of what a connection carries."""

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """The next bytes."""

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        """So many bytes are missing here."""

    def differs(self, side: Side, count: int, packet: int) -> None:
        """So many bytes of a second copy are not those of the first."""

    def says(self, side: Side, packet: int, what: str) -> None:
        """Something is wrong with this direction."""


class Room:
    """What all connections have together: bytes that are held back, bytes that are remembered."""

    __slots__ = ("held", "recent")

    def __init__(self) -> None:
        self.held, self.recent = 0, 0


class Half:
    """One direction. ``other`` is set once both are made; ``begin`` is the first sequence number if it was seen, ``finished`` that all was said."""

    __slots__ = (
        "acked", "begin", "final", "finished", "hears", "held", "held_cost", "next", "other", "position", "recent", "room", "side", "waits_since",
    )  # fmt: skip

    def __init__(self, side: Side, hears: Hears, room: Room) -> None:
        self.side, self.hears, self.room = side, hears, room
        self.other = self
        self.begin, self.next, self.acked, self.final = _UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN
        self.position, self.held_cost, self.finished, self.waits_since = 0, 0, False, _UNKNOWN
        self.recent: list[bytes] = []  # all that was told since the last gap, or its end
        self.held: list[Piece] = []

    def segment(self, seq: int, ack: int, flags: int, payload: bytes, missing: int, packet: int, time: int) -> None:
        """Take in one segment, but for its RST. Of its payload ``missing`` bytes at the end were not captured."""
        if flags & ACK:
            other = self.other
            other.acked = ack
            if other.held:
                other.settle(packet, time)
        if seq == self.next and not self.held and not missing and not flags & (SYN | FIN):
            if payload:
                self._tell(payload, packet, time)
        elif payload or missing or flags & (SYN | FIN):
            self._irregular(seq, flags, payload, missing, packet, time)

    def _tell(self, payload: bytes, packet: int, time: int) -> None:
        size = len(payload)
        self.next = (self.next + size) & _WRAP
        self.position += size
        self.recent.append(payload)
        self.room.recent += size + _REMEMBERED_COSTS
        self.hears.data(self.side, payload, packet, time)

    def _irregular(self, seq: int, flags: int, payload: bytes, missing: int, packet: int, time: int) -> None:
        """What begins, ends, comes early or again, or is cut."""
        if flags & SYN:
            if self.next == _UNKNOWN:
                self.begin, self.next = seq, (seq + 1) & _WRAP
            seq = (seq + 1) & _WRAP
        elif self.next == _UNKNOWN:
            self.next = seq
        last = bool(flags & FIN)
        if self.finished:
            if _signed(seq + len(payload) - self.final) > 0:
                self.hears.says(self.side, packet, "data after the end of what this side says; it was left out")
        elif (payload or missing or last) and not self._keeps_alive(seq, payload, flags):
            self._hold(Piece(self.position + self.distance(seq), payload, missing, last))
            if not flags & SYN:  # data in a SYN (RFC 7413) waits until somebody answers: a flood of such segments is nobody's conversation
                self.settle(packet, time)

    def _keeps_alive(self, seq: int, payload: bytes, flags: int) -> bool:
        """RFC 9293, 3.8.4: the byte before the next one, and no data."""
        return self.distance(seq) == -1 and len(payload) <= 1 and not flags & (SYN | FIN)

    def distance(self, seq: int) -> int:
        """How far ``seq`` lies beyond the next byte, negative if before it."""
        return _signed(seq - self.next)

    def _hold(self, piece: Piece) -> None:
        at = bisect_right(self.held, piece.position, key=itemgetter(0))
        if at and self.held[at - 1] == piece:
            return
        self.held.insert(at, piece)
        self.held_cost += piece.cost
        self.room.held += piece.cost

    def settle(self, packet: int, time: int) -> None:
        """Tell what nothing stands in front of any more, and what no longer can be waited for."""
        while self.held:
            hole = self.held[0].position - self.position
            if hole > 0:
                acked, waited = 0 if self.acked == _UNKNOWN else self.distance(self.acked), self._waited(time)
                if not self._too_much and (acked <= 0 or not waited):
                    return
                if acked < hole and self._too_much:
                    self.hears.says(self.side, packet, f"tcp_held_bytes: {self.held_cost} bytes wait for a segment that does not come")
                self._skip(hole if self._too_much else min(hole, acked), packet, time)
            else:
                self._release(packet, time)

    def _waited(self, time: int) -> bool:
        """Whether the first hole has been there for so long that nothing will come any more if it was acknowledged."""
        if self.waits_since == _UNKNOWN or time < self.waits_since:
            self.waits_since = time
        return time - self.waits_since >= PATIENCE

    @property
    def _too_much(self) -> bool:
        return self.held_cost > HELD_BYTES or len(self.held) > HELD_PIECES or self.room.held > ALL_HELD_BYTES

    def _release(self, packet: int, time: int) -> None:
        """Tell the first piece that is held, without what was told before."""
        piece = self.held.pop(0)
        self._unhold(piece)
        self.waits_since = _UNKNOWN
        old, payload, missing = self.position - piece.position, piece.payload, piece.missing
        if old:
            self._compare(payload[:old], old, packet)
            missing -= max(0, old - len(payload))
            payload = payload[old:]
        if payload:
            self._tell(payload, packet, time)
        if missing > 0:
            self._skip(missing, packet, time)
        if piece.last and old <= len(piece.payload) + piece.missing:
            self._finish()

    def _unhold(self, piece: Piece) -> None:
        self.held_cost -= piece.cost
        self.room.held -= piece.cost

    def _finish(self) -> None:
        """All was said: a FIN counts as one byte, and nothing comes after it."""
        self.finished, self.final, self.next = True, self.next, _OVER
        self.forget()
        self.drop()

    def _skip(self, length: int, packet: int, time: int) -> None:
        self.next = (self.next + length) & _WRAP
        self.position += length
        self.forget()
        self.hears.gap(self.side, length, packet, time)

    def _compare(self, again: bytes, back: int, packet: int) -> None:
        """Compare bytes that begin ``back`` before the next one with what was told of them, as far as that is remembered."""
        end = 0
        for told in self.recent[: -_COMPARED_PIECES - 1 : -1]:
            begin = end + len(told)  # counted backwards from the next byte
            first = max(0, back - begin)  # of ``again``
            upto = min(len(again), back - end)
            if first < upto:
                mine, theirs = again[first:upto], told[begin - back + first : begin - back + upto]
                if mine != theirs:
                    self.hears.differs(self.side, sum(a != b for a, b in zip(mine, theirs, strict=True)), packet)
            if begin >= back:
                return
            end = begin

    def forget(self) -> None:
        """Remember nothing of what was told."""
        self.recent.clear()

    def drop(self) -> None:
        """Hold nothing back any more."""
        for piece in self.held:
            self._unhold(piece)
        self.held.clear()

    def end(self, packet: int, time: int) -> None:
        """Nothing more comes: holes are gaps. What lies out of reach and was never acknowledged was no part of this."""
        while self.held and not self.finished:
            hole = self.held[0].position - self.position
            if hole > FARTHEST:
                self.hears.says(self.side, packet, f"{len(self.held)} segments lie {hole} bytes beyond all others; they were left out")
                break
            if hole > 0:
                self._skip(hole, packet, time)
            self._release(packet, time)
        if not self.finished and self.next != _UNKNOWN != self.acked and 1 < (unseen := self.distance(self.acked)) <= FARTHEST:
            self._skip(unseen, packet, time)  # acknowledged, so it was said; a single byte is a FIN that was not captured
        if not self.finished:
            self.final = self.next
        self.drop()
        self.forget()


def _signed(difference: int) -> int:
    """A difference of two sequence numbers, which wrap."""
    return ((difference + _HALF_WRAP) & _WRAP) - _HALF_WRAP
