"""The contract of a check of dose integrity, and what it is told: a message with its nouns, and what the ward made of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from asepsis.evidence.protocols.pcd import Alarm, Answer, Watched
from asepsis.evidence.wire.packet import Endpoint
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import DoseAssumptions
from asepsis.model.fact import Confidence
from asepsis.model.infusion import Report
from asepsis.model.prescription import Difference, Prescription

SECOND = 10**9
MINUTE = 60 * SECOND
EVER = 1 << 63
"""Later than any packet."""
REMEMBERED = 4_096
"""Orders, pumps, senders and alarms that one check keeps in mind: a large hospital's day. The oldest are forgotten first, and counted."""

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A table that forgets what was longest not asked for."""

    def __init__(self, most: int = REMEMBERED) -> None:
        """Keep at most so many."""
        self._most, self._held, self.forgotten = most, OrderedDict[K, V](), 0

    def get(self, key: K) -> V | None:
        """What is kept under ``key``."""
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        return self._held[key]

    def put(self, key: K, value: V) -> None:
        """Keep it."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
            self.forgotten += 1

    def drop(self, key: K) -> None:
        """Keep it no longer; it was settled, not forgotten."""
        self._held.pop(key, None)

    def items(self) -> list[tuple[K, V]]:
        """All keys with what is kept under them, the longest unasked first."""
        return list(self._held.items())

    def values(self) -> list[V]:
        """All that is kept, the longest unasked first."""
        return list(self._held.values())


@dataclass(slots=True, eq=False)
class Course:
    """One order on its way: ``said`` where it was first seen, and what became of it (times in ns; None: not seen).

    ``answered`` says that an application acknowledgement came, if only on the order's own conversation: what MSH-16 promised was kept.
    """

    order: Prescription
    said: Said
    accepted: dict[Endpoint, int]
    confirmed: int | None = None
    answered: bool = False
    refused: int | None = None
    obeyed: int | None = None
    obeyed_packet: int = 0
    started_by_hand: bool = False
    over: bool = False
    stopped: bool = False

    @property
    def name(self) -> str:
        """What to call it: the order's id, or the message's."""
        return self.order.order or self.said.control_id or "without a number"


@dataclass(frozen=True, slots=True)
class Followed:
    """A report laid beside the order that it should follow. ``fits`` None: nothing could be compared. ``before`` is the report before this one.

    ``claims`` says that the report names the order, or that the pump's side had confirmed it before. ``overdue`` is an order that was confirmed
    long ago, and that this report still shows not to be carried out.
    """

    report: Report
    course: Course | None
    before: Report | None
    fits: bool | None
    differs: tuple[Difference, ...] = ()
    claims: bool = False
    overdue: Course | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One HL7 message: where and when it was seen, what its header says, and the nouns in it.

    ``made`` is MSH-7, ``made_at`` its moment; ``application_answer`` is MSH-16; ``by_client`` says that the speaker opened the conversation;
    ``repeated`` are orders that an answer repeats; ``spoiled`` that bytes of the speaker were sent twice with different content.
    """

    packet: int
    time: int
    conversation: int
    speaker: Endpoint
    hearer: Endpoint
    kind: tuple[str, str]
    control_id: str
    sender: str
    receiver: str
    made: str
    made_at: tuple[int, bool] | None
    spoiled: bool = False
    application_answer: str = ""
    by_client: bool = True
    ordered_at: tuple[tuple[int, bool] | None, ...] = ()
    orders: tuple[Prescription, ...] = ()
    repeated: tuple[Prescription, ...] = ()
    reports: tuple[Report, ...] = ()
    alarm: Alarm | None = None
    watched: Watched | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check has to say: a sign with its ``confidence``, or with None a doubt. ``packets`` has at least one, the decisive one first."""

    sign: Sign
    confidence: Confidence | None
    subject: str
    packets: tuple[int, ...]
    shown: tuple[str, ...]
    unless: tuple[str, ...] = ()
    obeyed: bool = False


class Ward(Protocol):
    """What is known of all orders and pumps so far; the checks only ask."""

    followed: tuple[Followed, ...]
    doses: DoseAssumptions

    def course_of(self, control_id: str, order: str) -> Course | None:
        """The latest order that was sent under this control id, or with this order id."""

    def report_of(self, pump: str) -> Report | None:
        """The last report of a pump, by any of its names."""


class Check(Protocol):
    """One question. Its state is bounded by :class:`Recent`."""

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """A message; the ward has taken it in already (an order's course is that of an earlier sighting, if there was one)."""

    def pass_time(self, time: int, ward: Ward) -> Iterator[Remark]:
        """The capture's clock."""

    def finish(self, time: int, ward: Ward) -> Iterator[Remark]:
        """The capture ends."""
