"""LE link layer as a sniffer hears it (Core, volume 6, part B): advertising, connections, and what is said in them until it is encrypted.

A sniffer misses packets and hears others twice. What is sent after encryption began is counted; only who has the key could read it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from asepsis.evidence.radio.events import Advertised, Chip, Closed, Complain, Encryption, KeyAsked, Opened, Parameters, Tell
from asepsis.evidence.radio.frame import NOBODY, Frame, Kind, Link, Way, party
from asepsis.evidence.radio.l2cap import ATT, LE_SIGNALLING, SMP, L2cap, guessed
from asepsis.evidence.radio.links import MOST_LINKS, Links
from asepsis.evidence.radio.short import Short, cut, number_at, six

ADVERTISING = b"\xd6\xbe\x89\x8e"
"""The access address of all advertising (2.1.2), as it is sent."""
_HEAD = 6
_CONNECTS, _EXTENDED = 5, 7
_ADVERTISES = {0: (True, False, False), 1: (True, True, False), 2: (False, False, False), 4: (None, False, True), 6: (False, False, False)}
"""By type of packet: connectable, directed, answer to a scan."""
_CONTINUES, _BEGINS, _CONTROL = 1, 2, 3
_UPDATE, _TERMINATE, _ENC_REQUEST, _ENC_RESPONSE, _START_REQUEST, _VERSION, _REJECT, _REJECT_EXT = 0x00, 0x02, 0x03, 0x04, 0x05, 0x0C, 0x0D, 0x11
_REJECTED = frozenset({_ENC_REQUEST, _START_REQUEST})
_NO_KEY = bytes(10)
_LAST_IN_CLEAR = {_START_REQUEST: 1, _REJECT: 2, _REJECT_EXT: 3, _ENC_RESPONSE: 13}
"""By code, how long they are."""


class Air:
    """The links in a sniffer's capture, by access address."""

    def __init__(self, tell: Tell, links: Links, l2cap: L2cap, complain: Complain, left_out: Callable[[str], None]) -> None:
        """``tell`` takes the events, ``left_out`` for one frame why it is not understood."""
        self._tell, self._opening, self._l2cap, self._complain, self._left_out = tell, links, l2cap, complain, left_out
        self._links: dict[bytes, Link] = {}
        self._starting: set[int] = set()
        self._before: dict[tuple[bytes, int], bytes] = {}

    def frame(self, frame: Frame) -> None:
        """Take in one packet, from its access address on."""
        number, time, kind, way, data, _adapter = frame
        try:
            length = number_at(data, 5, 1)
            payload = cut(data, _HEAD, length)
            if data.startswith(ADVERTISING):
                self._advertising(data[4], payload, number, time)
            else:
                self._data(data, payload, kind, way, number, time)
        except Short:
            self._complain(number, "a packet of the link layer was cut when it was recorded")

    def finish(self, number: int, time: int) -> None:
        """The capture ends here."""
        for link in self._links.values():
            self._close(link, None, number, time)
        self._links.clear()

    # ----- advertising

    def _advertising(self, head: int, payload: bytes, number: int, time: int) -> None:
        kind, random = head & 0x0F, bool(head & 0x40)
        if kind in _ADVERTISES:
            connectable, directed, response = _ADVERTISES[kind]
            data = b"" if directed else payload[6:]
            self._tell(Advertised(number, time, party(six(payload, 0), random), data, connectable, directed, response))
        elif kind == _CONNECTS:
            self._connects(head, payload, number, time)
        elif kind == _EXTENDED:
            self._extended(payload, random, number, time)

    def _extended(self, payload: bytes, random: bool, number: int, time: int) -> None:
        """A header of varying length says who it is, then come the data (2.3.4). Chained packets without an address are passed over."""
        length, mode = number_at(payload, 0, 1) & 0x3F, number_at(payload, 0, 1) >> 6
        header = cut(payload, 1, length)
        if header and header[0] & 1:
            who = party(six(header, 1), random)
            self._tell(Advertised(number, time, who, payload[1 + length :], bool(mode & 1), bool(header[0] & 2)))

    def _connects(self, head: int, payload: bytes, number: int, time: int) -> None:
        """CONNECT_IND (2.3.3.1): who, with whom, under which access address, how often."""
        central, peripheral = party(six(payload, 0), bool(head & 0x40)), party(six(payload, 6), bool(head & 0x80))
        access = cut(payload, 12, 4)
        interval, latency, timeout = struct.unpack("<HHH", cut(payload, 22, 6))
        before = self._links.pop(access, None)
        if before is not None:
            self._close(before, None, number, time)
        link = self._open(access, self._opening.open("le", central, peripheral, number, time), number, time)
        if link is not None:
            self._tell(Parameters(number, time, link, interval, latency, timeout))

    def _open(self, access: bytes, link: Link, number: int, time: int) -> Link | None:
        if len(self._links) >= MOST_LINKS:
            self._complain(number, f"more than {MOST_LINKS} links at one time: this one was left out")
            return None
        self._links[access] = link
        self._tell(Opened(number, time, link))
        return link

    def _close(self, link: Link, reason: int | None, number: int, time: int) -> None:
        self._l2cap.forget(link)
        self._starting.discard(link.number)
        self._tell(Closed(number, time, link, reason))

    # ----- data

    def _data(self, data: bytes, payload: bytes, kind: int, way: int, number: int, time: int) -> None:
        access, head = data[:4], data[4]
        link = self._links.get(access)
        if not payload or self._again(access, head, way, payload):
            return
        if link is None:
            link = self._noticed(access, head & 3, payload, number, time)
            if link is None:
                return
        what = head & 3
        clear = kind == Kind.CLEARED
        if not clear and link.number in self._starting and self._starts(link, what, payload, number, time):
            return
        if link.encrypted and not clear:
            link.said += what != _CONTROL
            self._left_out("encrypted on the air")
        elif what == _CONTROL:
            self._control(access, link, payload, way, number, time)
        elif what in {_CONTINUES, _BEGINS}:
            self._l2cap.piece(link, _from_central(link, way, what, payload), what == _BEGINS, payload, 0, number, time)

    def _again(self, access: bytes, head: int, way: int, payload: bytes) -> bool:
        """What was not acknowledged is sent again, with the same sequence number."""
        key, said = (access, way), bytes((head & 0x0B,)) + payload
        again = self._before.get(key) == said
        if not again and (key in self._before or len(self._before) < 2 * MOST_LINKS):
            self._before[key] = said
        return again

    def _noticed(self, access: bytes, what: int, payload: bytes, number: int, time: int) -> Link | None:
        """A link whose beginning is not in the capture, if this is the whole beginning of a message that makes sense; noise is none."""
        if what != _BEGINS or len(payload) < 5 or number_at(payload, 0) != len(payload) - 4 or number_at(payload, 2) not in {ATT, SMP, LE_SIGNALLING}:
            self._left_out("a connection whose beginning is not in the recording")
            return None
        return self._open(access, self._opening.open("le", NOBODY, NOBODY, number, time, began=False), number, time)

    # ----- control

    def _control(self, access: bytes, link: Link, payload: bytes, way: int, number: int, time: int) -> None:
        code = payload[0]
        if code == _ENC_REQUEST:
            named = cut(payload, 1, 10)
            self._tell(KeyAsked(number, time, link, "le secure connections" if named == _NO_KEY else "le legacy"))
        elif code == _ENC_RESPONSE:
            self._starting.add(link.number)
        elif code in {_REJECT, _REJECT_EXT}:
            self._rejected(link, code, payload, number, time)
        elif code == _TERMINATE:
            self._links.pop(access, None)
            self._close(link, number_at(payload, 1, 1), number, time)
        elif code == _UPDATE:
            interval, latency, timeout = struct.unpack("<HHH", cut(payload, 4, 6))
            self._tell(Parameters(number, time, link, interval, latency, timeout))
        elif code == _VERSION and way in {Way.CENTRAL, Way.PERIPHERAL}:
            who = link.central if way == Way.CENTRAL else link.peripheral
            self._tell(Chip(number, time, who, number_at(payload, 1, 1), number_at(payload, 2), number_at(payload, 4)))

    def _rejected(self, link: Link, code: int, payload: bytes, number: int, time: int) -> None:
        asked = number_at(payload, 1, 1) if code == _REJECT_EXT else _ENC_REQUEST
        if asked in _REJECTED:
            self._starting.discard(link.number)
            self._tell(Encryption(number, time, link, on=False, error=number_at(payload, 2 if code == _REJECT_EXT else 1, 1)))

    def _starts(self, link: Link, what: int, payload: bytes, number: int, time: int) -> bool:
        """After LL_ENC_RSP, the request to start (or a refusal) is the last thing in clear (5.1.3.1); if it was missed, the next packet shows it.

        True if this packet was that request.
        """
        plain = what == _CONTROL and payload[0] in _LAST_IN_CLEAR and len(payload) == _LAST_IN_CLEAR[payload[0]]
        if plain and payload[0] != _START_REQUEST:
            return False
        self._starting.discard(link.number)
        self._tell(Encryption(number, time, link))
        return plain


def _from_central(link: Link, way: int, what: int, payload: bytes) -> bool:
    """Who speaks. Where the sniffer does not say, what goes on belongs to what waits."""
    if way in {Way.CENTRAL, Way.PERIPHERAL}:
        return way == Way.CENTRAL
    return guessed(payload, 0) if what == _BEGINS else next(iter(link.parts), True)
