"""One capture by the short way and by the long one: whatever can be told of it has to be the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from io import BytesIO

from asepsis.evidence.wire import capture
from asepsis.evidence.wire.decoders import DECODERS
from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.look import Look, Traffic
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.observers import OBSERVERS
from asepsis.guard.limits import STANDARD
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Problem
from asepsis.model.facts import Fact, Flow
from asepsis.model.where import Where


class Tape:
    """An observer that writes down every event as it is told, with all counts of its conversation at that moment."""

    info = ObserverInfo("tape", "Everything", (Flow,))

    def __init__(self, _means: Means) -> None:
        self.written: list[str] = []

    def see(self, event: Event) -> Iterator[Fact]:
        self.written.append(f"{event!r} {[getattr(event.conversation, one.name) for one in fields(event.conversation)]}")
        return iter(())

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        self.written.append(f"{packet} {time}")
        return iter(())

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        return self.pass_time(packet, time)


Outcome = tuple[list[str], list[Fact], list[Problem], Traffic, int]


def looked_at(data: bytes, *, short: bool) -> tuple[Outcome, int]:
    """What is told of a capture, and how many packets went the long way."""
    facts: list[Fact] = []
    tape = Tape(Means(lambda _packet: Where("", ""), Redactor(bytes(16))))
    look = Look(
        lambda packet: Where("e1", "a.pcap", packet=packet or None), Redactor(bytes(16)), STANDARD, facts.append, DECODERS,
        (*OBSERVERS, lambda _means: tape),
    )  # fmt: skip
    stream = BytesIO(data)
    if short:
        long_way = sum(1 for _ in look.captured(stream))
    else:
        look.records(capture.records(stream, look.complain))
        long_way = look.packets
    traffic = look.finish()
    return (tape.written, facts, look.problems, traffic, look.packets), long_way


def told_alike(data: bytes) -> int:
    """Asserts it; gives how many packets went the short way."""
    by_long, _ = looked_at(data, short=False)
    by_short, long_way = looked_at(data, short=True)
    for mine, theirs in zip(by_short, by_long, strict=True):
        assert mine == theirs
    return by_short[4] - long_way
