"""IP datagrams put together from fragments (RFC 791, 3.2; RFC 8200, 4.5), in bounded memory.

Where fragments overlap with different content, the bytes that came first stay and it is complained of: receivers differ in what they take, so an
attacker may have shown us one thing and the device another.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from asepsis.guard.limits import MIB

MOST_PENDING = 4096
MOST_PENDING_BYTES = 16 * MIB
MOST_WAIT = 60_000_000_000
"""Nanoseconds of the capture's clock from the first fragment on (RFC 8200: 60 seconds)."""
Piece = tuple[tuple[bytes, ...], int, bool]
"""Of which datagram a fragment is, its offset in bytes, whether more follow."""
_UNIT = 8
_LARGEST = 65_535


@dataclass(slots=True)
class _Pending:
    """A datagram with holes: its bytes so far, and for each eight of them whether they came."""

    since: int
    data: bytearray = field(default_factory=bytearray)
    came: bytearray = field(default_factory=bytearray)
    total: int | None = None
    frames: int = 0
    first: int = 0
    """Next header as the fragment at offset 0 says it."""


@dataclass(slots=True)
class Fragments:
    """All datagrams of a capture that wait for fragments. ``given_up`` counts fragments of those that were never completed."""

    complain: Callable[[int, str], None]
    given_up: int = 0
    _pending: OrderedDict[tuple[bytes, ...], _Pending] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def add(self, where: Piece, piece: bytes, protocol: int, packet: int, time: int) -> tuple[bytes, int] | None:
        """Take in a fragment; the payload of the whole datagram, and its protocol, once nothing is missing."""
        key, offset, more = where
        self._expire(time)
        if offset + len(piece) > _LARGEST or (more and (len(piece) % _UNIT or not piece)):
            self.complain(packet, "a fragment reaches beyond the largest datagram, or is cut where none may be; it was left out")
            self.given_up += 1
            return None
        pending = self._pending.get(key)
        if pending is None:
            pending = self._pending[key] = _Pending(time)
        pending.frames += 1
        if offset == 0:
            pending.first = protocol
        self._fill(pending, offset, more, piece, packet)
        if pending.total is None or 0 in pending.came or len(pending.data) < pending.total:
            self._bound(packet)
            return None
        del self._pending[key]
        self._bytes -= len(pending.data)
        return bytes(pending.data[: pending.total]), pending.first

    def finish(self) -> None:
        """The capture ends: what still waits is given up."""
        while self._pending:
            self._drop()

    def _fill(self, pending: _Pending, offset: int, more: bool, piece: bytes, packet: int) -> None:
        end = offset + len(piece)
        if pending.total is not None and (end > pending.total or (not more and end != pending.total)):
            self.complain(packet, "fragments of one datagram differ in where it ends; the first one was believed")
            piece = piece[: max(0, pending.total - offset)]
            end = offset + len(piece)
        elif not more:
            if end < len(pending.data):
                self.complain(packet, "fragments of one datagram reach beyond its end; what does was left out")
            pending.total = end
        if end > len(pending.data):
            self._bytes += end - len(pending.data)
            pending.data.extend(bytes(end - len(pending.data)))
            pending.came.extend(bytes((end + _UNIT - 1) // _UNIT - len(pending.came)))
        first, last = offset // _UNIT, (end + _UNIT - 1) // _UNIT
        if not any(pending.came[first:last]):
            pending.data[offset:end] = piece
            pending.came[first:last] = b"\x01" * (last - first)
        else:
            self._overlap(pending, offset, piece, packet)

    def _overlap(self, pending: _Pending, offset: int, piece: bytes, packet: int) -> None:
        contradicts = False
        for place in range(0, len(piece), _UNIT):
            unit, at = (offset + place) // _UNIT, offset + place
            new = piece[place : place + _UNIT]
            if pending.came[unit]:
                contradicts |= pending.data[at : at + len(new)] != new
            else:
                pending.data[at : at + len(new)] = new
                pending.came[unit] = 1
        if contradicts:
            self.complain(packet, "fragments of one datagram overlap with different content; what came first was believed, a device may differ")

    def _expire(self, time: int) -> None:
        while self._pending and time - next(iter(self._pending.values())).since > MOST_WAIT:
            self._drop()

    def _bound(self, packet: int) -> None:
        if len(self._pending) > MOST_PENDING or self._bytes > MOST_PENDING_BYTES:
            self.complain(
                packet, f"more fragments wait for others than are kept ({MOST_PENDING} datagrams, {MOST_PENDING_BYTES} bytes): oldest given up"
            )
            while len(self._pending) > MOST_PENDING or self._bytes > MOST_PENDING_BYTES:
                self._drop()

    def _drop(self) -> None:
        _, oldest = self._pending.popitem(last=False)
        self._bytes -= len(oldest.data)
        self.given_up += oldest.frames
