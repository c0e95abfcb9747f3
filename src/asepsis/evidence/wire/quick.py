"""The shortest way for the packets that captures are full of: a segment of TCP over IPv4 in Ethernet, of a conversation that is open.

Their headers are taken apart at once, in the buffer that the capture is read into: no record, no datagram, no copy but of what is said. Whatever is
not as ordinary (tunnels, fragments, options of IP, what begins or ends a conversation, what is cut short or broken) goes the long way by
:class:`~.internet.Internet`, with the same outcome: a test compares both.
"""

from __future__ import annotations

import struct

from asepsis.evidence.wire.conversations import Conversations
from asepsis.evidence.wire.packet import Shortcut
from asepsis.evidence.wire.tcp import FIN, RST, SYN

AT_MOST = 1_024
"""So many packets in a row go the short way; then one goes the long one, so that whoever reads the capture can look at his clock."""
_ETHERNET, _ETHERNET_HEADER, _VLAN_TAG = 1, 14, 4
_SMALLEST = 54
"""Ethernet, IPv4 and TCP without options."""
_HEADERS = struct.Struct("!12xHBxHxxHxB2x12sIIBB")
"""Ethertype; version and header length, total length, fragment, protocol; addresses and ports; sequence, acknowledgement, data offset, flags."""
_IPV4, _VLAN = 0x0800, 0x8100
_NO_OPTIONS, _TCP, _FRAGMENTED, _SMALLEST_OFFSET = 0x45, 6, 0x3FFF, 0x50
_NOT_ORDINARY = SYN | FIN | RST


class Quick(Shortcut):
    """The shortest way, and how far the look at a capture has come: ``packets`` taken in, the ``last`` one's number, the ``clock`` in ns."""

    def __init__(self, conversations: Conversations) -> None:
        """Nothing was taken in yet."""
        super().__init__()
        self.packets, self.clock, self.next_second = 0, 0, 0
        self._conversations = conversations

    def take(self, data: bytes, start: int, end: int, link: int, number: int, time: int) -> bool:
        """Take in one packet if it is ordinary."""
        if link != _ETHERNET or time >= self.next_second or not number % AT_MOST or end - start < _SMALLEST:
            return False
        ethertype, first, total, fragment, protocol, ends, seq, ack, offset, flags = _HEADERS.unpack_from(data, start)
        if ethertype == _VLAN and end - start >= _SMALLEST + _VLAN_TAG:
            start += _VLAN_TAG
            ethertype, first, total, fragment, protocol, ends, seq, ack, offset, flags = _HEADERS.unpack_from(data, start)
        if ethertype != _IPV4 or first != _NO_OPTIONS or protocol != _TCP or fragment & _FRAGMENTED or flags & _NOT_ORDINARY:
            return False
        network = start + _ETHERNET_HEADER
        begin, after = network + 20 + (offset >> 4 << 2), network + total
        if offset < _SMALLEST_OFFSET or begin > after or after > end:
            return False
        if not self._conversations.ordinary(ends, seq, ack, flags, data[begin:after], number, time):
            return False
        self.packets += 1
        self.last = number
        self.clock = max(self.clock, time)
        return True
