"""One controller of a log: the recorder's own addresses, what it advertises, what it hears others advertise, what its radio is."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.radio.events import Advertised, Chip, Event, Identity, Named, OwnAddress, Tell
from asepsis.evidence.radio.frame import NOBODY, Party, address, party
from asepsis.evidence.radio.short import cut, number_at, six

_ADV_IND, _ADV_DIRECT, _SCAN_RESPONSE = 0, 1, 4
_CONNECTABLE, _DIRECTED, _RESPONSE = 1, 4, 8
_ANONYMOUS = 0xFF
_IDENTITY = 2
"""From this type of address on, the controller has looked up who is behind a private one."""


class Controller:
    """``called`` is whom its host last asked to connect to over BR/EDR."""

    def __init__(self, tell: Tell) -> None:
        """``tell`` takes the events."""
        self._tell = tell
        self._public, self._random, self._classic = NOBODY, NOBODY, NOBODY
        self._uses_random, self._connectable = False, True
        self.called = ""

    def own(self, transport: str) -> Party:
        """The recorder on a link of this kind."""
        if transport == "br-edr":
            return self._classic
        return self._random if self._uses_random else self._public

    def has_address(self, raw: bytes, number: int, time: int) -> None:
        """Its public address; all zeros is none."""
        if raw.count(0) < len(raw):
            self._public, self._classic = party(raw, random=False), Party(address(raw), "br-edr")
            self._tell(OwnAddress(number, time, self._public))

    def peer(self, body: bytes, enhanced: bool, number: int, time: int) -> Party:
        """The other end in an (enhanced) connection complete event, from its status on."""
        kind, raw = number_at(body, 4, 1), six(body, 5)
        there = party(raw, random=bool(kind & 1))
        if not enhanced:
            return there
        private = six(body, 17)
        if private.count(0) < len(private):
            self._tell(Identity(number, time, party(private, random=True), there))
        return there

    # ----- commands

    def command(self, opcode: int, body: bytes, number: int, time: int) -> None:
        """What the host tells its controller about itself. Raises ``Short``."""
        if opcode in {0x2005, 0x2035}:
            self._random = party(six(body, 0 if opcode == 0x2005 else 1), random=True)
            self._tell(OwnAddress(number, time, self._random))
        elif opcode == 0x0405:
            self.called = address(six(body, 0))
        elif opcode == 0x0C13:
            name = body.partition(b"\0")[0].decode("utf-8", "replace")
            self._tell(Named(number, time, self._public, name))
        elif opcode in {0x200D, 0x2043, 0x2006, 0x2036}:
            self._uses_random = bool(number_at(body, {0x200D: 12, 0x2043: 1, 0x2006: 5, 0x2036: 10}[opcode], 1) & 1)
            if opcode == 0x2006:
                self._connectable = number_at(body, 4, 1) in {0, 1, 4}
        elif opcode in {0x2008, 0x2009}:
            self._advertises(body[1 : 1 + number_at(body, 0, 1)], opcode == 0x2009, number, time)
        elif opcode in {0x2037, 0x2038}:
            self._advertises(body[4 : 4 + number_at(body, 3, 1)], opcode == 0x2038, number, time)

    def _advertises(self, data: bytes, response: bool, number: int, time: int) -> None:
        if data.count(0) < len(data):
            self._tell(Advertised(number, time, self.own("le"), data, self._connectable, response=response))

    # ----- events

    def event(self, code: int, body: bytes, number: int, time: int) -> None:
        """An event that is about no link. Raises ``Short``."""
        if code == 0x0E:
            self._complete(number_at(body, 1), body[3:], number, time)
        elif code == 0x2F:
            self._tell(Advertised(number, time, Party(address(six(body, 1)), "br-edr"), body[15:]))
        elif code in {0x02, 0x22}:
            for place in range(1, 1 + 14 * number_at(body, 0, 1), 14):
                self._tell(Advertised(number, time, Party(address(six(body, place)), "br-edr")))

    def _complete(self, opcode: int, result: bytes, number: int, time: int) -> None:
        if opcode == 0x1009 and not number_at(result, 0, 1):
            self.has_address(six(result, 1), number, time)
        elif opcode == 0x1001 and not number_at(result, 0, 1):
            who = self._public
            self._tell(Chip(number, time, who, number_at(result, 4, 1), number_at(result, 5), number_at(result, 7)))

    def le_event(self, code: int, body: bytes, number: int, time: int) -> None:
        """What others advertise. Raises ``Short``."""
        reports = {0x02: self._reports, 0x0B: self._directed, 0x0D: self._extended}.get(code)
        if reports is not None:
            for said in reports(body, number, time):
                self._tell(said)

    def _reports(self, body: bytes, number: int, time: int) -> Iterator[Event]:
        place = 1
        for _ in range(number_at(body, 0, 1)):
            kind, random, length = number_at(body, place, 1), number_at(body, place + 1, 1), number_at(body, place + 8, 1)
            who, data = party(six(body, place + 2), random=bool(random & 1)), cut(body, place + 9, length)
            connectable = None if kind == _SCAN_RESPONSE else kind in {_ADV_IND, _ADV_DIRECT}
            yield Advertised(number, time, who, data, connectable, kind == _ADV_DIRECT, kind == _SCAN_RESPONSE)
            place += 10 + length

    def _directed(self, body: bytes, number: int, time: int) -> Iterator[Event]:
        for place in range(1, 1 + 16 * number_at(body, 0, 1), 16):
            who = party(six(body, place + 2), random=bool(number_at(body, place + 1, 1) & 1))
            yield Advertised(number, time, who, b"", connectable=True, to_one=True)

    def _extended(self, body: bytes, number: int, time: int) -> Iterator[Event]:
        place = 1
        for _ in range(number_at(body, 0, 1)):
            kind, random, length = number_at(body, place), number_at(body, place + 2, 1), number_at(body, place + 23, 1)
            data = cut(body, place + 24, length)
            if random != _ANONYMOUS:
                who, response = party(six(body, place + 3), random=bool(random & 1)), bool(kind & _RESPONSE)
                connectable = None if response else bool(kind & _CONNECTABLE)
                yield Advertised(number, time, who, data, connectable, bool(kind & _DIRECTED), response)
            place += 24 + length
