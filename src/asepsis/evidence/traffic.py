"""Have captures read, each in a bounded child, and put together what they showed. What a child said before its end stays."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from asepsis.evidence.child import readable
from asepsis.evidence.radio.formats.linked import NOT_READ
from asepsis.evidence.radio.look import emitted as emitted_by_radio
from asepsis.evidence.wire.child import Order, Seen
from asepsis.evidence.wire.look import Traffic, emitted, left_out
from asepsis.guard import sandbox
from asepsis.guard.limits import GIB, MIB, Limits
from asepsis.model.dose_assumptions import DoseAssumptions
from asepsis.model.evidence import Cause, Coverage, EvidenceKind, LeftOut, Problem
from asepsis.model.facts import Fact
from asepsis.model.record import from_record
from asepsis.model.where import CHAIN, Where

CHILD, RADIO_CHILD = "asepsis.evidence.wire.child", "asepsis.evidence.radio.child"
_LINK = re.compile(r"link type \d+( in PPI)? is not read")
_LOG_PACE = 16
"""A log may take so much longer than a capture of its size: every line says much, and compressed it is a tenth."""
_AFTER_SECONDS = 60
"""So long after its time a child that has not ended is killed."""


class Capture(NamedTuple):
    """One capture: its path on this machine, its place, its size in bytes, and whether it is a capture, a monitor's log or radio traffic."""

    host: Path
    where: Where
    size: int
    kind: EvidenceKind = EvidenceKind.PCAP

    @property
    def log(self) -> bool:
        """Whether somebody else's decoders heard it."""
        return self.kind is EvidenceKind.NETLOG

    @property
    def radio(self) -> bool:
        """Whether it is a recording of radio traffic and nothing else."""
        return self.kind is EvidenceKind.BTSNOOP


@dataclass(slots=True)
class Heard:
    """What captures showed. ``read`` are the places of those that hold any packet, ``logs`` and ``radios`` of logs and radio traffic that do."""

    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)
    read: set[Where] = field(default_factory=set)
    logs: set[Where] = field(default_factory=set)
    radios: set[Where] = field(default_factory=set)
    missing: tuple[str, ...] = ()

    def covered(self, coverage: Coverage) -> Coverage:
        """With the packets."""
        return replace(
            coverage,
            packets=sum(one.packets for one in self.traffic),
            packets_understood=sum(one.understood for one in self.traffic),
            packets_left_out=left_out(reason for one in self.traffic for reason in one.left_out),
        )


def hear(captures: Sequence[Capture], key: bytes, limits: Limits, notice: Callable[[str], None], doses: DoseAssumptions) -> Heard:
    """Read the captures, one after the other; one that holds packets of both networks and radio is read for both."""
    heard = Heard()
    for one in captures:
        listening = _Listening(one, heard, limits, notice)
        listening.run(key, doses)
        if listening.radio_inside:
            _Listening(one._replace(kind=EvidenceKind.BTSNOOP), heard, limits, notice, again=True).run(key, doses)
    return heard


class _Listening:
    """One capture being read by its child."""

    def __init__(self, capture: Capture, heard: Heard, limits: Limits, notice: Callable[[str], None], *, again: bool = False) -> None:
        """``again`` says that the packets of networks in it were read already."""
        self._capture, self._heard, self._limits, self._notice, self._again = capture, heard, limits, notice, again
        self._place, self.radio_inside = readable(capture.where), False
        self._packets, self._unit = 0, "line" if capture.log else "packet"
        self._traffic: Traffic | None = None

    def run(self, key: bytes, doses: DoseAssumptions) -> None:
        """Until the child ends."""
        limits = self._limits
        pace = limits.capture_bytes_per_second // (_LOG_PACE if self._capture.log else 1)
        seconds = limits.capture_seconds + self._capture.size // max(1, pace)
        order = Order(os.fsencode(self._capture.host).hex(), self._place, key, seconds, limits, self._capture.log, doses)
        bounds = sandbox.Bounds(
            wall_seconds=seconds + _AFTER_SECONDS,
            cpu_seconds=seconds + _AFTER_SECONDS,
            memory_bytes=4 * GIB,
            heap_bytes=limits.capture_memory_bytes,
            file_bytes=MIB,
        )
        try:
            ended = sandbox.run(RADIO_CHILD if self._capture.radio else CHILD, msgspec.json.encode(order), bounds=bounds, on_message=self._take)
        except (msgspec.MsgspecError, ValueError) as error:
            ended = sandbox.Ended("crashed", error=type(error).__name__)  # what a child under attack says may be nonsense
        self._heard.missing = self._heard.missing or ended.missing
        self._settle(ended)

    def _take(self, message: bytes) -> None:
        seen = msgspec.json.decode(message, type=Seen)
        self._packets, self._traffic = seen.packets, seen.traffic
        for record in seen.records:
            if len(self._heard.facts) < self._limits.facts:
                # A child under attack must not speak for other evidence; it may name members of its own.
                path = record.where.path if record.where.path.startswith(self._place.path + CHAIN) else self._place.path
                where = replace(record.where, evidence=self._place.evidence, path=path)
                self._heard.facts.append(from_record(replace(record, where=where)))
        self._heard.problems.extend(seen.problems[: max(0, self._limits.problems - len(self._heard.problems))])
        self._notice(f"{self._place.path}: {seen.packets} {self._unit}s read")

    def _settle(self, ended: sandbox.Ended) -> None:
        told = any(problem.where and problem.where.evidence == self._place.evidence for problem in self._heard.problems)
        if ended.ok and not self._packets and not told:
            what = Problem(Cause.BROKEN_INPUT, self._place, f"no {self._unit} is in it", "nothing is known of the traffic", self._hides)
            self._heard.problems.append(what)
        if not ended.ok or self._traffic is None:
            self._heard.problems.append(_died(self._place, ended, self._packets, self._limits, self._hides))
        traffic = self._own(self._traffic or Traffic(self._packets))
        if self._capture.log:
            self._heard.problems.extend(_left_out(self._place, one) for one in traffic.left_out)
        else:
            self._heard.traffic.append(traffic)
        if traffic.packets:
            heard = self._heard
            (heard.logs if self._capture.log else heard.radios if self._capture.radio else heard.read).add(self._place)

    @property
    def _hides(self) -> tuple[str, ...]:
        return emitted_by_radio() if self._capture.radio else emitted()

    def _own(self, traffic: Traffic) -> Traffic:
        """Without the packets that are read by the other one: those of radio, or of networks where they were read already."""
        if self._capture.radio:
            others = [one for one in traffic.left_out if self._again and _LINK.fullmatch(one.reason)]
        else:
            others = [one for one in traffic.left_out if one.reason in NOT_READ and not self._capture.log]
            self.radio_inside = bool(others)
        return Traffic(
            traffic.packets - sum(one.packets for one in others), traffic.understood, tuple(o for o in traffic.left_out if o not in others)
        )


def _left_out(place: Where, one: LeftOut) -> Problem:
    """Lines that are of no kind that is read."""
    return Problem(
        Cause.MISSING_TOOL,
        place,
        f"not read: {one.reason} ({one.packets} {'line' if one.packets == 1 else 'lines'})",
        "what they say is not known",
        emitted(),
    )


def _died(place: Where, ended: sandbox.Ended, packets: int, limits: Limits, hides: tuple[str, ...]) -> Problem:
    """Why a child ended before its time."""
    consequence = f"of this capture only what {packets} packets at its beginning showed at once is told"
    if ended.how == "memory":
        what = f"reading it took more memory than capture_memory_bytes ({limits.capture_memory_bytes})"
        return Problem(Cause.LIMIT_REACHED, place, what, consequence, hides)
    if ended.how in {"time", "cpu"}:
        return Problem(Cause.LIMIT_REACHED, place, "capture_seconds: the time for reading it is used up", consequence, hides)
    if ended.how == "talk":
        return Problem(Cause.LIMIT_REACHED, place, "it yields more facts than its reading process may tell", consequence, hides)
    how = f"signal {ended.signal}" if ended.signal else ended.error or ended.how
    return Problem(Cause.OUR_BUG, place, f"the process that read the capture ended ({how}) after {packets} packets", consequence, hides)
