"""HCI (Core, volume 4, part E): what a host and its controller tell each other, as links and events. Keys and PINs are passed over.

What is shorter than it must be is complained of and left out; links whose beginning is not in the log are there from their first packet on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from asepsis.evidence.radio.controller import Controller
from asepsis.evidence.radio.events import Chip, ClassicPairing, Closed, Complain, Encryption, KeyAsked, Named, Opened, Parameters, Tell
from asepsis.evidence.radio.frame import NOBODY, Frame, Kind, Link, Party, Way, address
from asepsis.evidence.radio.l2cap import L2cap, guessed
from asepsis.evidence.radio.links import MOST_LINKS, Links
from asepsis.evidence.radio.short import Short, cut, number_at, six

_CONTINUES = 1
_LE_CHANNELS = frozenset({4, 5, 6})
_ACL_HEAD = struct.Struct("<HH").unpack_from
_FINISHED_PACKETS, _EXTENDED = 0x13, 0x3E
_NO_KEY = bytes(10)
MOST_ADAPTERS = 64


class Host:
    """The links of all controllers of a log."""

    def __init__(self, tell: Tell, links: Links, l2cap: L2cap, complain: Complain, left_out: Callable[[str], None]) -> None:
        """``tell`` takes the events, ``left_out`` for one frame why it is not understood."""
        self._tell, self._opening, self._l2cap, self._complain, self._left_out = tell, links, l2cap, complain, left_out
        self._links: dict[int, Link] = {}
        self._controllers: dict[int, Controller] = {}
        self._events: dict[int, Callable[[bytes, int, int, int], None]] = {
            0x03: self._connected,
            0x05: self._disconnected,
            0x07: self._named,
            0x08: self._encrypted,
            0x0C: self._version,
            0x12: self._role,
            0x18: self._link_key,
            0x30: self._refreshed,
            0x32: self._capabilities,
            0x36: self._paired,
            0x59: self._encrypted,
        }

    def frame(self, frame: Frame) -> None:
        """Take in one frame."""
        number, time, kind, way, data, adapter = frame
        if kind == Kind.ACL:
            self._data(number, time, way, data, adapter)
        elif kind == Kind.EVENT:
            if data[:1] != b"\x13":  # so many packets went out: the most frequent event
                self._event(number, time, data, adapter)
        elif kind == Kind.COMMAND:
            self._guarded(number, "a command", self._command, data, number, time, adapter)
        elif kind == Kind.ADAPTER:
            self._guarded(number, "a controller", self._adapter, data, number, time, adapter)
        elif kind in {Kind.SCO, Kind.ISO}:
            self._left_out("sound")
        elif kind != Kind.NOTE:
            self._left_out("a packet that HCI does not know")

    def finish(self, number: int, time: int) -> None:
        """The log ends here."""
        for link in list(self._links.values()):
            self._close(link, None, number, time)
        self._links.clear()

    # ----- data

    def _data(self, number: int, time: int, way: int, data: bytes, adapter: int) -> None:
        if len(data) < 4:
            self._complain(number, "a data packet is too short for its head")
            return
        head, length = _ACL_HEAD(data)
        link = self._links.get(head & 0xFFF | adapter << 12)
        if link is None:
            link = self._noticed(head & 0xFFF | adapter << 12, data, number, time)
            if link is None:
                return
        if length != len(data) - 4:
            if length > len(data) - 4:
                self._complain(number, "a data packet was cut when it was recorded")
            data = data[: length + 4]
        first = head >> 12 & 3 != _CONTINUES
        if way == Way.UNKNOWN:
            from_central = guessed(data, 4) if first else next(iter(link.parts), True)
        else:
            from_central = (way == Way.SENT) is bool(link.recorder_is_central)
        self._l2cap.piece(link, from_central, first, data, 4, number, time)

    def _noticed(self, key: int, data: bytes, number: int, time: int) -> Link | None:
        """A link whose beginning is not in the log: its other end has no address, and is taken for the peripheral."""
        if not self._room(number):
            return None
        channel = number_at(data, 6) if len(data) >= 8 else 0
        transport = "le" if channel in _LE_CHANNELS else "br-edr"
        own = self._controller(key >> 12).own(transport)
        link = self._links[key] = self._opening.open(transport, own, NOBODY, number, time, began=False, recorder=True)
        self._tell(Opened(number, time, link))
        return link

    def _room(self, number: int) -> bool:
        if len(self._links) < MOST_LINKS:
            return True
        self._complain(number, f"more than {MOST_LINKS} links at one time: this one was left out")
        return False

    # ----- events

    def _event(self, number: int, time: int, data: bytes, adapter: int) -> None:
        if len(data) < 2:
            self._complain(number, "an event is too short for its head")
            return
        code, length = data[0], data[1]
        body = data[2 : 2 + length]
        if len(body) < length:
            self._complain(number, "an event was cut when it was recorded")
        if code == _EXTENDED:
            self._guarded(number, "an event", self._le_event, body, number, time, adapter)
        elif code in self._events:
            self._guarded(number, "an event", self._events[code], body, number, time, adapter)
        else:
            self._guarded(number, "an event", self._controller(adapter).event, code, body, number, time)

    def _guarded(self, number: int, what: str, take: Callable[..., None], *given: object) -> None:
        try:
            take(*given)
        except Short:
            self._complain(number, f"{what} is shorter than its kind must be")

    def _controller(self, adapter: int) -> Controller:
        known = self._controllers.get(adapter)
        if known is None:
            known = Controller(self._tell)
            if len(self._controllers) < MOST_ADAPTERS:
                self._controllers[adapter] = known
        return known

    def _adapter(self, data: bytes, number: int, time: int, adapter: int) -> None:
        """A controller came, maybe in place of another one: its links are gone."""
        for key in [key for key in self._links if key >> 12 == adapter]:
            self._close(self._links.pop(key), None, number, time)
        self._controller(adapter).has_address(six(data, 0), number, time)

    def _command(self, data: bytes, number: int, time: int, adapter: int) -> None:
        opcode, length = number_at(data, 0), number_at(data, 2, 1)
        body = data[3 : 3 + length]
        if len(body) < length:
            self._complain(number, "a command was cut when it was recorded")
        if opcode == 0x2019 and (link := self._links.get(number_at(body, 0) & 0xFFF | adapter << 12)):
            self._key_asked(link, cut(body, 2, 10), number, time)
        elif opcode == 0x042B:
            io, oob, auth = cut(body, 6, 3)
            self._tell(ClassicPairing(number, time, address(six(body, 0)), "capabilities", own=True, io=io, oob=oob, auth=auth))
        elif opcode == 0x040D:
            self._tell(ClassicPairing(number, time, address(six(body, 0)), "pin", own=True))
        else:
            self._controller(adapter).command(opcode, body, number, time)

    def _le_event(self, body: bytes, number: int, time: int, adapter: int) -> None:
        code = number_at(body, 0, 1)
        if code in {0x01, 0x0A, 0x29}:
            self._le_connected(body[1:], code != 0x01, number, time, adapter)
        elif code == 0x03 and not number_at(body, 1, 1):
            if link := self._link(body, 2, adapter):
                self._tell(Parameters(number, time, link, number_at(body, 4), number_at(body, 6), number_at(body, 8)))
        elif code == 0x05:
            if link := self._link(body, 1, adapter):
                self._key_asked(link, cut(body, 3, 10), number, time)
        else:
            self._controller(adapter).le_event(code, body[1:], number, time)

    def _link(self, body: bytes, place: int, adapter: int) -> Link | None:
        return self._links.get(number_at(body, place) & 0xFFF | adapter << 12)

    # ----- links

    def _le_connected(self, body: bytes, enhanced: bool, number: int, time: int, adapter: int) -> None:
        status, handle, role = number_at(body, 0, 1), number_at(body, 1) & 0xFFF, number_at(body, 3, 1)
        if status or not self._room(number):
            return
        controller = self._controller(adapter)
        peer = controller.peer(body, enhanced, number, time)
        own = controller.own("le")
        ends = (own, peer) if role == 0 else (peer, own)
        link = self._put(handle | adapter << 12, self._opening.open("le", *ends, number, time, recorder=role == 0), number, time)
        place = 23 if enhanced else 11
        self._tell(Parameters(number, time, link, number_at(body, place), number_at(body, place + 2), number_at(body, place + 4)))

    def _put(self, key: int, link: Link, number: int, time: int) -> Link:
        before = self._links.pop(key, None)
        if before is not None:
            self._close(before, None, number, time)
        self._links[key] = link
        self._tell(Opened(number, time, link))
        return link

    def _connected(self, body: bytes, number: int, time: int, adapter: int) -> None:
        """BR/EDR; who is central may be told later. Sound has a link of its own, which is none here."""
        status, handle, peer = number_at(body, 0, 1), number_at(body, 1) & 0xFFF, Party(address(six(body, 3)), "br-edr")
        if status or number_at(body, 9, 1) != 1 or not self._room(number):
            return
        controller = self._controller(adapter)
        own, central = controller.own("br-edr"), controller.called == peer.address
        ends = (own, peer) if central else (peer, own)
        self._put(handle | adapter << 12, self._opening.open("br-edr", *ends, number, time, recorder=central), number, time)

    def _role(self, body: bytes, number: int, time: int, adapter: int) -> None:  # noqa: ARG002 - as all events
        status, peer, role = number_at(body, 0, 1), address(six(body, 1)), number_at(body, 7, 1)
        for link in self._links.values():
            if not status and link.transport == "br-edr" and link.other.address == peer and link.recorder_is_central is not (role == 0):
                link.central, link.peripheral = link.peripheral, link.central
                link.recorder_is_central = role == 0
                self._opening.settle(link)

    def _disconnected(self, body: bytes, number: int, time: int, adapter: int) -> None:
        status, handle, reason = number_at(body, 0, 1), number_at(body, 1) & 0xFFF, number_at(body, 3, 1)
        link = None if status else self._links.pop(handle | adapter << 12, None)
        if link is not None:
            self._close(link, reason, number, time)

    def _close(self, link: Link, reason: int | None, number: int, time: int) -> None:
        self._l2cap.forget(link)
        self._tell(Closed(number, time, link, reason))

    # ----- security

    def _key_asked(self, link: Link, named: bytes, number: int, time: int) -> None:
        """Random number and diversifier are 0 for keys of Secure Connections (Core, volume 3, part H, 2.4.4)."""
        self._tell(KeyAsked(number, time, link, "le secure connections" if named == _NO_KEY else "le legacy"))

    def _encrypted(self, body: bytes, number: int, time: int, adapter: int) -> None:
        status, on = number_at(body, 0, 1), number_at(body, 3, 1)
        if link := self._link(body, 1, adapter):
            bits = body[4] * 8 if len(body) > 4 and on else None
            self._tell(Encryption(number, time, link, bool(on), status, bits))

    def _refreshed(self, body: bytes, number: int, time: int, adapter: int) -> None:
        status = number_at(body, 0, 1)
        if link := self._link(body, 1, adapter):
            self._tell(Encryption(number, time, link, on=True, error=status))

    def _capabilities(self, body: bytes, number: int, time: int, adapter: int) -> None:  # noqa: ARG002 - as all events
        io, oob, auth = cut(body, 6, 3)
        self._tell(ClassicPairing(number, time, address(six(body, 0)), "capabilities", io=io, oob=oob, auth=auth))

    def _paired(self, body: bytes, number: int, time: int, adapter: int) -> None:  # noqa: ARG002 - as all events
        self._tell(ClassicPairing(number, time, address(six(body, 1)), "done", status=number_at(body, 0, 1)))

    def _link_key(self, body: bytes, number: int, time: int, adapter: int) -> None:  # noqa: ARG002 - as all events
        """The key itself, of 16 bytes after the address, is passed over."""
        self._tell(ClassicPairing(number, time, address(six(body, 0)), "key", key_type=number_at(body, 22, 1)))

    # ----- who they are

    def _named(self, body: bytes, number: int, time: int, adapter: int) -> None:  # noqa: ARG002 - as all events
        if not number_at(body, 0, 1):
            name = body[7:].partition(b"\0")[0].decode("utf-8", "replace")
            self._tell(Named(number, time, Party(address(six(body, 1)), "br-edr"), name))

    def _version(self, body: bytes, number: int, time: int, adapter: int) -> None:
        if not number_at(body, 0, 1) and (link := self._link(body, 1, adapter)):
            self._tell(Chip(number, time, link.other, number_at(body, 3, 1), number_at(body, 4), number_at(body, 6)))
