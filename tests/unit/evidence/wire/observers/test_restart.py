"""A watch that is restarted: what was learned before is known after it, nothing is told twice and nobody who fell silent is forgotten."""

from __future__ import annotations

import msgspec
import pytest

from asepsis.evidence.wire.events import Hl7Said
from asepsis.evidence.wire.look import Look
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers.orders.observe import DoseIntegrity
from asepsis.evidence.wire.observers.silence.observe import SilencesObserver
from asepsis.evidence.wire.observers.silence.pairs import MOST_REMEMBERED
from asepsis.evidence.wire.packet import Conversation, Record, Side
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Confidence
from asepsis.model.where import Where
from tests.unit.evidence.wire.frames import ethernet, ipv4, udp
from tests.unit.evidence.wire.ward import MEANS, SECOND, START, Pump, Ward, report

LIKELY, WEAK = Confidence.LIKELY, Confidence.WEAK


def others(ward: Ward, begin: float, end: float) -> None:
    for i in range(6):
        ward.every(20, begin + i, end, Pump(ward, f"10.0.0.{50 + i}").report, jitter=2)


def first_watch(until: float = 1500, last: float = 1500, *, hang_up: bool = False, device: str = "") -> tuple[bytes, Ward]:
    """Six pumps that go on, and one that reports until ``last``; what was learned then."""
    observer = SilencesObserver(MEANS)
    ward = Ward([observer])
    others(ward, 0, until)
    pump = Pump(ward, "10.0.0.9", device=device)
    ward.every(60, 5, last, pump.report, jitter=3)
    if hang_up:
        ward.at(last + 5, pump.hang_up)
    ward.run(until)
    return observer.remember(), ward


def second_watch(learned: bytes, unwatched: float = 5, begin: float = 1505) -> Ward:
    observer = SilencesObserver(MEANS)
    observer.recall(learned, int(unwatched * SECOND))
    ward = Ward([observer])
    others(ward, begin, begin + 2000)
    return ward


class TestSilences:
    def test_who_fell_silent_just_before_is_told_after_it(self):
        learned, _ = first_watch()
        (fact,) = second_watch(learned).run(3500)
        assert (fact.victim, fact.confidence, fact.peer) == ("10.0.0.9", LIKELY, "10.0.0.100:3000")
        assert fact.detail.startswith("HL7 ORU^R01 came every 60 s (25 times), then no more")
        assert 300 <= fact.seconds <= 400  # since it was heard, not since the restart

    def test_who_was_told_before_is_not_told_again(self):
        learned, ward = first_watch(last=900)
        assert [fact.victim for fact in ward.facts] == ["10.0.0.9"]
        assert second_watch(learned).run(3500) == []

    def test_who_goes_on_is_not_told(self):
        learned, _ = first_watch()
        ward = second_watch(learned)
        ward.every(60, 1510, 3500, Pump(ward, "10.0.0.9").report, jitter=3)
        assert ward.run(3500) == []

    def test_who_goes_on_and_then_stops_is_told_without_learning_anew(self):
        learned, _ = first_watch()
        ward = second_watch(learned)
        ward.every(60, 1510, 1700, Pump(ward, "10.0.0.9").report, jitter=3)  # four reports: no rhythm yet
        assert [(fact.victim, fact.confidence) for fact in ward.run(3500)] == [("10.0.0.9", LIKELY)]

    def test_who_said_goodbye_before_is_not_told(self):
        learned, _ = first_watch(last=1440, hang_up=True)
        assert second_watch(learned).run(3500) == []

    def test_who_was_told_and_came_back_is_told_anew(self):
        learned, _ = first_watch(last=900)
        ward = second_watch(learned)
        ward.every(60, 1510, 1900, Pump(ward, "10.0.0.9").report, jitter=3)
        assert [fact.victim for fact in ward.run(3500)] == ["10.0.0.9"]

    def test_after_an_hour_without_a_watch_it_cannot_be_told(self):
        learned, _ = first_watch()
        (fact,) = second_watch(learned, 3600, 5100).run(7000)
        assert (fact.victim, fact.confidence) == ("10.0.0.9", WEAK)
        assert fact.explained_by[0] == "it left in good order while nobody watched (3600 s)"

    def test_a_conversation_joined_in_its_middle_whose_ends_are_taken_for_one_another(self):
        learned, _ = first_watch()
        ward = second_watch(learned)
        held: list[Conversation] = []

        def again(packet: int, time: int) -> None:
            if not held:  # the server is taken for the client
                held.append(ward.talk(packet, time, "10.0.0.100", "10.0.0.9", 40_007, protocol="hl7"))
            ward.say(held[0], Side.SERVER, packet, time, 600)
            ward.see(said(held[0], packet, time))

        ward.every(60, 1510, 3500, again, jitter=3)
        assert ward.run(3500) == []

    def test_one_of_several_devices_behind_a_gateway(self):
        observer = SilencesObserver(MEANS)
        ward = Ward([observer])
        others(ward, 0, 1500)
        for name in ("A0001", "A0002"):
            ward.every(60, 5, 1500, Pump(ward, "10.0.0.9", device=name).report, jitter=3)
        ward.run(1500)
        ward = second_watch(observer.remember())
        ward.every(60, 1510, 3500, Pump(ward, "10.0.0.9", device="A0002").report, jitter=3)
        assert [(fact.victim, fact.confidence) for fact in ward.run(3500)] == [("10.0.0.9 A0001", LIKELY)]

    def test_what_is_remembered_is_bounded_and_what_is_not_is_told(self):
        full: list[str] = []
        observer = SilencesObserver(Means(MEANS.place, MEANS.redactor, full=full.append))
        ward = Ward([observer])
        for i in range(20):
            for device in range(250):
                pump = Pump(ward, f"10.0.1.{i}", device=f"D{device}")
                ward.every(60, 5, 700, pump.report)
        ward.run(700)
        lessons = msgspec.json.decode(observer.remember())
        assert sum(len(lesson[-1]) for lesson in lessons) == MOST_REMEMBERED // 250 * 250
        assert full == [f"rhythms: more than {MOST_REMEMBERED} are not remembered over a restart"]

    def test_nothing_of_a_patient_is_remembered(self):
        observer = SilencesObserver(MEANS)
        ward = Ward([observer])
        pump = Pump(ward, "10.0.0.9", device="A0001")

        def personal(packet: int, time: int) -> None:
            pump.report(packet, time)
            assert pump.talk
            message = report("A0001") + b"PID|1||4711||Doe^Jane\rOBX|2|ST|0^x^L||Doe^Jane||||||F\r"
            ward.see(said(pump.talk, packet, time, message))

        ward.every(60, 5, 1500, personal)
        ward.run(1500)
        learned = observer.remember()
        assert b"A0001" in learned
        assert not any(word in learned for word in (b"Doe", b"Jane", b"4711", b"PUMP^"))


def said(talk: Conversation, packet: int, time: int, message: bytes = b"") -> Hl7Said:
    side = Side.SERVER if talk.server.address == "10.0.0.9" else Side.CLIENT
    return Hl7Said(talk, side, packet, time, message=message or report())


class TestBrokenLessons:
    def test_each_byte_cut_or_changed_is_refused_or_harmless(self):
        learned, _ = first_watch(device="A0001")
        for i in range(0, len(learned), 3):
            for broken in (learned[:i], learned[:i] + bytes([learned[i] ^ 0x11]) + learned[i + 1 :]):
                observer = SilencesObserver(MEANS)
                try:
                    observer.recall(broken, 0)
                except (msgspec.MsgspecError, ValueError):
                    continue
                ward = Ward([observer])
                others(ward, 0, 30)
                ward.run(30)

    @pytest.mark.parametrize("make", [SilencesObserver, DoseIntegrity])
    @pytest.mark.parametrize("learned", [b"", b"null", b"[]", b"{}", b'[["a"]]', b'{"addresses": 3}', b"[" * 9999])
    def test_what_is_none_of_its_words_is_refused(self, make, learned):
        observer = make(MEANS)
        if make is SilencesObserver and learned == b"[]":
            observer.recall(learned, 0)
            return
        with pytest.raises((msgspec.MsgspecError, ValueError, RecursionError)):
            observer.recall(learned, 0)


class TestLook:
    def look(self, learned: bytes = b"", start: float = 0) -> Look:
        """Two devices that send each other datagrams, for ten minutes."""
        look = Look(lambda packet: Where("live", "x", packet=packet), Redactor(b"k" * 32), Limits(), lambda _fact: None)
        if learned:
            look.recall(learned)
        frame = ethernet(ipv4(udp(b"x" * 40, sport=4000, dport=7000), 17))
        for second in range(0, 600, 2):
            look.record(Record(second // 2 + 1, START + int((start + second) * SECOND), 1, frame, len(frame)))
        return look

    def silences(self, look: Look) -> SilencesObserver:
        (found,) = (one for one in look._observers if isinstance(one, SilencesObserver))
        return found

    def test_a_later_capture_knows_what_the_earlier_one_learned(self):
        learned = self.look().remember()
        later = Look(lambda packet: Where("live", "x", packet=packet), Redactor(b"k" * 32), Limits(), lambda _fact: None)
        later.recall(learned)
        frame = ethernet(ipv4(udp(b"x" * 40, sport=4000, dport=7000), 17))
        later.record(Record(1, START + 700 * SECOND, 1, frame, len(frame)))
        assert list(self.silences(later)._pairs.known)
        assert later.problems == []

    @pytest.mark.parametrize("start", [-600, 0, 3 * 24 * 3600])
    def test_the_same_capture_again_and_one_of_another_day_begin_anew(self, start):
        learned = self.look().remember()
        again = self.look(learned, start)
        assert {rhythm.count for pair in self.silences(again)._pairs.known.values() for rhythm in pair.rhythms.values()} <= set(range(301))
        assert again.remember() == self.look(b"", start).remember()

    @pytest.mark.parametrize("learned", [b"{", b'{"time": 3}', b'{"time": "x", "observers": {}}', b"[" * 99_999])
    def test_what_cannot_be_read_is_a_problem_and_a_fresh_start(self, learned):
        look = self.look(learned)
        assert [problem.what.startswith("what was learned before cannot be read") for problem in look.problems] == [True]
        assert look.remember() == self.look().remember()

    def test_what_one_observer_cannot_read_is_a_problem_of_it_alone(self):
        learned = msgspec.json.decode(self.look().remember())
        learned["observers"]["silences"] = {"foreign": True}
        look = self.look(msgspec.json.encode(learned), 700)
        assert [problem.what.split(" learned")[0] for problem in look.problems] == ["what silences"]


class TestSenders:
    def test_a_programmer_that_was_known_is_no_first_one_and_a_stranger_is_one(self):
        observer = DoseIntegrity(MEANS)
        (senders,) = (one for one in observer._checks if hasattr(one, "remember"))
        senders._programmers.put("pump-1", [("10.0.0.20", "GATEWAY")])
        senders._addresses.put("10.0.0.20", True)
        senders._applications.put("GATEWAY", True)
        again = DoseIntegrity(MEANS)
        again.recall(observer.remember(), 0)
        (known,) = (one for one in again._checks if hasattr(one, "remember"))
        assert known._programmers.get("pump-1") == [("10.0.0.20", "GATEWAY")]
        assert known._takes_part(("10.0.0.20", "GATEWAY"))
        assert again.remember() == observer.remember()
