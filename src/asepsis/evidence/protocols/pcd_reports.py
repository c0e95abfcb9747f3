"""What pumps report, out of HL7 messages (IHE PCD-01, PCD-10; HL7 v2.6 chapter 7 for OBR and OBX). No I/O.

A pump reports the same all day, but for numbers and times: what its messages are made of is taken apart once for each shape, and filled after that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.hl7 import Message, Segment, moment
from asepsis.evidence.protocols.pcd import MOST_ORDERS, Digest, label_of, patient_of, pump_of, value_of, words_of
from asepsis.evidence.protocols.pcd_codes import RATE_UNITS, Metric, metric, unit_text
from asepsis.model.amount import Amount, amount
from asepsis.model.infusion import Report
from asepsis.model.prescription import Prescription

_UNSTEADY = ("kvo", "transition", "bolus", "ramp", "taper", "multi", "loading")
_ENDED = re.compile(r"(?:infus|vtbi|deliv)\w*complete")
_OVER = re.compile(r"bolus\w*(?:complete|end|stop)")
TO_THE_SECOND = 14
"""Digits of a time stamp that says seconds."""
_OF_A_SOURCE = frozenset({Metric.RATE, Metric.DOSE, Metric.VTBI})
_OF_A_PATIENT = frozenset({Metric.WEIGHT, Metric.AREA})
_OF_A_PUMP = frozenset({Metric.STATUS, Metric.DELIVERY, Metric.EVENT})
_MOST_SHAPES, _LONGEST_SHAPE = 512, 8192
"""Shapes that are remembered, and the characters of one."""
_OF_A_SHAPE = (3, 4, 6, 16, 18)
"""All fields of an OBX that a channel is made of, but for its value: that counts where it is a word."""


def reports(message: Message, digest: Digest) -> tuple[Report, ...]:
    """One for each channel (VMD) of a pump; none if nothing in it is a pump's."""
    found = [
        (channel, seen, obr) for obr, group in _placed(message) for channel in _channels(obr, group) if channel.tells(seen := channel.amounts(group))
    ]
    patient = patient_of(message, digest) if found else ()
    return tuple([channel.report(seen, obr, patient) for channel, seen, obr in found[:MOST_ORDERS]])


def _placed(message: Message) -> Iterator[tuple[Segment | None, list[Segment]]]:
    """Each OBR with the OBX that follow it."""
    head: Segment | None = None
    group: list[Segment] = []
    for segment in message.segments:
        if segment.name == "OBR":
            if group:
                yield head, group
            head, group = segment, []
        elif segment.name == "OBX":
            group.append(segment)
    if group:
        yield head, group


@dataclass(frozen=True, slots=True)
class _Channel:
    """What stays the same in all reports of a channel that are shaped alike. ``numbers`` are the OBX that hold one: place, metric, unit."""

    numbers: tuple[tuple[int, Metric, str], ...]
    words: dict[Metric, str]
    order: str
    pump: tuple[str, ...]
    drug: str
    delivering: bool | None
    steady: bool
    ended: bool
    operator: bool

    def amounts(self, group: list[Segment]) -> dict[Metric, Amount]:
        """Of each metric the first that can be read."""
        found: dict[Metric, Amount] = {}
        for place, what, unit in self.numbers:
            if what not in found:
                segment = group[place]
                value = value_of(segment, what) if segment.text(2).upper() == "SN" else amount(segment.text(5), unit)
                if value is not None:
                    found[what] = value
        return found

    def tells(self, seen: dict[Metric, Amount]) -> bool:
        """Whether it says what a pump does."""
        return bool(seen.keys() - _OF_A_PATIENT) or bool(self.words.keys() & _OF_A_PUMP)

    def report(self, seen: dict[Metric, Amount], obr: Segment | None, patient: tuple[str, ...]) -> Report:
        """The report of these amounts."""
        get, flow, left = seen.get, seen.get(Metric.RATE) or seen.get(Metric.CURRENT_RATE), seen.get(Metric.REMAINING)
        said = Prescription(
            self.order,
            pump=self.pump,
            patient=patient,
            drug=self.drug,
            rate=get(Metric.DOSE) or flow,
            vtbi=get(Metric.VTBI),
            concentration=get(Metric.CONCENTRATION),
            weight=get(Metric.WEIGHT),
            area=get(Metric.AREA),
        )
        return Report(
            said,
            flow=flow,
            delivered=get(Metric.DELIVERED),
            remaining=left,
            delivering=self.delivering,
            steady=self.steady,
            ended=self.ended or (left is not None and left.value == 0),
            event=self.words.get(Metric.EVENT, ""),
            operator=self.operator,
            at=_moment(obr.text(7)) if obr else None,
            time_left=get(Metric.TIME_LEFT),
        )


_SHAPES: dict[tuple[object, ...], tuple[_Channel, ...]] = {}
"""What was taken apart before; nothing of it depends on when or by whom."""


def _channels(obr: Segment | None, group: list[Segment]) -> tuple[_Channel, ...]:
    shape: list[tuple[str, ...]] = [obr.some((2, 4)) if obr else ()]
    for one in group:
        shape.append(one.some(_OF_A_SHAPE))
        what = metric(one)
        if what is not None and what not in RATE_UNITS:
            shape.append((one.whole(5),))
    key = (group[0].marks, group[0].codec, obr is None, *shape)
    known = _SHAPES.get(key)
    if known is None:
        known = tuple(_apart(obr, group))
        if sum(len(text) for texts in shape for text in texts) <= _LONGEST_SHAPE:
            if len(_SHAPES) >= _MOST_SHAPES:
                _SHAPES.clear()
            _SHAPES[key] = known
    return known


def _apart(obr: Segment | None, group: list[Segment]) -> Iterator[_Channel]:
    """The sources below a pump: OBX-4 is MDS.VMD.channel.metric, and a pump may have several VMDs and sources."""
    placed = [(number, tuple(one.text(4).split(".")[:3])) for number, one in enumerate(group)]
    whole = [number for number, path in placed if len(path) == 1 or path[1] in ("0", "")]
    parts = [(number, path) for number, path in placed if len(path) > 1 and path[1] not in ("0", "")]
    for key in dict.fromkeys(path[:2] for _, path in parts) or [()]:
        channel = [(number, path) for number, path in parts if path[:2] == key]
        sources = dict.fromkeys(path for number, path in channel if metric(group[number]) in _OF_A_SOURCE) or {(): None}
        for source in sources:
            own = [number for number, path in channel if not source or len(sources) == 1 or path == source or path not in sources]
            yield _channel(obr, group, [*whole, *own])


def _channel(obr: Segment | None, group: list[Segment], places: list[int]) -> _Channel:
    own = [group[number] for number in places]
    words = words_of(own)
    status, delivery = words.get(Metric.STATUS, ""), words.get(Metric.DELIVERY, "")
    ways = f"{status} {delivery} {words.get(Metric.MODE, '')} {words.get(Metric.EVENT, '')}"
    numbers = [(place, what) for place in places if (what := metric(group[place])) is not None and what in RATE_UNITS]
    return _Channel(
        numbers=tuple((place, what, unit_text(group[place].parts(6)) or RATE_UNITS[what]) for place, what in numbers),
        words=words,
        order=obr.text(2) if obr else "",
        pump=pump_of(own),
        drug=words.get(Metric.DRUG, "") or (_drug_of_service(obr) if obr else ""),
        delivering=_delivering(status, delivery),
        steady=not any(word in ways for word in _UNSTEADY) or _OVER.search(ways) is not None,
        ended="kvo" in ways or _ENDED.search(ways) is not None,
        operator=any(segment.text(16) for segment in own),
    )


def _moment(text: str) -> int | None:
    """When a report says that it was observed, if it says so to the second."""
    found = moment(text) if len(text) >= TO_THE_SECOND else None
    return found[0] if found else None


def _delivering(status: str, delivery: str) -> bool | None:
    both = f"{status} {delivery}".replace("_", "-")
    if "not-" in both or "stop" in both or "paus" in both or "standby" in both:
        return False
    return True if "infusing" in both or "deliver" in both or "kvo" in both else None


def _drug_of_service(obr: Segment) -> str:
    """OBR-4 names the drug in reports of an infusion, unless it names the device or the event in the nomenclature."""
    parts = [part.upper() for part in obr.parts(4)]
    return "" if any(part == "MDC" or part.startswith("MDC") for part in parts) or len(parts) < 2 else label_of(obr, 4)  # noqa: PLR2004
