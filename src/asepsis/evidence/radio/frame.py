"""The nouns below the messages: frames of a recording, who is on the air, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a frame is: up to ISO the packet types of HCI (Core, volume 4, part A, 2); then what other recordings hold.

    ``AIR`` is a packet of the LE link layer from its access address on, without its checksum; ``CLEARED`` one that whoever recorded has decrypted.
    ``ADAPTER`` says that a controller is there (its address, least byte first), ``NOTE`` is nothing that was sent to anybody.
    """

    COMMAND = 1
    ACL = 2
    SCO = 3
    EVENT = 4
    ISO = 5
    AIR = 16
    CLEARED = 17
    ADAPTER = 32
    NOTE = 33


class Way(IntEnum):
    """Which way a frame went: of HCI to the controller or from it; on the air from the central, from the peripheral, or not known."""

    SENT = 0
    RECEIVED = 1
    CENTRAL = 2
    PERIPHERAL = 3
    UNKNOWN = 4


class Frame(NamedTuple):
    """One frame as it was recorded. ``number`` counts from 1 as Wireshark does, ``time`` is in nanoseconds since 1970 by the recorder's clock.

    ``kind`` is a :class:`Kind` and ``way`` a :class:`Way`, as plain numbers: a log holds millions. ``adapter`` tells a machine's controllers apart.
    """

    number: int
    time: int
    kind: int
    way: int
    data: bytes
    adapter: int = 0


class Party(NamedTuple):
    """Somebody: an address (empty if the recording does not hold it) and its kind, in the words of :class:`asepsis.model.radio.RadioDevice`."""

    address: str
    kind: str


NOBODY = Party("", "")


class State(NamedTuple):
    """How a link is protected while something is said on it. Equal states are one, and ``Link.state`` is its number.

    ``central`` and ``peripheral`` are keys: an address, or ``?`` and the number of a link of which that end is not known.
    """

    central: str
    peripheral: str
    encrypted: bool | None
    authenticated: bool | None
    key_bits: int | None


@dataclass(slots=True, eq=False)
class Link:
    """A connection between two devices. ``transport`` is ``le`` or ``br-edr``.

    ``began`` says that its beginning was recorded; without it, ``encrypted`` is None until somebody says so. ``recorder_is_central`` is None where a
    third party recorded. ``sniffed`` that it was. ``state`` is the number of the :class:`State` that it is in.
    """

    number: int
    transport: str
    central: Party
    peripheral: Party
    first: int
    first_time: int
    began: bool = True
    recorder_is_central: bool | None = None
    encrypted: bool | None = False
    authenticated: bool | None = None
    key_bits: int | None = None
    state: int = 0
    said: int = 0
    said_in_clear: int = 0
    parts: dict[bool, bytearray] = field(default_factory=dict)
    channels: dict[int, int] = field(default_factory=dict)

    @property
    def recorder(self) -> Party:
        """The end that recorded; nobody where a third party did."""
        return NOBODY if self.recorder_is_central is None else self.central if self.recorder_is_central else self.peripheral

    @property
    def other(self) -> Party:
        """The end that did not record."""
        return NOBODY if self.recorder_is_central is None else self.peripheral if self.recorder_is_central else self.central

    def keys(self) -> tuple[str, str]:
        """Central and peripheral as keys of tables."""
        return self.central.address or f"?{self.number}c", self.peripheral.address or f"?{self.number}p"


def address(raw: bytes) -> str:
    """Six bytes, least first, as they are written."""
    return ":".join(f"{byte:02X}" for byte in reversed(raw))


_RANDOM = {0: "non-resolvable private", 1: "resolvable private", 3: "static random"}


def party(raw: bytes, random: bool) -> Party:
    """An LE address: the two highest bits say of which kind a random one is (Core, volume 6, part B, 1.3.2)."""
    return Party(address(raw), _RANDOM.get(raw[5] >> 6, "") if random else "public")
