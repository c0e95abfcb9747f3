"""What was done with attributes: who read, wrote and was told what, whether it was encrypted then, what was refused, which commands were obeyed.

Values are looked at for three things only: the operation code of a standard control point, what a device says its name and versions are, and a keyed
digest of what is written, so that the same bytes twice are noticed. Readings are counted, never kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asepsis.evidence.radio import names
from asepsis.evidence.radio.attributes import facts
from asepsis.evidence.radio.attributes.commands import WRITE, Commands
from asepsis.evidence.radio.attributes.counts import Counts, Done
from asepsis.evidence.radio.attributes.tables import Tables
from asepsis.evidence.radio.events import Closed, Event
from asepsis.evidence.radio.frame import Link
from asepsis.evidence.radio.observer import Means, Observer, ObserverInfo
from asepsis.model.facts import AttributeAccess, Fact, GattCharacteristic, RepeatedCommand

MOST_WAITING = 8_192
_ERROR, _NOTIFICATION, _INDICATION, _COMMAND, _SIGNED, _PREPARE, _EXECUTE = 0x01, 0x1B, 0x1D, 0x52, 0xD2, 0x16, 0x18
_READ, _READ_BLOB, _BY_TYPE, _SEVERAL = 0x0A, 0x0C, 0x08, frozenset({0x0E, 0x20})
_ANSWERS = {0x05: 0x04, 0x07: 0x06, 0x09: 0x08, 0x0B: 0x0A, 0x0D: 0x0C, 0x0F: 0x0E, 0x11: 0x10, 0x13: 0x12, 0x17: 0x16, 0x19: 0x18, 0x21: 0x20}
"""Each answer's request."""
_REQUESTS = frozenset(_ANSWERS.values())
_DISCOVERY = frozenset({0x04, 0x06, 0x08, 0x10})
_AS_READ_OR_WRITE = {_READ_BLOB: _READ, 0x0E: _READ, 0x20: _READ, _PREPARE: WRITE}
_SIGNATURE = 12
_LONGEST_QUEUE = 4_096


class _Asked(NamedTuple):
    """A request that waits for its answer."""

    operation: int
    body: bytes
    number: int


class AttributesObserver(Observer):
    """Counts by who, what, how and with which outcome."""

    info = ObserverInfo("attributes", "What is read, written and commanded", (AttributeAccess, GattCharacteristic, RepeatedCommand), attributes=True)

    def __init__(self, means: Means) -> None:
        """Nothing was said yet."""
        super().__init__(means)
        self._counts, self._tables = Counts(means.full), Tables(means)
        self._commands = Commands(means, self._counts, self._tables)
        self._told, self._waiting = self._counts.told, self._commands.waiting
        self._asked: dict[tuple[int, bool], _Asked] = {}
        self._queues: dict[int, tuple[bytes, bytearray]] = {}

    def see(self, event: Event) -> None:
        """A link that is over leaves requests without an answer."""
        if isinstance(event, Closed):
            for from_central in (True, False):
                self._unanswered(event.link, from_central)
            self._queues.pop(event.link.number, None)
            self._commands.forget(event.link)

    def attribute(self, link: Link, from_central: bool, pdu: bytes, number: int) -> None:
        """Take in one message. The most frequent ones need one look."""
        operation = pdu[0]
        if operation in {_NOTIFICATION, _INDICATION}:
            key = (link.state, from_central, operation, pdu[1:3])
            count = self._told.get(key)
            if count is None:
                self._counts.tell(key, number)
            else:
                count[0] += 1
            if self._waiting:
                self._commands.answered(link, pdu[1:3], pdu[3:])
        elif operation in _ANSWERS:
            self._answered(link, not from_central, operation, pdu)
        elif operation in _REQUESTS:
            self._ask(link, from_central, _Asked(operation, pdu[1:], number))
        elif operation in {_COMMAND, _SIGNED}:
            value = pdu[3:-_SIGNATURE] if operation == _SIGNED else pdu[3:]
            self._commands.wrote(link, from_central, operation, pdu[1:3], value, number)
        elif operation == _ERROR:
            self._refused(link, not from_central, pdu, number)

    def finish(self) -> Iterator[Fact]:
        """All that was done, what the tables hold, what was written twice."""
        for server, number in self._tables.services():
            self.means.offers(server, number)
        yield from facts.accesses(self.means, self._counts, self._tables)
        yield from facts.characteristics(self.means, self._counts, self._tables)
        yield from facts.repeated(self.means, self._commands, self._tables)

    # ----- requests and their answers; ``from_central`` is whose request it is

    def _ask(self, link: Link, from_central: bool, asked: _Asked) -> None:
        """One request at a time: the next one says that there was no answer, or that it is not in the recording."""
        self._unanswered(link, from_central)
        if len(self._asked) < MOST_WAITING:
            self._asked[link.number, from_central] = asked
        else:
            self.means.full(f"attributes: more than {MOST_WAITING} requests wait for their answer")

    def _unanswered(self, link: Link, from_central: bool) -> None:
        asked = self._asked.pop((link.number, from_central), None)
        if asked is not None and asked.operation in {_READ, WRITE}:
            code = self._code(link, from_central, asked)
            self._counts.add(Done(link.state, not from_central, asked.operation, asked.body[:2], "no answer", 0, code), asked.number)

    def _answered(self, link: Link, from_central: bool, answer: int, pdu: bytes) -> None:
        asked = self._asked.pop((link.number, from_central), None)
        if asked is None or asked.operation != _ANSWERS[answer]:
            return
        request, body = asked.operation, asked.body
        if request == WRITE:
            self._commands.wrote(link, from_central, WRITE, body[:2], body[2:], asked.number)
        elif request == _READ or (request == _READ_BLOB and body[2:4] == b"\0\0"):
            self._read(link, from_central, body[:2], asked.number)
            self._tables.states(self._tables.server(link, from_central), body[:2], pdu[1:])
        elif request in _DISCOVERY:
            for handle in self._tables.discovered(link, from_central, request, body, pdu[1:]):
                self._read(link, from_central, handle, asked.number)
        elif request in _SEVERAL:
            for place in range(0, len(body) - 1, 2):
                self._read(link, from_central, body[place : place + 2], asked.number)
        else:
            self._queued(link, from_central, asked)

    def _read(self, link: Link, from_central: bool, handle: bytes, number: int) -> None:
        self._counts.add(Done(link.state, not from_central, _READ, handle, "accepted"), number)

    def _queued(self, link: Link, from_central: bool, asked: _Asked) -> None:
        """A long value comes in parts (part F, 3.4.6) and counts as one write once it is executed."""
        body = asked.body
        if asked.operation == _EXECUTE:
            handle, value = self._queues.pop(link.number, (b"", bytearray()))
            if handle and body[:1] == b"\1":
                self._commands.wrote(link, from_central, WRITE, handle, bytes(value), asked.number)
        elif asked.operation == _PREPARE:
            handle, value = self._queues.get(link.number, (body[:2], bytearray()))
            if handle == body[:2] and len(value) < _LONGEST_QUEUE and len(self._queues) < MOST_WAITING:
                value += body[4:]
                self._queues[link.number] = (handle, value)

    def _refused(self, link: Link, from_central: bool, pdu: bytes, number: int) -> None:
        asked = self._asked.pop((link.number, from_central), None)
        if len(pdu) < 5:
            return
        handle, error = pdu[2:4], pdu[4]
        operation = _AS_READ_OR_WRITE.get(pdu[1], pdu[1])
        if operation == _BY_TYPE and error in names.PROTECTION:
            operation = _READ
            if asked is not None:
                self._tables.refused(link, from_central, handle, asked.body)
        if operation in {_READ, WRITE}:
            code = self._code(link, from_central, asked) if asked else ""
            done = Done(link.state, not from_central, operation, handle, "refused", error, code)
            self._counts.add(done, asked.number if asked else number)

    def _code(self, link: Link, from_central: bool, asked: _Asked) -> str:
        """The command that was not obeyed."""
        return self._commands.code(link, from_central, asked.body[:2], asked.body[2:]) if asked.operation == WRITE else ""
