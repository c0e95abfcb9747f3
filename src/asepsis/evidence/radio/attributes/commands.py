"""What is written, by digest, and what control points answer to their commands: the same bytes that are obeyed twice can be sent again by anybody."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from asepsis.evidence.radio.attributes.counts import Counts, Done
from asepsis.evidence.radio.attributes.tables import Tables
from asepsis.evidence.radio.frame import Link
from asepsis.evidence.radio.observer import Means
from asepsis.knowledge.bluetooth import ControlPoint

MOST_WRITTEN, MOST_WAITING = 65_536, 8_192
WRITE = 0x12
_SWITCHES = frozenset({b"\0\0", b"\1\0", b"\2\0", b"\3\0"})
"""What is written to switch notifications on and off. Where the table is not known, nothing else says that it is no command."""


@dataclass(slots=True)
class Written:
    """The same bytes, written to one attribute. ``encrypted`` False if it ever was not."""

    first: int
    length: int
    code: str
    times: int = 0
    accepted: int = 0
    connections: int = 0
    link: int = 0
    encrypted: bool | None = True


class _Taken(NamedTuple):
    """A command that a control point has taken, and may still answer."""

    done: Done
    point: ControlPoint
    written: Written | None
    number: int


class Commands:
    """``written`` are digests: by server, handle and digest."""

    def __init__(self, means: Means, counts: Counts, tables: Tables) -> None:
        """Nothing was written yet."""
        self._means, self._counts, self._tables = means, counts, tables
        self._key = blake2b(means.redactor.key, digest_size=32).digest()
        self.written: dict[tuple[str, bytes, bytes], Written] = {}
        self.waiting: dict[tuple[int, bytes], _Taken] = {}

    def code(self, link: Link, from_central: bool, handle: bytes, value: bytes) -> str:
        """The operation code of what is written to a known control point, in hex; else empty."""
        point = self._tables.point(self._tables.server(link, from_central), handle)
        return _code(value, point.width) if point else ""

    def wrote(self, link: Link, from_central: bool, operation: int, handle: bytes, value: bytes, number: int) -> None:
        """A write that was taken, or has no answer."""
        server = self._tables.server(link, from_central)
        point = self._tables.point(server, handle)
        code = _code(value, point.width) if point else ""
        done = Done(link.state, not from_central, operation, handle, "accepted" if operation == WRITE else "told", 0, code)
        self._counts.add(done, number)
        written = self._remember(server, link, handle, value, code, number)
        if point is not None and point.answer is not None and len(self.waiting) < MOST_WAITING:
            self.waiting[link.number, handle] = _Taken(done, point, written, number)
        elif written is not None and operation == WRITE:
            written.accepted += 1

    def _remember(self, server: str, link: Link, handle: bytes, value: bytes, code: str, number: int) -> Written | None:
        """Note what was written; None for what is no command."""
        known = self._tables.at(server, handle)
        if not value or known.descriptor or (not known.characteristic and value in _SWITCHES):
            return None
        key = (server, handle, blake2b(value, digest_size=8, key=self._key).digest())
        written = self.written.get(key)
        if written is None:
            if len(self.written) >= MOST_WRITTEN:
                self._means.full(f"attributes: more than {MOST_WRITTEN} different things were written: later ones were not compared")
                return None
            written = self.written[key] = Written(number, len(value), code)
        written.times += 1
        if written.link != link.number:
            written.link, written.connections = link.number, written.connections + 1
        if not link.encrypted:
            written.encrypted = False if link.encrypted is False or written.encrypted is False else None
        return written

    def answered(self, link: Link, handle: bytes, said: bytes) -> None:
        """Somebody is told something at a handle: it may be a control point's answer to its last command."""
        taken = self.waiting.get((link.number, handle))
        answer = _answer(taken, said) if taken else ""
        if taken is None or not answer:
            return
        del self.waiting[link.number, handle]
        self._counts.instead(taken.done, answer, taken.number)
        if answer == "success" and taken.written is not None:
            taken.written.accepted += 1

    def forget(self, link: Link) -> None:
        """The link is over: nothing more is answered."""
        for key in [key for key in self.waiting if key[0] == link.number]:
            del self.waiting[key]


def _answer(taken: _Taken, said: bytes) -> str:
    """What a control point says to a command; empty if it says something else."""
    point, asked = taken.point, taken.done.code
    command, code = point.codes.get(asked), _code(said, point.width)
    if command and command.done and code == command.done:
        return "success"
    if not code or int(code, 16) != point.answer or len(said) <= point.result or _code(said[point.asked :], point.width) != asked:
        return ""
    result = said[point.result]
    return "success" if result == point.success else f"result {result:#04x}"


def _code(said: bytes, width: int) -> str:
    """The operation code with which a command or an answer begins, in hex; empty if it is cut."""
    return f"{int.from_bytes(said[:width], 'little'):0{2 * width}X}" if len(said) >= width else ""
