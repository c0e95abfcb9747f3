"""The contract of a decoder: it recognises what is said in a conversation, whatever the port, and tells what was said as events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.packet import Closing, Conversation, Side

FIRST_BYTES = 512
"""How much of what each side says first a decoder is shown to recognise it by."""


class Match(IntEnum):
    """What the first bytes say: certainly not this protocol, too few to tell yet, or this protocol."""

    NO = 0
    MORE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class DecoderInfo:
    """What a decoder is: its ``name`` (a word of small letters, as Wireshark calls the protocol where it knows it), its title and its source.

    ``transports`` are ``tcp``, ``udp`` or both. ``ports`` are where it usually is: they decide who is asked first and break a tie, nothing else.
    ``understands_middle`` says that it finds its way into a conversation whose beginning was not seen.
    """

    name: str
    title: str
    source: str
    transports: tuple[str, ...]
    ports: tuple[int, ...] = ()
    understands_middle: bool = False


Tell = Callable[[Event], None]
"""Takes what was said."""
Complain = Callable[[int, str], None]
"""Takes a packet's number and what is broken there, in words without any content; it becomes a Problem."""


class Listener(Protocol):
    """A decoder at work on one conversation. It keeps a bounded state (64 KiB a side, unless its docstring says why more) and never raises.

    What is broken is told to ``Complain``, after which it finds its way back or says nothing more.
    """

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """The next bytes of one side, in order (TCP), or one whole datagram (UDP). ``packet`` is the packet that made them available."""

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        """So many bytes are missing here (at least 1): they were not captured."""

    def close(self, how: Closing, packet: int, time: int) -> None:
        """Nothing more comes; what is still incomplete is told or complained of now."""


class Decoder(Protocol):
    """A protocol. Decoders know nothing of one another but by :class:`Handover`."""

    info: DecoderInfo

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By what each side said first (up to 512 bytes each, either may be empty). Cheap: no copy, no state. Of a datagram ``server`` is empty."""

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Begin to listen; all that was said so far comes again through ``data``."""


class Handover(Exception):
    """Raised by a listener's ``data``: from the rest ``left`` on, this conversation is another protocol (CONNECT, STARTTLS, Upgrade)."""

    def __init__(self, side: Side, left: bytes) -> None:
        """Whose bytes are ``left``."""
        super().__init__("handover")
        self.side, self.left = side, left
