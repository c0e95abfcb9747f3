"""The look at traffic: from records to facts, problems and the account of what was understood."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from asepsis.evidence.read import read
from asepsis.evidence.wire import look as look_module
from asepsis.evidence.wire.events import Asked, Event
from asepsis.evidence.wire.look import MOST_PLACES, Look, Traffic, left_out
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Record
from asepsis.guard.limits import STANDARD, Limits
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Cause, EvidenceKind, LeftOut, Problem
from asepsis.model.facts import Fact, Flow, NetworkDevice
from asepsis.model.reading import Reading
from asepsis.model.where import Where
from tests.unit.evidence.wire import frames
from tests.unit.evidence.wire.talks import Greeting

SECOND = 1_000_000_000


@dataclass
class Watching:
    """An observer that says where a word was said, when a second passed, and that the capture ended."""

    means: Means
    info = ObserverInfo("watching", "Whatever is said", (NetworkDevice,))

    def see(self, event: Event) -> Iterator[Fact]:
        if isinstance(event, Asked) and "RAISE" in event.subject + event.verb:
            raise LookupError
        if isinstance(event, Asked):
            yield NetworkDevice(self.means.place(event.packet), event.verb)

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        yield NetworkDevice(self.means.place(packet), f"second {time // SECOND}")

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        yield NetworkDevice(self.means.place(packet), "end")


def look(*packets: bytes, times: tuple[int, ...] = (), limits: Limits = STANDARD, observers: tuple[type[Watching], ...] = (Watching,)):
    facts: list[Fact] = []
    looking = Look(
        lambda packet: Where("e1", "ward.pcap", packet=packet or None), Redactor(bytes(16)), limits, facts.append, (Greeting(),), observers
    )
    looking.records(Record(number, (times[number - 1] if times else number) * SECOND, 1, data, len(data)) for number, data in enumerate(packets, 1))
    return looking, looking.finish(), facts


def udp(payload: bytes, port: int = 7000) -> bytes:
    return frames.ethernet(frames.ipv4(frames.udp(payload, dport=port), 17))


def names(facts: list[Fact]) -> list[str]:
    return [fact.address for fact in facts if isinstance(fact, NetworkDevice)]


def test_facts_come_while_packets_go_in():
    _, traffic, facts = look(udp(b"HELLO"), udp(b"next"))
    assert names(facts) == ["second 1", "HELLO", "second 2", "next", "close", "end"]
    assert facts[1].where == Where("e1", "ward.pcap", packet=1)
    assert traffic == Traffic(2, 2, ())


def test_a_clock_that_is_set_back_does_not_pass_time_twice():
    _, _, facts = look(*[udp(b"HELLO")] * 4, times=(100, 50, 60, 101))
    assert [name for name in names(facts) if name.startswith("second")] == ["second 100", "second 101"]


def test_every_packet_is_understood_or_said_not_to_be():
    arp, icmp = frames.ethernet(bytes(28), 0x0806), frames.ethernet(frames.ipv4(bytes(8), 1))
    profinet, gre = frames.ethernet(bytes(20), 0x8892), frames.ethernet(frames.ipv4(bytes(30), 200))
    _, traffic, _ = look(arp, icmp, profinet, gre, udp(b"HELLO"), udp(b"strange", 9))
    assert (traffic.packets, traffic.understood) == (6, 3)
    assert sum(one.packets for one in traffic.left_out) == 3
    assert {"IP protocol 200", "udp port 9"} < {one.reason for one in traffic.left_out}


def test_what_was_left_out_is_listed_by_size_and_the_rest_is_summed():
    many = [LeftOut(f"tcp port {port}", 1, port) for port in range(1, 31)]
    listed = left_out([*many, LeftOut("tcp port 7", 1, 1000)])
    assert (len(listed), listed[0]) == (21, LeftOut("tcp port 7", 2, 1007))
    assert listed[-1].reason == "10 others"
    assert sum(one.bytes for one in listed) == sum(range(1, 31)) + 1000


def test_an_observer_that_fails_costs_its_own_facts_and_nothing_else():
    class Other(Watching):
        info = replace(Watching.info, name="other")

        def see(self, event: Event) -> Iterator[Fact]:
            yield from ()

    looking, _, facts = look(udp(b"HELLO RAISE"), udp(b"more"), observers=(Watching, Other))
    (problem,) = looking.problems
    assert (problem.cause, problem.what) == (Cause.OUR_BUG, "watching failed with LookupError")
    assert problem.hides == ("NetworkDevice",)
    assert names(facts)[-1] == "end"


def test_a_complaint_that_is_repeated_is_counted():
    broken = frames.ethernet(frames.ipv4(b"", 6, total=3))
    looking, _, _ = look(*[broken] * 50)
    assert [problem.where.packet for problem in looking.problems if problem.where] == [None, 1, 2, 3, 4, 5]
    assert "(50 times in all)" in looking.problems[0].what
    assert len(looking.problems) == MOST_PLACES + 1
    assert {problem.hides for problem in looking.problems} == {("NetworkDevice",)}


def test_facts_and_problems_are_bounded():
    looking, _, facts = look(*[udp(b"HELLO")] * 30, limits=replace(STANDARD, facts=10, problems=3))
    assert len(facts) == 10
    assert any(problem.what == "facts: more than 10" for problem in looking.problems)


def reading(*artefacts: object, limits: Limits = STANDARD) -> Reading:
    return read([str(artefact) for artefact in artefacts], limits=limits, digest_key=None, notice=lambda _: None)


def written(path: Path, *packets: bytes) -> Path:
    path.write_bytes(frames.pcap(*packets))
    return path


def test_a_capture_is_evidence_and_every_packet_is_in_the_coverage(tmp_path: Path):
    capture = written(tmp_path / "ward.pcap", udp(b"nobody knows this", 9), frames.ethernet(bytes(28), 0x0806))
    result = reading(capture)
    assert [one.kind for one in result.evidence] == [EvidenceKind.PCAP]
    assert (result.coverage.packets, result.coverage.packets_understood) == (2, 1)
    assert result.coverage.packets_left_out == (LeftOut("udp port 9", 1, 17),)
    assert result.coverage.bytes_understood == result.coverage.bytes_total
    assert result.coverage.unopened == ()


def test_a_capture_alone_proves_nothing_absent_that_software_shows(tmp_path: Path):
    result = reading(written(tmp_path / "ward.pcap", udp(b"HELLO")))
    looked = {entry.kind: entry.looked for entry in result.looked_for}
    assert looked["Flow"]
    assert looked["NetworkDevice"]
    assert not any(looked[kind] for kind in ("Service", "Account", "PrivateKey", "StoredSecret", "Certificate", "HostileContainer", "Component"))


def test_a_broken_capture_hides_only_what_traffic_shows(tmp_path: Path):
    capture = written(tmp_path / "ward.pcap", udp(b"HELLO"))
    capture.write_bytes(capture.read_bytes() + b"cut")
    result = reading(capture)
    assert result.coverage.packets == 1
    assert result.problems
    assert all("Flow" in problem.hides and "Account" not in problem.hides for problem in result.problems)


def test_two_captures_are_two_pieces_of_one_study(tmp_path: Path):
    first, second = written(tmp_path / "a.pcap", udp(b"HELLO")), written(tmp_path / "b.pcap", udp(b"HELLO"), udp(b"x"))
    assert reading(first, second).coverage.packets == 3


def test_a_capture_that_takes_too_long_is_brought_to_an_end_and_said(tmp_path: Path):
    capture = written(tmp_path / "ward.pcap", *[udp(struct.pack("I", number)) for number in range(5000)])
    result = reading(capture, limits=replace(STANDARD, capture_seconds=0))
    assert [problem for problem in result.problems if problem.cause is Cause.LIMIT_REACHED and "capture_seconds" in problem.what]
    assert result.coverage.packets == 4096


def test_the_process_that_reads_may_die_and_what_it_said_stays(tmp_path: Path):
    capture = written(tmp_path / "ward.pcap", *[udp(struct.pack("I", number)) for number in range(50)])
    result = reading(capture, limits=replace(STANDARD, capture_memory_bytes=1 << 20))
    (problem,) = result.problems
    assert isinstance(problem, Problem)
    assert problem.cause in {Cause.LIMIT_REACHED, Cause.OUR_BUG}
    assert "Account" not in problem.hides


def test_the_kinds_that_traffic_shows_are_known_without_a_capture():
    assert Flow.__name__ in look_module.emitted(())
