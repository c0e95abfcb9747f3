"""L2CAP (Core, volume 3, part A): put together what is said on a link, and hand it to whoever understands the channel.

Fixed channels: attributes (4), LE signalling (5), Security Manager (6, and 7 over BR/EDR), BR/EDR signalling (1). Channels that are opened by number
(PSM) are counted, and read where they carry attributes over BR/EDR. A message has at most 65,535 bytes, so that what waits is bounded by link.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from asepsis.evidence.radio.events import Complain, Parameters, SmpSaid, Tell
from asepsis.evidence.radio.frame import Link
from asepsis.guard.limits import MIB

ATT, LE_SIGNALLING, SMP, CLASSIC_SMP, SIGNALLING = 4, 5, 6, 7, 1
MOST_WAITING = 16 * MIB
"""Bytes of messages that are not complete yet, over all links."""
_FIRST_DYNAMIC = 0x40
_MOST_CHANNELS = 256
_ATT_PSM, _EATT_PSM = 0x1F, 0x27
_CONNECT, _CONNECTED, _UPDATE, _LE_CONNECT, _LE_CONNECTED = 0x02, 0x03, 0x12, 0x14, 0x15
_HEAD = struct.Struct("<HH").unpack_from
_CLIENT_SAYS = frozenset({0x02, 0x04, 0x06, 0x08, 0x0A, 0x0C, 0x0E, 0x10, 0x12, 0x16, 0x18, 0x1E, 0x20, 0x52, 0xD2})
_CENTRAL_SAYS = frozenset({0x01})
_NAMES = {0x01: "SDP", 0x03: "RFCOMM", 0x0F: "BNEP", 0x11: "HID", 0x13: "HID", 0x17: "AVCTP", 0x19: "AVDTP", 0x27: "enhanced attributes"}

Attribute = Callable[[Link, bool, bytes, int], None]


class L2cap:
    """What is said on all links. ``attributes`` are told each attribute message."""

    def __init__(self, tell: Tell, attributes: Sequence[Attribute], complain: Complain, left_out: Callable[[str], None]) -> None:
        """``left_out`` takes, for one frame, why it is not understood."""
        self._tell, self._attributes, self._complain, self._left_out = tell, attributes, complain, left_out
        self._waiting = 0

    def piece(self, link: Link, from_central: bool, first: bool, data: bytes, start: int, number: int, time: int) -> None:
        """One piece of a message, from ``start`` of ``data`` on; ``first`` says that a message begins here."""
        if first and not link.parts and len(data) >= start + 4:
            size, channel = _HEAD(data, start)
            if len(data) == start + 4 + size:
                self._whole(link, from_central, channel, data[start + 4 :], number, time)
                return
        self._join(link, from_central, first, data[start:], number, time)

    def forget(self, link: Link) -> None:
        """The link is over, and what waits there."""
        self._waiting -= sum(len(part) for part in link.parts.values())
        link.parts.clear()

    def _join(self, link: Link, from_central: bool, first: bool, data: bytes, number: int, time: int) -> None:
        part = link.parts.pop(from_central, None)
        if part is not None:
            self._waiting -= len(part)
        if first:
            if part:
                self._complain(number, "a message was not finished before the next one began")
            part = bytearray()
        elif part is None:
            self._left_out("the rest of a message whose beginning is not in the recording")
            return
        part += data
        size = int.from_bytes(part[:2], "little") if len(part) >= 4 else None
        if size is not None and len(part) >= size + 4:
            if len(part) > size + 4:
                self._complain(number, "a message is longer than it says; what is beyond was left out")
            self._whole(link, from_central, int.from_bytes(part[2:4], "little"), bytes(part[4 : size + 4]), number, time)
            return
        if self._waiting + len(part) > MOST_WAITING:
            self._complain(number, f"more than {MOST_WAITING} bytes of messages wait for their rest: this one was left out")
            return
        self._waiting += len(part)
        link.parts[from_central] = part

    def _whole(self, link: Link, from_central: bool, channel: int, pdu: bytes, number: int, time: int) -> None:
        if channel == ATT:
            self._attribute(link, from_central, pdu, number)
        elif channel in {SMP, CLASSIC_SMP}:
            self._tell(SmpSaid(number, time, link, from_central, pdu))
        elif channel in {SIGNALLING, LE_SIGNALLING}:
            self._signal(link, pdu, number, time)
        elif channel >= _FIRST_DYNAMIC:
            psm = link.channels.get(channel)
            self._count(link)
            if psm == _ATT_PSM:
                link.said, link.said_in_clear = link.said - 1, link.said_in_clear - (not link.encrypted)
                self._attribute(link, from_central, pdu, number)
            else:
                self._left_out("a channel whose beginning was not recorded" if psm is None else _named(psm))
        else:
            self._left_out(f"L2CAP channel {channel}")

    def _attribute(self, link: Link, from_central: bool, pdu: bytes, number: int) -> None:
        self._count(link)
        if not pdu:
            self._complain(number, "an attribute message is empty")
            return
        for attribute in self._attributes:
            attribute(link, from_central, pdu, number)

    @staticmethod
    def _count(link: Link) -> None:
        link.said += 1
        if link.encrypted is False:
            link.said_in_clear += 1

    def _signal(self, link: Link, pdu: bytes, number: int, time: int) -> None:
        """Signals: code, identifier, length, data; several may stand in a row (Core, volume 3, part A, 4)."""
        place = 0
        while place + 4 <= len(pdu):
            code, _identifier, length = struct.unpack_from("<BBH", pdu, place)
            body = pdu[place + 4 : place + 4 + length]
            place += 4 + length
            if code == _UPDATE and len(body) >= 8:
                _least, most, latency, timeout = struct.unpack_from("<HHHH", body)
                self._tell(Parameters(number, time, link, most, latency, timeout))
            elif code in {_CONNECT, _LE_CONNECT} and len(body) >= 4:
                psm, channel = struct.unpack_from("<HH", body)
                self._opened(link, channel, psm)
            elif code == _CONNECTED and len(body) >= 4:
                there, here = struct.unpack_from("<HH", body)
                self._opened(link, there, link.channels.get(here, 0))

    @staticmethod
    def _opened(link: Link, channel: int, psm: int) -> None:
        if psm and len(link.channels) < _MOST_CHANNELS:
            link.channels[channel] = psm


def guessed(data: bytes, start: int) -> bool:
    """Whether the central speaks, of a message that begins at ``start``, where the recording does not tell.

    Requests are taken to come from the central, for it is nearly always the client; so does a request to pair.
    """
    if len(data) < start + 5:
        return True
    return data[start + 4] in (_CLIENT_SAYS if _HEAD(data, start)[1] == ATT else _CENTRAL_SAYS)


def _named(psm: int) -> str:
    return f"L2CAP channel for {_NAMES[psm]}" if psm in _NAMES else "L2CAP channel for something else"
