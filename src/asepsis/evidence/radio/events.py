"""What was seen on the air: one event for each thing that somebody may have to judge. Events never leave the process that reads the recording.

What is said about attributes has no event: there is too much of it. It goes to ``Observer.attribute`` as it was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asepsis.evidence.radio.frame import NOBODY, Link, Party


@dataclass(frozen=True, slots=True)
class Event:
    """Complete in frame ``number`` at ``time`` (nanoseconds since 1970)."""

    number: int
    time: int


@dataclass(frozen=True, slots=True)
class Advertised(Event):
    """Somebody told everybody in range: ``data`` are his AD structures (Core Specification Supplement, part A), None if the report holds none.

    ``to_one`` that he asks for one device; ``connectable`` None where that was not said; ``response`` that it answers a scan.
    """

    party: Party = NOBODY
    data: bytes = b""
    connectable: bool | None = None
    to_one: bool = False
    response: bool = False


@dataclass(frozen=True, slots=True)
class OwnAddress(Event):
    """The recorder's own address."""

    party: Party = NOBODY


@dataclass(frozen=True, slots=True)
class Named(Event):
    """Somebody's name, as he says it himself when asked."""

    party: Party = NOBODY
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chip(Event):
    """What somebody's radio is: its ``version`` of Bluetooth (Assigned Numbers), its ``company`` and that one's own number."""

    party: Party = NOBODY
    version: int = 0
    company: int = 0
    subversion: int = 0


@dataclass(frozen=True, slots=True)
class Identity(Event):
    """A private address and the lasting one behind it."""

    party: Party = NOBODY
    identity: Party = NOBODY


@dataclass(frozen=True, slots=True)
class OnLink(Event):
    """Something about a link."""

    link: Link


@dataclass(frozen=True, slots=True)
class Opened(OnLink):
    """A link is there: from now on, or (``link.began`` False) as was noticed now."""


@dataclass(frozen=True, slots=True)
class Parameters(OnLink):
    """How often both ends meet: ``interval`` in units of 1.25 ms, ``latency`` in intervals, ``timeout`` in units of 10 ms."""

    interval: int = 0
    latency: int = 0
    timeout: int = 0


@dataclass(frozen=True, slots=True)
class Closed(OnLink):
    """A link is over. ``reason`` is HCI's error code (Core, volume 1, part F), None where the recording ends first."""

    reason: int | None = None


@dataclass(frozen=True, slots=True)
class KeyAsked(OnLink):
    """A key is about to be used: ``stored`` tells which pairing made it (``le legacy``, ``le secure connections``), as its number says."""

    stored: str = ""


@dataclass(frozen=True, slots=True)
class Encryption(OnLink):
    """Encryption is on, or off, or (``error``, an HCI error code) did not come about. ``key_bits`` where it was said."""

    on: bool = True
    error: int = 0
    key_bits: int | None = None


@dataclass(frozen=True, slots=True)
class SmpSaid(OnLink):
    """One message of the Security Manager Protocol (Core, volume 3, part H, 3): ``pdu`` from its code on. It may hold a key."""

    from_central: bool = True
    pdu: bytes = b""


@dataclass(frozen=True, slots=True)
class ClassicPairing(Event):
    """A step of pairing over BR/EDR with ``peer`` (Core, volume 4, part E): ``step`` is ``capabilities``, ``pin``, ``done`` or ``key``.

    ``own`` says that the recorder says it. ``io``, ``oob`` and ``auth`` are capabilities, ``status`` the outcome, ``key_type`` that of the link key.
    """

    peer: str = ""
    step: str = ""
    own: bool = False
    io: int = 0
    oob: int = 0
    auth: int = 0
    status: int = 0
    key_type: int = 0


@dataclass(frozen=True, slots=True)
class Paired(OnLink):
    """A pairing is over, as far as it was recorded; :class:`asepsis.model.radio.RadioPairing` says what the fields are."""

    generation: str = ""
    method: str = ""
    authenticated: bool | None = None
    outcome: str = "not seen"
    reason: str = ""
    bonded: bool | None = None
    key_bits: int | None = None
    keys: tuple[str, ...] = ()
    io: tuple[str, str] = ("", "")
    asked: bool | None = None
    debug_key: bool = False


@dataclass(frozen=True, slots=True)
class Secured(OnLink):
    """Encryption changed, and the link's own fields with it; ``stored`` says how the key was made (or ``unknown``), empty if it was on this link."""

    on: bool = True
    error: int = 0
    stored: str = ""


Tell = Callable[[Event], None]
"""Takes what was seen."""
Complain = Callable[[int, str], None]
"""Takes a frame's number and what is broken there, in words without any content; it becomes a Problem."""
