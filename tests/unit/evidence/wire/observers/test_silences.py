"""Silence of one against silence of all: what is told of a device, of the path that all share, and of live traffic in which nobody is heard."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.wire.events import Hl7Said
from asepsis.evidence.wire.observers.silence.observe import SilencesObserver
from asepsis.evidence.wire.packet import Side
from asepsis.model.facts import Confidence, Disturbance
from tests.unit.evidence.wire.ward import MEANS, SECOND, START, Pump, Ward, report

LIKELY = Confidence.LIKELY


def watched() -> tuple[Ward, SilencesObserver]:
    observer = SilencesObserver(MEANS)
    return Ward([observer]), observer


def pumps(ward: Ward, count: int, until: float, *, begin: float = 0, period: float = 20) -> list[Pump]:
    made = [Pump(ward, f"10.0.0.{50 + i}") for i in range(count)]
    for i, pump in enumerate(made):
        ward.every(period, begin + i, until, pump.report, jitter=2)
    return made


def real_time(ward: Ward, observer: SilencesObserver, begin: int, end: int) -> list[Disturbance]:
    """Seconds pass by the real clock, and no packet comes."""
    facts = []
    for second in range(begin, end):
        facts += [fact for fact in observer.pass_time(ward._packet, START + second * SECOND) if isinstance(fact, Disturbance)]
    return facts


class TestNobodyIsHeardAnyMore:
    def test_all_at_once_is_one_alarm_and_what_they_share_the_likelier_cause(self):
        ward, observer = watched()
        pumps(ward, 6, 900)
        assert ward.run(900) == []
        (fact,) = real_time(ward, observer, 901, 1500)
        assert (fact.what, fact.victim, fact.confidence) == ("silence", "", LIKELY)
        assert fact.detail == (
            "6 regular speakers fell silent together: 10.0.0.50, 10.0.0.51, 10.0.0.52, 10.0.0.53, 10.0.0.54 and 1 others;"
            " nobody else is heard regularly"
        )
        assert "tap, mirror port, switch" in fact.explained_by[0]
        assert 70 <= fact.seconds <= 105  # five intervals of 20 s after the last word of the first, at most 24 s before that of the last

    def test_the_only_regular_speaker_is_named(self):
        ward, observer = watched()
        pumps(ward, 1, 900)
        ward.run(900)
        (fact,) = real_time(ward, observer, 901, 1500)
        assert (fact.victim, fact.confidence) == ("10.0.0.50", LIKELY)
        assert fact.explained_by[0].startswith("nobody else is heard either")

    def test_not_before_it_is_due(self):
        ward, observer = watched()
        pumps(ward, 6, 900)
        ward.run(900)
        assert real_time(ward, observer, 901, 960) == []

    def test_strangers_without_a_rhythm_are_missed_by_nobody(self):
        ward, observer = watched()
        ward.at(1, lambda packet, time: ward.talk(packet, time, "10.0.0.7", "10.0.0.1", 80) and None)
        ward.run(5)
        assert real_time(ward, observer, 6, 4000) == []

    def test_who_does_not_come_back_with_the_others_is_told_then(self):
        ward, observer = watched()
        made = pumps(ward, 6, 900)
        ward.run(900)
        assert len(real_time(ward, observer, 901, 1500)) == 1
        ward.facts.clear()
        for i, pump in enumerate(made[:5]):
            ward.every(20, 1500 + i, 2400, pump.report, jitter=2)
        facts = ward.run(2400)
        assert [(fact.victim, fact.confidence) for fact in facts] == [("10.0.0.55", LIKELY)]

    def test_all_come_back_and_nothing_more_is_told(self):
        ward, observer = watched()
        made = pumps(ward, 6, 900)
        ward.run(900)
        assert len(real_time(ward, observer, 901, 1500)) == 1
        ward.facts.clear()
        for i, pump in enumerate(made):
            ward.every(20, 1500 + i, 2400, pump.report, jitter=2)
        assert ward.run(2400) == []


class TestTheCaptureGoesOn:
    def test_nearly_all_at_once_is_told_once(self):
        ward, _ = watched()
        pumps(ward, 9, 900)
        ward.every(10, 3, 1800, Pump(ward, "10.0.0.9").report, jitter=1)
        (fact,) = ward.run(1800)
        assert (fact.victim, fact.confidence) == ("", LIKELY)
        assert fact.detail.startswith("9 regular speakers fell silent together")
        assert fact.detail.endswith("1 others go on")

    def test_two_of_many_are_told_each_for_itself(self):
        ward, _ = watched()
        pumps(ward, 2, 900)
        for i in range(6):
            ward.every(20, i, 1800, Pump(ward, f"10.0.0.{70 + i}").report, jitter=2)
        assert sorted(fact.victim for fact in ward.run(1800)) == ["10.0.0.50", "10.0.0.51"]

    def test_all_that_close_their_connections_in_order_are_not_told(self):
        """The end of a shift: switched off one after the other, as it should be."""
        ward, _ = watched()
        for i, pump in enumerate(pumps(ward, 6, 900)):
            ward.at(930 + i, pump.hang_up)
        ward.every(10, 3, 1800, Pump(ward, "10.0.0.9").report, jitter=1)
        assert ward.run(1800) == []


class TestARhythmThatChanges:
    def slower(self, period: float, then: float) -> list[Disturbance]:
        ward, _ = watched()
        pumps(ward, 6, 12_000)
        pump = Pump(ward, "10.0.0.9")
        ward.every(period, 5, 1500, pump.report, jitter=3)
        ward.every(then, 1500 + then, 12_000, pump.report, jitter=3)
        return ward.run(12_000)

    def test_half_as_often_is_nobodys_silence(self):
        assert self.slower(60, 120) == []

    def test_four_times_slower_is_none_either(self):
        assert self.slower(60, 240) == []

    def test_ten_times_slower_is_told_once_with_that_as_an_explanation(self):
        (fact,) = self.slower(60, 600)
        assert fact.victim == "10.0.0.9"
        assert "it was set to report less often" in fact.explained_by

    def test_more_often_is_no_silence(self):
        assert self.slower(60, 10) == []

    def test_whoever_stops_after_the_change_is_told(self):
        ward, _ = watched()
        pumps(ward, 6, 12_000)
        pump = Pump(ward, "10.0.0.9")
        ward.every(60, 5, 1500, pump.report, jitter=3)
        ward.every(600, 2100, 6000, pump.report, jitter=3)
        assert [fact.victim for fact in ward.run(12_000)] == ["10.0.0.9", "10.0.0.9"]


def status(code: str, value: str) -> bytes:
    return report() + f"OBX|2|CWE|{code}|1.1.1.1|{value}||||||F\r".encode()


class TestParting:
    """A pump that opens a connection for each report: that it closes them says nothing by itself."""

    INFUSING = status("184519^MDC_PUMP_INFUSING_STATUS^MDC", "^pump-status-infusing")
    STOPPED = status("184519^MDC_PUMP_INFUSING_STATUS^MDC", "^pump-status-not-infusing")
    STANDBY = status("184508^MDC_PUMP_STAT^MDC", "^pump-status-standby")
    EVENT = status("0^MDC_EVT_STANDBY^MDC", "")

    def last_words(self, words: bytes, *, closed: bool) -> list[tuple[str, Confidence]]:
        ward, _ = watched()
        pumps(ward, 6, 3600)

        def say(message: bytes, *, close: bool) -> Callable[[int, int], None]:
            def deed(packet: int, time: int) -> None:
                talk = ward.talk(packet, time, "10.0.0.9", "10.0.0.100", 3000, protocol="hl7")
                ward.say(talk, Side.CLIENT, packet, time, 600)
                ward.see(Hl7Said(talk, Side.CLIENT, packet, time, message=message))
                if close:
                    ward.close(talk, packet, time)

            return deed

        ward.every(60, 5, 1500, say(self.INFUSING, close=True), jitter=3)
        ward.at(1520, say(words, close=closed))
        return [(fact.victim, fact.confidence) for fact in ward.run(3600)]

    def test_closing_after_an_ordinary_report_is_no_goodbye(self):
        assert self.last_words(self.INFUSING, closed=True) == [("10.0.0.9", LIKELY)]

    def test_closing_after_it_reported_that_it_stopped_is_one(self):
        assert self.last_words(self.STOPPED, closed=True) == []

    def test_that_it_stopped_without_closing_cannot_be_told(self):
        assert self.last_words(self.STOPPED, closed=False) == [("10.0.0.9", Confidence.WEAK)]

    def test_announced_standby_is_a_goodbye(self):
        assert self.last_words(self.STANDBY, closed=False) == []
        assert self.last_words(self.EVENT, closed=False) == []

    def test_the_words_of_a_patient_or_a_drug_are_no_state(self):
        note = report() + b"OBX|2|ST|184514^MDC_DRUG_NAME_LABEL^MDC|1.1.1.1|Standby power-off stop||||||F\rNTE|1||standby\r"
        assert self.last_words(note, closed=True) == [("10.0.0.9", LIKELY)]
