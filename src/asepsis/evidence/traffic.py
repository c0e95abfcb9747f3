"""Have captures read, each in a bounded child, and put together what they showed. What a child said before its end stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from asepsis.evidence.child import readable
from asepsis.evidence.wire.child import Order, Seen
from asepsis.evidence.wire.look import Traffic, emitted, left_out
from asepsis.guard import sandbox
from asepsis.guard.limits import GIB, MIB, Limits
from asepsis.model.evidence import Cause, Coverage, LeftOut, Problem
from asepsis.model.facts import Fact
from asepsis.model.record import from_record
from asepsis.model.where import Where

CHILD = "asepsis.evidence.wire.child"
_LOG_PACE = 16
"""A log may take so much longer than a capture of its size: every line says much, and compressed it is a tenth."""
_AFTER_SECONDS = 60
"""So long after its time a child that has not ended is killed."""


class Capture(NamedTuple):
    """One capture: its path on this machine, its place, its size in bytes; ``log`` says that it is a log of somebody who saw the traffic."""

    host: Path
    where: Where
    size: int
    log: bool = False


@dataclass(slots=True)
class Heard:
    """What captures showed. ``read`` are the places of those that hold any packet, ``logs`` of logs that hold any line."""

    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)
    read: set[Where] = field(default_factory=set)
    logs: set[Where] = field(default_factory=set)
    missing: tuple[str, ...] = ()

    def covered(self, coverage: Coverage) -> Coverage:
        """With the packets."""
        return replace(
            coverage,
            packets=sum(one.packets for one in self.traffic),
            packets_understood=sum(one.understood for one in self.traffic),
            packets_left_out=left_out(reason for one in self.traffic for reason in one.left_out),
        )


def hear(captures: Sequence[Capture], key: bytes, limits: Limits, notice: Callable[[str], None]) -> Heard:
    """Read the captures, one after the other."""
    heard = Heard()
    for one in captures:
        _Listening(one, heard, limits, notice).run(key)
    return heard


class _Listening:
    """One capture being read by its child."""

    def __init__(self, capture: Capture, heard: Heard, limits: Limits, notice: Callable[[str], None]) -> None:
        self._capture, self._heard, self._limits, self._notice = capture, heard, limits, notice
        self._place = readable(capture.where)
        self._packets, self._unit = 0, "line" if capture.log else "packet"
        self._traffic: Traffic | None = None

    def run(self, key: bytes) -> None:
        """Until the child ends."""
        limits = self._limits
        pace = limits.capture_bytes_per_second // (_LOG_PACE if self._capture.log else 1)
        seconds = limits.capture_seconds + self._capture.size // max(1, pace)
        order = Order(os.fsencode(self._capture.host).hex(), self._place, key, seconds, limits, self._capture.log)
        bounds = sandbox.Bounds(
            wall_seconds=seconds + _AFTER_SECONDS,
            cpu_seconds=seconds + _AFTER_SECONDS,
            memory_bytes=4 * GIB,
            heap_bytes=limits.capture_memory_bytes,
            file_bytes=MIB,
        )
        try:
            ended = sandbox.run(CHILD, msgspec.json.encode(order), bounds=bounds, on_message=self._take)
        except (msgspec.MsgspecError, ValueError) as error:
            ended = sandbox.Ended("crashed", error=type(error).__name__)  # what a child under attack says may be nonsense
        self._heard.missing = self._heard.missing or ended.missing
        self._settle(ended)

    def _take(self, message: bytes) -> None:
        seen = msgspec.json.decode(message, type=Seen)
        self._packets, self._traffic = seen.packets, seen.traffic
        for record in seen.records:
            if len(self._heard.facts) < self._limits.facts:
                # A child under attack must not speak for other evidence.
                where = replace(record.where, evidence=self._place.evidence, path=self._place.path)
                self._heard.facts.append(from_record(replace(record, where=where)))
        self._heard.problems.extend(seen.problems[: max(0, self._limits.problems - len(self._heard.problems))])
        self._notice(f"{self._place.path}: {seen.packets} {self._unit}s read")

    def _settle(self, ended: sandbox.Ended) -> None:
        told = any(problem.where and problem.where.evidence == self._place.evidence for problem in self._heard.problems)
        if ended.ok and not self._packets and not told:
            what = Problem(Cause.BROKEN_INPUT, self._place, f"no {self._unit} is in it", "nothing is known of the traffic", emitted())
            self._heard.problems.append(what)
        if not ended.ok or self._traffic is None:
            self._heard.problems.append(_died(self._place, ended, self._packets, self._limits))
        traffic = self._traffic or Traffic(self._packets)
        if self._capture.log:
            self._heard.problems.extend(_left_out(self._place, one) for one in traffic.left_out)
        else:
            self._heard.traffic.append(traffic)
        if traffic.packets:
            (self._heard.logs if self._capture.log else self._heard.read).add(self._place)


def _left_out(place: Where, one: LeftOut) -> Problem:
    """Lines that are of no kind that is read."""
    return Problem(
        Cause.MISSING_TOOL,
        place,
        f"not read: {one.reason} ({one.packets} {'line' if one.packets == 1 else 'lines'})",
        "what they say is not known",
        emitted(),
    )


def _died(place: Where, ended: sandbox.Ended, packets: int, limits: Limits) -> Problem:
    """Why a child ended before its time."""
    consequence = f"of this capture only what {packets} packets at its beginning showed at once is told"
    if ended.how == "memory":
        what = f"reading it took more memory than capture_memory_bytes ({limits.capture_memory_bytes})"
        return Problem(Cause.LIMIT_REACHED, place, what, consequence, emitted())
    if ended.how in {"time", "cpu"}:
        return Problem(Cause.LIMIT_REACHED, place, "capture_seconds: the time for reading it is used up", consequence, emitted())
    if ended.how == "talk":
        return Problem(Cause.LIMIT_REACHED, place, "it yields more facts than its reading process may tell", consequence, emitted())
    how = f"signal {ended.signal}" if ended.signal else ended.error or ended.how
    return Problem(Cause.OUR_BUG, place, f"the process that read the capture ended ({how}) after {packets} packets", consequence, emitted())
