"""What floods an address without conversations, what is held, what a site sets otherwise; and everyday traffic of which nothing is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from asepsis.evidence.wire.bare import BROADCAST, BROKEN, ICMP, ICMP_ANSWER
from asepsis.evidence.wire.events import Uncalled
from asepsis.evidence.wire.look import Look
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers.exhaustion import ExhaustionObserver
from asepsis.evidence.wire.observers.flood.observe import FloodsObserver
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Record, Side
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Confidence, Disturbance, Fact
from asepsis.model.thresholds import Thresholds
from asepsis.model.where import Where
from tests.unit.evidence.wire.frames import A4, B4, MAC_A, ethernet, ipv4, tcp, udp
from tests.unit.evidence.wire.ward import MEANS, SECOND, START, Ward

LIKELY, WEAK = Confidence.LIKELY, Confidence.WEAK
PUMP, EVERYBODY = "10.0.0.9", "ff:ff:ff:ff:ff:ff"
Deed = Callable[[int, int], None]
Sequence = Callable[[Ward], None]


def ward_with(means: Means = MEANS) -> Ward:
    return Ward([FloodsObserver(means), ExhaustionObserver(means)])


def uncalled(ward: Ward, kind: str, source: str, target: str, count: int) -> Deed:
    """So many packets of no conversation, counted over a second."""

    def deed(packet: int, time: int) -> None:
        talk = Conversation(0, kind, Endpoint(source, 0), Endpoint(target, 0), packet, time)
        ward.see(Uncalled(talk, Side.CLIENT, packet, time, count=count))

    return deed


def quiet(ward: Ward, until: float = 200) -> None:
    """Somebody who asks for a name now and then: the clock goes on."""
    ward.every(1, 0, until, lambda packet, time: ward.talk(packet, time, "10.0.0.77", "10.0.0.1", 53, "udp") and None)


def segments(ward: Ward, begin: float, seconds: int, each: int, *, answers: int = 0, said: int = 0, seen: bool = False, talks: int = 1) -> None:
    """So many segments a second to the pump, in so many conversations; the pump answers with segments and bytes."""
    held: list[Conversation] = []

    def deed(packet: int, time: int) -> None:
        while len(held) < talks:
            talk = ward.talk(packet, time, "10.0.0.66", PUMP, 8080, seen=seen)
            talk.payload[:] = [300 * seen, 300 * seen]
            held.append(talk)
        for talk in held:
            talk.packets[0] += each // talks
            talk.packets[1] += answers // talks
            talk.payload[1] += said // talks
            talk.last_packet, talk.last_time = packet, time

    ward.every(1, begin, begin + seconds, deed)


# ----- attacks


def icmp(ward: Ward) -> None:
    ward.every(1, 100, 120, uncalled(ward, ICMP, "10.0.0.66", PUMP, 800))


def icmp_from_many(ward: Ward) -> None:
    for i in range(200):
        ward.every(1, 100, 120, uncalled(ward, ICMP, f"172.16.0.{i}", PUMP, 5))


def answers_that_nobody_asked_for(ward: Ward) -> None:
    ward.every(1, 100, 120, uncalled(ward, ICMP_ANSWER, "10.0.0.66", PUMP, 800))


def a_storm_of_broadcasts(ward: Ward) -> None:
    ward.every(1, 100, 120, uncalled(ward, BROADCAST, "02:00:00:00:00:01", EVERYBODY, 4000))


def acknowledgements_without_end(ward: Ward) -> None:
    segments(ward, 100, 20, 5000)


def acknowledgements_answered_by_resets(ward: Ward) -> None:
    segments(ward, 100, 20, 5000, answers=5000)


def acknowledgements_from_many_ports(ward: Ward) -> None:
    segments(ward, 100, 20, 4000, talks=2000)


def segments_of_a_conversation_that_is_over(ward: Ward) -> None:
    held: list[Conversation] = []

    def begin(packet: int, time: int) -> None:
        held.append(ward.talk(packet, time, "10.0.0.66", PUMP, 8080))
        ward.close(held[0], packet, time, Closing.RESET)

    def more(packet: int, time: int) -> None:
        held[0].packets[0] += 5000
        held[0].last_packet = packet

    ward.at(99, begin)
    ward.every(1, 100, 120, more)


def datagrams_to_all(ward: Ward) -> None:
    held: list[Conversation] = []

    def deed(packet: int, time: int) -> None:
        if not held:
            held.append(ward.talk(packet, time, "10.0.0.66", "10.0.0.255", 137, "udp"))
        held[0].packets[0] += 2000
        held[0].payload[0] += 100_000
        held[0].last_packet = packet

    ward.every(1, 100, 120, deed)


def headers_that_cannot_be(ward: Ward) -> None:
    ward.every(1, 100, 120, uncalled(ward, BROKEN, "", "", 300))


def handshakes_left_half_open_slowly(ward: Ward) -> None:
    """Four a second, from many: no flood, but the queue of the service is full."""

    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, f"172.16.{packet % 200}.{packet % 250}", PUMP, 8080)
        talk.packets[:] = [1, 1]

    ward.every(0.25, 30, 190, deed)


def idle_associations(ward: Ward) -> None:
    for i in range(25):
        ward.at(30 + i, associate(ward, "10.0.0.66"))


def a_slow_request_on_many_connections(ward: Ward) -> None:
    """A few bytes every ten seconds, a header that never ends."""
    for i in range(60):
        held: list[Conversation] = []

        def deed(packet: int, time: int, held: list[Conversation] = held) -> None:
            if not held:
                held.append(ward.talk(packet, time, "10.0.0.66", PUMP, 80, protocol="http"))
                held[0].packets[:] = [2, 1]
            ward.say(held[0], Side.CLIENT, packet, time, 10)

        ward.every(10, 20 + i / 10, 190, deed)


def associate(ward: Ward, client: str) -> Deed:
    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, client, PUMP, 104, protocol="dicom")
        ward.say(talk, Side.CLIENT, packet, time, 300)
        ward.say(talk, Side.SERVER, packet, time, 200)

    return deed


@pytest.mark.parametrize(
    ("attack", "what", "victim"),
    [
        (icmp, "flood", PUMP), (icmp_from_many, "flood", PUMP), (answers_that_nobody_asked_for, "flood", PUMP),
        (a_storm_of_broadcasts, "broadcast storm", EVERYBODY), (acknowledgements_without_end, "flood", PUMP),
        (acknowledgements_answered_by_resets, "flood", PUMP), (acknowledgements_from_many_ports, "flood", PUMP),
        (segments_of_a_conversation_that_is_over, "flood", PUMP), (datagrams_to_all, "broadcast storm", "10.0.0.255"),
        (headers_that_cannot_be, "malformed burst", ""), (handshakes_left_half_open_slowly, "held connections", f"{PUMP}:8080"),
        (idle_associations, "held connections", f"{PUMP}:104"), (a_slow_request_on_many_connections, "held connections", f"{PUMP}:80"),
    ],
)  # fmt: skip
def test_an_attack_is_told_once_for_what_it_is(attack: Sequence, what: str, victim: str):
    ward = ward_with()
    quiet(ward)
    attack(ward)
    (fact,) = ward.run(200)
    assert (fact.what, fact.victim, fact.confidence) == (what, victim, LIKELY)
    assert all("[P]" in one for one in fact.assumes)
    assert fact.assumes
    assert fact.explained_by


# ----- everyday


def a_program_that_asks_everybody_whether_he_is_there(ward: Ward) -> None:
    """A thousand hosts a second, all of which answer."""
    for i in range(100):
        ward.every(1, 100, 120, uncalled(ward, ICMP, "10.0.0.100", f"10.0.1.{i}", 10))
        ward.every(1, 100, 120, uncalled(ward, ICMP_ANSWER, f"10.0.1.{i}", "10.0.0.100", 10))


def a_search_of_the_network(ward: Ward) -> None:
    ward.at(100, uncalled(ward, BROADCAST, "02:00:00:00:00:01", EVERYBODY, 254))


def a_scan_of_all_ports(ward: Ward) -> None:
    for port in range(1, 2000):
        ward.at(100 + port / 100, lambda packet, time, port=port: ward.close(ward.talk(packet, time, "10.0.0.66", PUMP, port), packet, time))


def a_transfer_that_is_acknowledged(ward: Ward) -> None:
    segments(ward, 100, 20, 8000, answers=16_000, said=20_000_000, seen=True)


def a_transfer_that_began_before_the_capture(ward: Ward) -> None:
    segments(ward, 0, 200, 8000, answers=16_000, said=20_000_000)


def connections_that_are_kept_alive(ward: Ward) -> None:
    segments(ward, 0, 200, 300, seen=True, talks=150)


def a_few_associations_that_are_kept(ward: Ward) -> None:
    for i in range(15):
        ward.at(30 + i, associate(ward, "10.0.0.66"))


def associations_of_many_modalities(ward: Ward) -> None:
    for i in range(40):
        ward.at(30 + i, associate(ward, f"10.0.2.{i}"))


def a_ping_a_second(ward: Ward) -> None:
    ward.every(1, 0, 200, uncalled(ward, ICMP, "10.0.0.100", PUMP, 1))


def a_busy_server(ward: Ward) -> None:
    """A hundred and fifty connections a second from the beginning on, twice as many later; each says and gets something."""

    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, f"10.0.3.{packet % 200}", "10.0.0.100", 443, protocol="tls")
        ward.say(talk, Side.CLIENT, packet, time)
        ward.say(talk, Side.SERVER, packet, time)
        ward.close(talk, packet, time)

    ward.every(1 / 80, 0, 200, deed)
    ward.every(1 / 80, 100, 200, deed)


@pytest.mark.parametrize(
    "everyday",
    [
        a_program_that_asks_everybody_whether_he_is_there, a_search_of_the_network, a_scan_of_all_ports, a_transfer_that_is_acknowledged,
        a_transfer_that_began_before_the_capture, connections_that_are_kept_alive, a_few_associations_that_are_kept,
        associations_of_many_modalities, a_ping_a_second, a_busy_server,
    ],
)  # fmt: skip
def test_an_ordinary_day_is_not_told(everyday: Sequence):
    ward = ward_with()
    quiet(ward)
    everyday(ward)
    assert ward.run(200) == []


def test_a_second_flood_an_hour_later_is_another_one():
    ward = ward_with()
    quiet(ward, 4000)
    for begin in (100, 3700):
        segments(ward, begin, 20, 5000)
    assert [fact.what for fact in ward.run(4000)] == ["flood", "flood"]


def test_a_flood_with_pauses_is_one():
    ward = ward_with()
    quiet(ward, 400)
    for begin in (100, 140, 180):
        ward.every(1, begin, begin + 20, uncalled(ward, ICMP, "10.0.0.66", PUMP, 800))
    assert len(ward.run(400)) == 1


class TestThresholds:
    def test_a_site_sets_what_it_knows_better_and_the_alarm_says_so(self):
        means = replace(MEANS, thresholds=Thresholds(icmp=100))
        ward = ward_with(means)
        quiet(ward)
        ward.every(1, 100, 120, uncalled(ward, ICMP, "10.0.0.66", PUMP, 30))
        (fact,) = ward.run(200)
        assert fact.assumes[0] == "100 ICMP messages to one address that are no answers, in 5 s (threshold, set by the user)"
        assert fact.assumes[1].endswith("(threshold, our own proposal [P])")

    def test_higher_ones_silence_it(self):
        ward = ward_with(replace(MEANS, thresholds=Thresholds(icmp=100_000)))
        quiet(ward)
        icmp(ward)
        assert ward.run(200) == []


class TestRestart:
    def test_a_flood_that_goes_on_is_not_told_again_and_a_later_one_is(self):
        observer = FloodsObserver(MEANS)
        ward = Ward([observer])
        quiet(ward)
        ward.every(1, 100, 200, uncalled(ward, ICMP, "10.0.0.66", PUMP, 800))
        assert len(ward.run(200)) == 1
        for unwatched, told in ((2, 0), (3600, 1)):
            again = FloodsObserver(MEANS)
            again.recall(observer.remember(), unwatched * SECOND)
            ward = Ward([again])
            ward.every(1, 200 + unwatched, 300 + unwatched, uncalled(ward, ICMP, "10.0.0.66", PUMP, 800))
            assert len(ward.run(400 + unwatched)) == told

    @pytest.mark.parametrize("make", [FloodsObserver, ExhaustionObserver])
    def test_what_is_none_of_its_words_is_refused_or_harmless(self, make):
        observer = make(MEANS)
        ward = Ward([observer])
        quiet(ward)
        icmp(ward)
        ward.run(118)
        learned = observer.remember()
        for i in range(len(learned)):
            for broken in (learned[:i], learned[:i] + bytes([learned[i] ^ 0x15]) + learned[i + 1 :]):
                try:
                    make(MEANS).recall(broken, 0)
                except (msgspec.MsgspecError, ValueError):
                    continue


# ----- from packets


def seen(*frames: tuple[float, bytes]) -> list[Disturbance]:
    facts: list[Fact] = []
    look = Look(lambda packet: Where("e1", "x", packet=packet or None), Redactor(b"k" * 32), Limits(), facts.append)
    for number, (second, data) in enumerate(frames, 1):
        look.record(Record(number, START + int(second * SECOND), 1, data, len(data)))
    look.finish()
    return [fact for fact in facts if isinstance(fact, Disturbance) and fact.what != "silence"]


ECHO = ethernet(ipv4(b"\x08\x00" + bytes(30), 1))
REPLY = ethernet(ipv4(b"\x00\x00" + bytes(30), 1))
ARP = b"\xff" * 6 + MAC_A + b"\x08\x06" + bytes(28)


class TestPackets:
    def flood(self, data: bytes, each: int = 1200) -> list[tuple[str, str, str]]:
        calm = [(float(i), ethernet(ipv4(udp(b"x", sport=999, dport=53), 17))) for i in range(60)]
        facts = seen(*calm, *((60 + i / each, data) for i in range(12 * each)))
        return [(fact.what, fact.victim, fact.peer) for fact in facts]

    def test_pings(self):
        assert self.flood(ECHO) == [("flood", "10.0.0.2", "10.0.0.1")]

    def test_answers_without_a_question(self):
        assert self.flood(REPLY) == [("flood", "10.0.0.2", "10.0.0.1")]

    def test_address_resolution(self):
        assert self.flood(ARP) == [("broadcast storm", EVERYBODY, MAC_A.hex(":"))]

    def test_acknowledgements(self):
        assert self.flood(ethernet(ipv4(tcp(flags=0x10, sport=4444, dport=8080))), 3500) == [("flood", "10.0.0.2", "10.0.0.1")]

    def test_headers_that_cannot_be(self):
        frame = ethernet(ipv4(tcp()))
        assert self.flood(frame[:14] + b"\x4f" + frame[15:20] + b"\0" * 14, 200) == [("malformed burst", "", "")]

    def test_of_many_senders_in_one_second_the_receiver_is_still_known(self):
        calm = [(float(i), ethernet(ipv4(udp(b"x", sport=999, dport=53), 17))) for i in range(60)]
        frames = [(60 + i / 6000, ECHO.replace(A4 + B4, bytes((172, i >> 16 & 255, i >> 8 & 255, i & 255)) + B4)) for i in range(60_000)]
        (fact,) = seen(*calm, *frames)
        assert (fact.what, fact.victim, fact.peer) == ("flood", "10.0.0.2", "")


class TestAtOnce:
    """An alarm does not wait for the end of a window where it is beyond doubt."""

    def first(self, deed: Sequence) -> float:
        """How many seconds after its beginning (at second 100) a flood is told."""
        observer = FloodsObserver(MEANS)
        ward = Ward([observer])
        told: list[float] = []

        def look(packet: int, time: int) -> None:
            if ward.facts and not told:
                told.append((time - START) / SECOND - 100)
            _ = packet

        ward.every(0.5, 0.1, 130, look)
        deed(ward)
        ward.run(130)
        return told[0]

    def test_connections(self):
        def begin(ward: Ward) -> None:
            def deed(packet: int, time: int) -> None:
                talk = ward.talk(packet, time, "10.0.0.66", PUMP, 80)
                talk.packets[0] = 3
                ward.close(talk, packet, time)

            ward.every(1 / 400, 100, 120, deed)

        assert self.first(begin) <= 3.5

    def test_pings_and_segments(self):
        assert self.first(lambda ward: ward.every(1, 100, 120, uncalled(ward, ICMP, "10.0.0.66", PUMP, 2000))) <= 3.5
        assert self.first(lambda ward: segments(ward, 100, 20, 10_000)) <= 3.5

    def test_handshakes_that_are_answered_and_never_completed(self):
        def begin(ward: Ward) -> None:
            def deed(packet: int, time: int) -> None:
                ward.talk(packet, time, f"172.16.{packet % 200}.9", PUMP, 8080).packets[:] = [1, 1]

            ward.every(1 / 200, 100, 120, deed)

        assert self.first(begin) <= 4.5
