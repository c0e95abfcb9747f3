"""Labelled sequences of a ward's traffic: attacks on availability that must be told as what they are, and ordinary days of which nothing may be told.

``LIKELY`` is an alarm; what is ``WEAK`` says that it cannot be told. Each sequence names what must come out, as (what, victim, how sure).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asepsis.evidence.wire.observer import Observer
from asepsis.evidence.wire.observers.exhaustion import ExhaustionObserver
from asepsis.evidence.wire.observers.flood.observe import FloodsObserver
from asepsis.evidence.wire.observers.resets import ResetsObserver
from asepsis.evidence.wire.observers.silence.observe import SilencesObserver
from asepsis.evidence.wire.packet import Closing, Conversation, Side
from asepsis.model.facts import Confidence
from tests.unit.evidence.wire.ward import MEANS, Pump, Ward, association, bye, release, report

HOUR = 3600
SERVER = "10.0.0.100"
LIKELY, WEAK = Confidence.LIKELY, Confidence.WEAK
Told = list[tuple[str, str, Confidence]]
Sequence = Callable[[Ward], float]
"""Writes a sequence, says when the capture ends."""


def neighbours(ward: Ward, end: float, begin: float = 0) -> None:
    """Others on the network who are heard all the time: three pumps, and somebody who looks names up."""
    for i in range(3):
        ward.every(20, begin + i, end, Pump(ward, f"10.0.0.{50 + i}").report, jitter=2)
    ward.every(4, begin, end, lambda packet, time: ward.talk(packet, time, "10.0.0.77", "10.0.0.1", 53, "udp"), jitter=3)


# ----- silence: attacks and failures


def a_pump_that_stops_in_the_middle(ward: Ward) -> float:
    neighbours(ward, HOUR)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").report, jitter=3)
    return HOUR


def a_pump_that_stops_after_reports_were_missed(ward: Ward) -> float:
    neighbours(ward, HOUR)
    ward.every(30, 5, 2000, Pump(ward, "10.0.0.9").report, jitter=6, missed=0.1)
    return HOUR


def a_pump_whose_connection_is_broken_off(ward: Ward) -> float:
    neighbours(ward, HOUR)
    pump = Pump(ward, "10.0.0.9")
    ward.every(60, 5, 1500, pump.report, jitter=3)
    ward.at(1510, pump.break_off)
    return HOUR


def one_device_behind_a_gateway(ward: Ward) -> float:
    neighbours(ward, HOUR)
    one, two = (Pump(ward, "10.0.0.9", device=device) for device in ("A0001", "A0002"))
    ward.every(60, 5, 1500, one.report, jitter=3)
    ward.every(60, 8, HOUR, two.report, jitter=3)
    return HOUR


def a_pump_that_opens_a_connection_for_each_report(ward: Ward) -> float:
    neighbours(ward, HOUR)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").once, jitter=3)
    return HOUR


def telemetry_by_datagrams_that_nobody_here_understands(ward: Ward) -> float:
    neighbours(ward, HOUR)
    held: list[Conversation] = []

    def wave(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, "10.0.0.9", SERVER, 7000, "udp"))
        ward.say(held[0], Side.CLIENT, packet, time, 200, answer=0)

    ward.every(0.25, 5, 1200, wave)
    return 1800


def encrypted_reports(ward: Ward) -> float:
    neighbours(ward, HOUR)
    held: list[Conversation] = []

    def record(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, "10.0.0.9", SERVER, 443, protocol="tls"))
        ward.say(held[0], Side.CLIENT, packet, time, 300)

    ward.every(10, 5, 1500, record, jitter=1)
    return HOUR


def a_scanner_that_stops_sending_pictures(ward: Ward) -> float:
    neighbours(ward, 2 * HOUR)
    ward.every(180, 5, HOUR, association(ward, "10.0.0.9", SERVER), jitter=40)
    return 2 * HOUR


def a_monitor_that_no_longer_answers(ward: Ward) -> float:
    """The central asks it for its values every five seconds, and goes on."""
    neighbours(ward, HOUR)
    held: list[Conversation] = []

    def poll(answer: int) -> Callable[[int, int], None]:
        def deed(packet: int, time: int) -> None:
            if not held:
                held.append(ward.talk(packet, time, SERVER, "10.0.0.9", 24105, "udp"))
            ward.say(held[0], Side.CLIENT, packet, time, 30, answer)
            held[0].payload[Side.SERVER] += 400 * answer

        return deed

    ward.every(5, 5, 1500, poll(1), jitter=0.2)
    ward.every(5, 1505, 2000, poll(0), jitter=0.2)
    return 2000


def a_partner_that_vanished(ward: Ward) -> float:
    """The pump's connection ends, and it calls in vain: not the pump is silent but the server."""
    neighbours(ward, HOUR)
    pump = Pump(ward, "10.0.0.9", server="10.0.0.101")
    ward.every(60, 5, 1500, pump.report, jitter=3)
    ward.at(1520, pump.break_off)
    ward.every(30, 1530, HOUR - 60, lambda packet, time: ward.in_vain(packet, time, "10.0.0.9", "10.0.0.101", 3000))
    return HOUR


def a_partner_that_no_longer_acknowledges(ward: Ward) -> float:
    neighbours(ward, HOUR)
    pump = Pump(ward, "10.0.0.9", server="10.0.0.101")
    ward.every(60, 5, 1500, pump.report, jitter=3)

    def again(packet: int, time: int) -> None:
        assert pump.talk
        pump.talk.packets[Side.CLIENT] += 1

    ward.every(16, 1530, 1900, again)
    return HOUR


def a_pump_that_is_silent_for_longer_than_in_its_nights(ward: Ward) -> float:
    """Days and nights of half an hour. The first night it leaves in good order; the second lasts four times as long."""
    neighbours(ward, 3 * HOUR)
    pump = Pump(ward, "10.0.0.9")
    for day in range(2):
        ward.every(60, day * HOUR + 5, day * HOUR + 1800, pump.report, jitter=3)
    ward.at(1810, pump.hang_up)
    return 3 * HOUR


# ----- silence: ordinary days


def the_capture_ends(ward: Ward) -> float:
    neighbours(ward, 1500)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").report, jitter=3)
    return 1500


def the_capture_ends_just_before_it_would_be_a_silence(ward: Ward) -> float:
    neighbours(ward, 1700)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").report, jitter=3)
    return 1700


def sampling_jitter(ward: Ward) -> float:
    neighbours(ward, 2 * HOUR)
    ward.every(30, 5, 2 * HOUR, Pump(ward, "10.0.0.9").report, jitter=20, missed=0.15)
    return 2 * HOUR


def two_missed_reports(ward: Ward) -> float:
    neighbours(ward, HOUR)
    pump = Pump(ward, "10.0.0.9")
    ward.every(60, 5, 1500, pump.report, jitter=3)
    ward.every(60, 1685, HOUR, pump.report, jitter=3)
    return HOUR


def a_device_switched_off_properly(ward: Ward) -> float:
    neighbours(ward, HOUR)
    pump = Pump(ward, "10.0.0.9")
    ward.every(60, 5, 1500, pump.report, jitter=3)
    ward.at(1520, pump.hang_up)
    return HOUR


def a_device_that_gives_its_address_back(ward: Ward) -> float:
    neighbours(ward, HOUR)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").once, jitter=3)
    ward.at(1520, release(ward, "10.0.0.9"))
    return HOUR


def a_device_that_says_bye(ward: Ward) -> float:
    neighbours(ward, HOUR)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").once, jitter=3)
    ward.at(1520, bye(ward, "10.0.0.9"))
    return HOUR


def messages_without_a_rhythm(ward: Ward) -> float:
    neighbours(ward, 2 * HOUR)
    second, pump = 5.0, Pump(ward, "10.0.0.9")
    while second < HOUR:
        ward.at(second, pump.report)
        second += ward.random.expovariate(1 / 60)
    return 2 * HOUR


def the_second_night(ward: Ward) -> float:
    """What paused at night before may pause the next night. Days and nights of half an hour: closed in order first, then just silent."""
    neighbours(ward, 2 * HOUR)
    pump = Pump(ward, "10.0.0.9")
    for day in range(2):
        ward.every(60, day * HOUR + 5, day * HOUR + 1800, pump.report, jitter=3)
    ward.at(1810, pump.hang_up)
    return 2 * HOUR


def a_new_bag_after_a_long_pause(ward: Ward) -> float:
    """Too few reports to know a rhythm."""
    neighbours(ward, HOUR)
    ward.every(60, 5, 400, Pump(ward, "10.0.0.9").report)
    return HOUR


def the_asker_stops(ward: Ward) -> float:
    """A central that polls closes its connections in order; the monitor that only answered is no silent device."""
    neighbours(ward, HOUR)
    held: list[Conversation] = []

    def poll(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, SERVER, "10.0.0.9", 5000))
        ward.say(held[0], Side.CLIENT, packet, time, 30)
        held[0].payload[Side.SERVER] += 400

    ward.every(5, 5, 1500, poll, jitter=0.2)
    ward.at(1503, lambda packet, time: ward.close(held[0], packet, time))
    return HOUR


# ----- floods


def open_and_close(ward: Ward, client: str, server: str = SERVER, port: int = 443, how: Closing = Closing.FINISHED) -> Callable[[int, int], None]:
    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, client, server, port, protocol="tls")
        ward.say(talk, Side.CLIENT, packet, time, 500)
        ward.say(talk, Side.SERVER, packet, time, 5000)
        ward.close(talk, packet, time, how)

    return deed


def a_syn_flood(ward: Ward) -> float:
    neighbours(ward, 300)
    ward.every(0.005, 100, 130, lambda packet, time: ward.in_vain(packet, time, f"172.16.{packet % 200}.{packet % 199}", SERVER, 2575))
    return 300


def a_syn_flood_that_is_answered(ward: Ward) -> float:
    neighbours(ward, 300)

    def syn(packet: int, time: int) -> None:
        ward.talk(packet, time, "10.0.0.66", SERVER, 2575).packets[:] = [1, 1]

    ward.every(0.01, 100, 130, syn)
    return 300


def a_flood_of_connections(ward: Ward) -> float:
    neighbours(ward, 300)
    ward.every(2, 0, 300, open_and_close(ward, "10.0.0.20"))
    ward.every(0.005, 100, 130, open_and_close(ward, "10.0.0.66"))
    return 300


def a_flood_of_more_connections_than_are_kept(ward: Ward) -> float:
    neighbours(ward, 200)
    ward.every(0.0015, 100, 120, open_and_close(ward, "10.0.0.66", port=8443))
    return 200


def a_flood_of_datagrams(ward: Ward) -> float:
    neighbours(ward, 200)
    held: list[Conversation] = []

    def many(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, "10.0.0.66", "10.0.0.9", 24105, "udp"))
        held[0].packets[0] += 500
        held[0].payload[0] += 500 * 20
        held[0].last_packet = packet

    ward.every(0.1, 100, 130, many)
    return 200


def a_busy_hour(ward: Ward) -> float:
    """A web server of the ward: from one connection in two seconds to twenty a second."""
    neighbours(ward, 1200)
    ward.every(2, 0, 1200, open_and_close(ward, "10.0.0.20"))
    for i in range(20):
        ward.every(1, 300 + 20 * i, 1200, open_and_close(ward, f"10.0.1.{i}"), jitter=0.9)
    return 1200


def a_backup_job(ward: Ward) -> float:
    """A few connections with very much in them."""
    neighbours(ward, 600)
    held: list[Conversation] = []

    def piece(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, "10.0.0.20", SERVER, 445, protocol="smb"))
        held[0].packets[0] += 10_000
        ward.say(held[0], Side.CLIENT, packet, time, 14_000_000, answer=5000)

    ward.every(1, 100, 500, piece)
    ward.at(505, lambda packet, time: ward.close(held[0], packet, time))
    return 600


def a_camera(ward: Ward) -> float:
    """One stream of large datagrams that nobody answers."""
    neighbours(ward, 300)
    held: list[Conversation] = []

    def frames(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, "10.0.0.30", "10.0.0.31", 5004, "udp"))
        held[0].packets[0] += 500
        held[0].payload[0] += 500 * 1300

    ward.every(0.1, 100, 299, frames)
    return 300


def clients_of_a_server_that_is_down(ward: Ward) -> float:
    """Twenty clients call again every second: many handshakes in vain, and no flood."""
    neighbours(ward, 600)
    for i in range(20):
        ward.every(1, 100, 580, lambda packet, time, i=i: ward.in_vain(packet, time, f"10.0.2.{i}", "10.0.0.101", 8080), jitter=0.5)
    return 600


def a_scan_of_ports(ward: Ward) -> float:
    """One handshake for each port: no service is flooded."""
    neighbours(ward, 300)
    ward.every(0.01, 100, 150, lambda packet, time: ward.in_vain(packet, time, "10.0.0.66", SERVER, packet % 60_000))
    return 300


# ----- resets, held connections, broken messages


def resets_again_and_again(ward: Ward) -> float:
    neighbours(ward, 1200)
    pump = Pump(ward, "10.0.0.9", server="10.0.0.101")
    ward.every(60, 0, 600, pump.once)
    ward.every(10, 600, 800, pump.report)
    ward.every(10, 605, 800, pump.break_off)
    ward.every(10, 805, 1200, pump.once)
    return 1200


def a_service_that_restarts(ward: Ward) -> float:
    neighbours(ward, 1200)
    for i in range(30):
        pump = Pump(ward, f"10.0.3.{i}", server="10.0.0.101")
        ward.every(30, i, 1200, pump.report)
        ward.at(600 + i / 100, pump.break_off)
    return 1200


def a_client_that_always_ends_by_reset(ward: Ward) -> float:
    neighbours(ward, 1800)
    ward.every(10, 0, 1800, open_and_close(ward, "10.0.0.20", how=Closing.RESET))
    return 1800


def slow_requests(ward: Ward) -> float:
    neighbours(ward, 400)

    def hold(packet: int, time: int) -> None:
        ward.say(ward.talk(packet, time, "10.0.0.66", SERVER, 80), Side.CLIENT, packet, time, 40)

    ward.every(0.5, 100, 180, hold)
    return 400


def a_pool_of_connections(ward: Ward) -> float:
    """Eighty connections to a database, each used once and kept."""
    neighbours(ward, 400)

    def use(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, "10.0.0.20", SERVER, 5432)
        ward.say(talk, Side.CLIENT, packet, time, 300)
        ward.say(talk, Side.SERVER, packet, time, 400)

    ward.every(0.5, 100, 140, use)
    return 400


def broken(ward: Ward, client: str) -> Callable[[int, int], None]:
    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, client, SERVER, 2575, protocol="hl7")
        ward.say(talk, Side.CLIENT, packet, time, 200)
        talk.broken += 1
        ward.close(talk, packet, time)

    return deed


def a_burst_of_broken_messages(ward: Ward) -> float:
    neighbours(ward, 300)
    ward.every(60, 0, 300, broken(ward, "10.0.0.20"))
    ward.every(0.1, 150, 170, broken(ward, "10.0.0.66"))
    return 300


def a_dialect_that_is_not_understood(ward: Ward) -> float:
    neighbours(ward, 300)
    ward.every(0.4, 0, 300, broken(ward, "10.0.0.20"))
    return 300


ATTACKS: dict[Sequence, Told] = {
    a_pump_that_stops_in_the_middle: [("silence", "10.0.0.9", LIKELY)],
    a_pump_that_stops_after_reports_were_missed: [("silence", "10.0.0.9", LIKELY)],
    a_pump_whose_connection_is_broken_off: [("silence", "10.0.0.9", LIKELY)],
    one_device_behind_a_gateway: [("silence", "10.0.0.9 A0001", LIKELY)],
    a_pump_that_opens_a_connection_for_each_report: [("silence", "10.0.0.9", LIKELY)],
    telemetry_by_datagrams_that_nobody_here_understands: [("silence", "10.0.0.9", LIKELY)],
    encrypted_reports: [("silence", "10.0.0.9", LIKELY)],
    a_scanner_that_stops_sending_pictures: [("silence", "10.0.0.9", LIKELY)],
    a_monitor_that_no_longer_answers: [("silence", "10.0.0.9", LIKELY)],
    a_partner_that_vanished: [("silence", "10.0.0.101:3000", LIKELY)],
    a_pump_that_is_silent_for_longer_than_in_its_nights: [("silence", "10.0.0.9", LIKELY)],
    a_partner_that_no_longer_acknowledges: [("silence", "10.0.0.101:3000", LIKELY)],
    a_syn_flood: [("half-open flood", "10.0.0.100:2575", LIKELY)],
    a_syn_flood_that_is_answered: [("half-open flood", "10.0.0.100:2575", LIKELY)],
    a_flood_of_connections: [("flood", "10.0.0.100:443", LIKELY)],
    a_flood_of_more_connections_than_are_kept: [("flood", "10.0.0.100:8443", LIKELY)],
    a_flood_of_datagrams: [("flood", "10.0.0.9", LIKELY)],
    resets_again_and_again: [("reset storm", "10.0.0.101:3000", LIKELY)],
    slow_requests: [("held connections", "10.0.0.100:80", LIKELY)],
    a_burst_of_broken_messages: [("malformed burst", "10.0.0.100:2575", LIKELY)],
}
ORDINARY: tuple[Sequence, ...] = (
    the_capture_ends, the_capture_ends_just_before_it_would_be_a_silence, sampling_jitter, two_missed_reports, a_device_switched_off_properly,
    a_device_that_gives_its_address_back, a_device_that_says_bye, messages_without_a_rhythm, the_second_night, a_new_bag_after_a_long_pause,
    the_asker_stops, a_busy_hour, a_backup_job, a_camera, clients_of_a_server_that_is_down, a_scan_of_ports, a_service_that_restarts,
    a_pool_of_connections,
)  # fmt: skip


def observers() -> list[Observer]:
    return [SilencesObserver(MEANS), FloodsObserver(MEANS), ResetsObserver(MEANS), ExhaustionObserver(MEANS)]


def told(sequence: Sequence, seed: int) -> Told:
    ward = Ward(observers(), seed)
    return [(fact.what, fact.victim, fact.confidence) for fact in ward.run(sequence(ward))]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("sequence", ATTACKS, ids=lambda one: one.__name__)
def test_an_attack_is_told_once_as_what_it_is(sequence: Sequence, seed: int):
    assert told(sequence, seed) == ATTACKS[sequence]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("sequence", ORDINARY, ids=lambda one: one.__name__)
def test_of_an_ordinary_day_nothing_is_told(sequence: Sequence, seed: int):
    assert told(sequence, seed) == []


class TestWhatCannotBeTold:
    def test_a_pause_of_the_capture_is_nobodys_silence(self):
        ward = Ward(observers())
        for begin, end in ((0, 1500), (5000, 6500)):
            neighbours(ward, end, begin)
            ward.every(60, begin + 5, end, Pump(ward, "10.0.0.9").report, jitter=3)
        facts = ward.run(6500)
        assert [(fact.what, fact.victim, fact.confidence) for fact in facts] == [("silence", "", WEAK)]
        assert 3400 < facts[0].seconds < 3600

    def test_a_device_that_stops_in_a_pause_of_the_capture_is_told_after_it(self):
        ward = Ward(observers())
        neighbours(ward, 1500)
        ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").report, jitter=3)
        neighbours(ward, 6500, 5000)
        assert [(fact.victim, fact.confidence) for fact in ward.run(6500)] == [("", WEAK), ("10.0.0.9", LIKELY)]

    def test_a_device_that_goes_on_speaking_to_others_may_have_nothing_to_report(self):
        ward = Ward(observers())
        neighbours(ward, 3600)
        ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").report, jitter=3)
        ward.every(30, 7, 3600, open_and_close(ward, "10.0.0.9", server="10.0.0.102"), jitter=3)
        assert [(fact.victim, fact.confidence) for fact in ward.run(3600)] == [("10.0.0.9", WEAK)]

    def test_a_night_without_a_word_is_told_once_and_not_the_next_night(self):
        ward = Ward(observers())
        neighbours(ward, 3 * HOUR)
        pump = Pump(ward, "10.0.0.9")
        for day in range(3):
            ward.every(60, day * HOUR + 5, day * HOUR + 1800, pump.report, jitter=3)
        assert [(fact.what, fact.victim) for fact in ward.run(3 * HOUR)] == [("silence", "10.0.0.9")]

    def test_resets_from_the_beginning_may_be_how_it_always_ends(self):
        assert told(a_client_that_always_ends_by_reset, 1) == [("reset storm", "10.0.0.100:443", WEAK)]

    def test_broken_messages_from_the_beginning_may_be_a_dialect(self):
        assert told(a_dialect_that_is_not_understood, 1) == [("malformed burst", "10.0.0.100:2575", WEAK)]

    def test_a_flood_at_the_beginning_has_nothing_to_compare_with(self):
        ward = Ward(observers())
        ward.every(0.005, 0, 30, open_and_close(ward, "10.0.0.66"))
        assert [(fact.what, fact.confidence) for fact in ward.run(30)] == [("flood", WEAK)]


def test_a_silence_says_since_when_how_often_and_what_else_it_could_be():
    ward = Ward(observers())
    (fact,) = ward.run(a_pump_whose_connection_is_broken_off(ward))
    assert fact.peer == "10.0.0.100:3000"
    assert fact.detail.startswith("HL7 ORU^R01 came every 60 s (25 times), then no more; its connection was broken off")
    assert 290 <= fact.seconds <= 310
    assert fact.explained_by


def test_a_flood_says_from_whom():
    ward = Ward(observers())
    (fact,) = ward.run(a_flood_of_connections(ward))
    assert fact.peer == "10.0.0.66"
    assert fact.detail.endswith("from 1 address") or "2 addresses" in fact.detail


def test_strangers_do_not_drive_out_whom_it_knows():
    """A crowd of forged senders, more than the table holds, while the pump falls silent."""
    ward = Ward([SilencesObserver(MEANS)])
    neighbours(ward, 2500)
    ward.every(60, 5, 1500, Pump(ward, "10.0.0.9").report)
    ward.every(0.02, 1500, 1700, lambda packet, time: ward.talk(packet, time, f"172.{packet % 199}.{packet % 251}.{packet % 241}", SERVER, 9, "udp"))
    assert [(fact.what, fact.victim) for fact in ward.run(2500)] == [("silence", "10.0.0.9")]


def test_what_a_device_says_of_its_patient_is_in_no_fact():
    ward = Ward([SilencesObserver(MEANS)])
    neighbours(ward, 3600)
    pump = Pump(ward, "10.0.0.9", device="A0001")
    ward.every(60, 5, 1500, pump.report)
    assert b"A0001" in report("A0001")
    assert all("PID" not in repr(fact) for fact in ward.run(3600))
