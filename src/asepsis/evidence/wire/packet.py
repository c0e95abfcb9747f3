"""The nouns below the messages: records of a capture, the packets in them, the two ends of a conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple


class Record(NamedTuple):
    """One packet as it was captured.

    ``number`` counts from 1 as Wireshark does, over all interfaces; ``time`` is in nanoseconds since 1970 by the clock of whoever captured;
    ``link`` is the link type (https://www.tcpdump.org/linktypes.html); ``length`` the packet's length on the wire in bytes, of which ``data`` may be
    only the beginning.
    """

    number: int
    time: int
    link: int
    data: bytes
    length: int


class Shortcut:
    """Who takes in ordinary packets straight out of the buffer that they were read into, without a :class:`Record`. This one takes none.

    ``last`` is the number of the last packet that it took.
    """

    def __init__(self) -> None:
        self.last = 0

    def take(self, data: bytes, start: int, end: int, link: int, number: int, time: int) -> bool:  # noqa: ARG002 - for those who take some
        """Take in the packet ``data[start:end]``, of which the other fields of a record are as given; False leaves everything as it was."""
        return False


class Endpoint(NamedTuple):
    """One end: an address in its usual text form (RFC 5952 for IPv6), a port."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


class Side(IntEnum):
    """Who speaks. The client opened the conversation; where its beginning was not seen, ``Conversation.opened_seen`` is False and this is a guess."""

    CLIENT = 0
    SERVER = 1

    @property
    def other(self) -> Side:
        """The one who is spoken to."""
        return Side.SERVER if self is Side.CLIENT else Side.CLIENT


@dataclass(slots=True, eq=False)
class Conversation:
    """A TCP connection, or all datagrams between two ends until they have been silent for long. Counts are of what has been seen so far, by side.

    ``number`` counts conversations from 1 in order of their first packet. ``lost`` are bytes that the capture does not hold, ``spoiled`` bytes that
    were sent twice with different content. ``protocol`` is the name of the decoder that understands it, empty until one does; ``broken`` counts what
    is broken in what was said.
    """

    number: int
    transport: str
    client: Endpoint
    server: Endpoint
    first_packet: int
    first_time: int
    opened_seen: bool = False
    answered: bool = False
    protocol: str = ""
    last_packet: int = 0
    last_time: int = 0
    packets: list[int] = field(default_factory=lambda: [0, 0])
    payload: list[int] = field(default_factory=lambda: [0, 0])
    lost: list[int] = field(default_factory=lambda: [0, 0])
    spoiled: list[int] = field(default_factory=lambda: [0, 0])
    broken: int = 0

    def end(self, side: Side) -> Endpoint:
        """The end that ``side`` is."""
        return self.client if side is Side.CLIENT else self.server

    @property
    def leaves(self) -> bool:
        """Whether somebody inside began it with somebody on the internet."""
        return is_public(self.server.address) and not is_public(self.client.address)

    @property
    def enters(self) -> bool:
        """Whether somebody on the internet began it with somebody inside."""
        return is_public(self.client.address) and not is_public(self.server.address)


@lru_cache(maxsize=8192)
def is_public(address: str) -> bool:
    """Whether the internet routes an address to one computer. Whoever uses such addresses inside is not told apart; a name is none."""
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return number.is_global and not number.is_multicast


class Closing(IntEnum):
    """How a conversation ended: both said so, one broke it off, it was silent for too long, or the capture ended first (which says nothing of it)."""

    FINISHED = 0
    RESET = 1
    SILENT = 2
    CAPTURE_ENDED = 3
