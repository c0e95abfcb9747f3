"""Packets of no conversation: ICMP, frames to everybody, headers that cannot be. Counted for a second of the capture, then told as events."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from asepsis.evidence.wire.events import Uncalled
from asepsis.evidence.wire.packet import Conversation, Endpoint, Record, Side

ICMP, ICMP_ANSWER, BROADCAST, BROKEN = "ICMP", "ICMP answer", "broadcast", "broken"
MOST = 4096
"""Pairs of sender and receiver in one second; what more there are is counted for the receiver, without a sender."""
_ANSWERS = {1: 0, 58: 129}
"""Echo replies by protocol: ICMP (RFC 792), ICMPv6 (RFC 4443). All other types, also unreachable, are taken for unasked."""
_ETHERNET, _EVERYBODY, _ADDRESS = 1, b"\xff\xff\xff\xff\xff\xff", 6

Key = tuple[str, bytes, bytes]


class Bare:
    """The counts of this second."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._counts: dict[Key, list[int]] = {}

    def take(self, kind: str, source: bytes, target: bytes, packet: int) -> None:
        """One packet; addresses as they stand in it."""
        key = kind, source, target
        if key not in self._counts and len(self._counts) >= MOST:
            key = kind, b"", target if len(self._counts) < 2 * MOST else b""
        count = self._counts.get(key)
        if count is None:
            self._counts[key] = [1, packet]
        else:
            count[0] += 1

    def control(self, protocol: int, source: bytes, target: bytes, payload: bytes, packet: int) -> None:
        """A message of a protocol that carries the network itself. What goes to many is no flood of one."""
        if target[:1] >= (b"\xe0" if len(target) == 4 else b"\xff"):  # noqa: PLR2004 - bytes of IPv4; multicast in both
            self.take(BROADCAST, source, _EVERYBODY, packet)
        else:
            self.take(ICMP_ANSWER if payload[:1] == bytes((_ANSWERS.get(protocol, 256) % 256,)) else ICMP, source, target, packet)

    def frame(self, record: Record) -> None:
        """A frame without a network packet that is understood: it counts if it goes to everybody."""
        if record.link == _ETHERNET and record.data.startswith(_EVERYBODY):
            self.take(BROADCAST, record.data[_ADDRESS : 2 * _ADDRESS], _EVERYBODY, record.number)

    def tell(self, time: int) -> Iterator[Uncalled]:
        """All of this second, and begin anew."""
        counts, self._counts = self._counts, {}
        for (kind, source, target), (count, packet) in counts.items():
            talk = Conversation(0, kind, Endpoint(_text(source), 0), Endpoint(_text(target), 0), packet, time)
            yield Uncalled(talk, Side.CLIENT, packet, time, count=count)


def _text(address: bytes) -> str:
    """An address as it is written; one of hardware in hexadecimal digits; nothing where it is not known."""
    return address.hex(":") if len(address) == _ADDRESS else str(ip_address(address)) if address else ""
