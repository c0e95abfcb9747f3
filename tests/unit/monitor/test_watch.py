"""`asepsis watch` as a user meets it: a real pipe, a file, an interface that is none; alarms while the stream is open; a restart."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from asepsis.evidence.wire.observers import OBSERVERS
from asepsis.evidence.wire.packet import Record
from asepsis.guard import sniffer
from asepsis.guard.limits import Limits
from asepsis.model.evidence import Cause, Problem
from asepsis.model.where import Where
from asepsis.monitor.alarm import Alarm
from asepsis.monitor.child import Order, Watching, Word
from asepsis.monitor.deliver import Delivery
from asepsis.monitor.state import State
from asepsis.monitor.watch import Watch
from tests.unit.evidence.wire.frames import block, enhanced, ethernet, interface, ipv4, section, tcp, udp
from tests.unit.evidence.wire.ward import MEANS, Pump, Ward

ASEPSIS = [sys.executable, "-m", "asepsis"]
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
SYN = 0x02


def packet(second: float, data: bytes) -> bytes:
    whole = int(second)
    return struct.pack("<IIII", 1_700_000_000 + whole, int((second - whole) * 1e6), len(data), len(data)) + data


def syn(sport: int, dport: int = 2575) -> bytes:
    return ethernet(ipv4(tcp(flags=SYN, sport=sport, dport=dport)))


QUIET = b"".join(packet(i, syn(1000 + i, 80)) for i in range(60))
FLOOD = b"".join(packet(60 + i / 500, syn(2000 + i)) for i in range(2000))
AFTER = b"".join(packet(65 + i, syn(1100 + i, 80)) for i in range(30))


@pytest.fixture
def flood(tmp_path: Path) -> Path:
    path = tmp_path / "flood.pcap"
    path.write_bytes(HEADER + QUIET + FLOOD + AFTER)
    return path


def watch(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ASEPSIS, "watch", *map(str, words)], capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


class TestFile:
    def test_an_alarm_is_a_line_of_json(self, flood):
        ended = watch(flood)
        (alarm,) = lines(ended.stdout)
        assert (alarm["event"], alarm["what"], alarm["subject"], alarm["sureness"]) == ("alarm", "half-open flood", "10.0.0.2:2575", "likely")
        assert str(alarm["time"]).startswith("2023-11-14T22:14:")
        assert ended.returncode == 0
        assert "2090 packets, 1 alarms (1 likely)" in ended.stderr

    def test_a_restart_tells_nothing_twice(self, flood, tmp_path):
        state = tmp_path / "state.json"
        first, second = watch(flood, "--state", state), watch(flood, "--state", state)
        assert len(lines(first.stdout)) == 1
        assert second.stdout == ""
        assert "0 alarms, 1 told before" in second.stderr

    def test_without_a_state_the_same_ids_come_again(self, flood):
        assert watch(flood, "-q").stdout == watch(flood, "-q").stdout

    def test_exit_codes(self, flood, tmp_path):
        assert watch(flood, "--fail-on-alarm", "-q").returncode == 2
        quiet = tmp_path / "quiet.pcap"
        quiet.write_bytes(HEADER + QUIET)
        assert watch(quiet, "--fail-on-alarm", "--fail-on-incomplete", "-q").returncode == 0
        quiet.write_bytes(HEADER + QUIET[:-5])
        assert watch(quiet, "--fail-on-alarm", "--fail-on-incomplete", "-q").returncode == 3

    def test_packets_that_were_dropped_are_told(self, tmp_path):
        dropped = struct.pack("<III", 0, 0, 0) + struct.pack("<HHQ", 5, 8, 17) + struct.pack("<HH", 0, 0)
        path = tmp_path / "ward.pcapng"
        path.write_bytes(section() + interface() + enhanced(syn(1)) + block(5, dropped))
        ended = watch(path, "--fail-on-incomplete")
        assert [(line["event"], line["dropped"]) for line in lines(ended.stdout)] == [("loss", 17)]
        assert "17 packets were dropped" in ended.stderr
        assert ended.returncode == 3

    @pytest.mark.parametrize("words", [["no-such-interface-9"], ["/none/there.pcap"], ["-"], ["--syslog", "nowhere", "-"], ["../x y"]])
    def test_what_cannot_be_watched_is_one_line(self, words):
        ended = watch(*words, "-q")
        assert ended.returncode == 1
        assert ended.stdout == ""
        assert ended.stderr.startswith("asepsis: ")
        assert ended.stderr.count("\n") == 1

    def test_what_is_no_capture_is_said(self, tmp_path):
        path = tmp_path / "text"
        path.write_text("this is no capture at all")
        ended = watch(path, "-q")
        assert ended.returncode == 1
        assert "no capture" in ended.stderr


class TestPipe:
    def test_a_piece_that_comes_a_little_later_is_taken_at_once(self):
        """A pipe holds 64 KiB: whoever looks only ten times a second would make a fast source wait."""
        source, sink = os.pipe()
        with os.fdopen(source, "rb"), os.fdopen(sink, "wb", buffering=0) as stream:
            watching = Watch(lambda _line: None, State(None), [], live=True)
            threading.Timer(0.03, stream.write, [b"packets"]).start()
            assert watching._next(source) == b"Ppackets"
            watching.stop()
            assert watching._next(source) == b""

    def test_alarms_come_while_the_stream_is_open_and_a_signal_ends_it_with_a_summary(self):
        with subprocess.Popen([*ASEPSIS, "watch", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdin
            assert running.stdout
            assert running.stderr
            running.stdin.write(HEADER + QUIET)
            running.stdin.flush()
            running.stdin.write(FLOOD + AFTER)
            running.stdin.flush()
            alarm = json.loads(running.stdout.readline())
            assert alarm["what"] == "half-open flood"
            running.send_signal(signal.SIGINT)
            summary = running.stderr.read().decode()
            assert running.wait(60) == 0
        assert "2090 packets, 1 alarms (1 likely)" in summary

    def test_a_real_capturing_pipe(self, flood):
        """As `tcpdump -w - | asepsis watch -`."""
        with subprocess.Popen(["cat", flood], stdout=subprocess.PIPE) as source:
            ended = subprocess.run([*ASEPSIS, "watch", "-"], stdin=source.stdout, capture_output=True, text=True, check=False, timeout=120)
        assert [line["what"] for line in lines(ended.stdout)] == ["half-open flood"]

    def test_a_reader_that_goes_away_is_no_stack_trace(self, flood):
        with subprocess.Popen([*ASEPSIS, "watch", flood], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout
            assert running.stderr
            running.stdout.close()
            assert b"Traceback" not in running.stderr.read()
            running.wait(60)


class TestBehind:
    def said(self, times: list[tuple[float, float]]) -> list[dict[str, object]]:
        """Words of the child with packets of some time, as the clock shows another."""
        said: list[str] = []
        now = [0.0]
        watching = Watch(said.append, State(None), [], live=True, clock=lambda: now[0])
        for clock, last in times:
            now[0] = clock
            watching._take(msgspec.json.encode(Word(1, int(last * 1e9))))
        return [json.loads(line) for line in said]

    def test_being_behind_the_traffic_is_told_once_and_when_it_is_over(self):
        said = self.said([(100, 99), (110, 109), (130, 110), (140, 111), (141, 140)])
        assert [(line["event"], line["seconds"]) for line in said] == [("lag", 19), ("lag", 0)]

    def test_a_stream_that_is_played_back_is_not_behind(self):
        assert self.said([(10_000, 5), (10_001, 6), (10_002, 7)]) == []


class TestSniffer:
    @pytest.mark.parametrize("name", ["-w", "eth0;id", "a b", "", "x" * 65])
    def test_only_names_of_interfaces_reach_a_program(self, name):
        with pytest.raises(sniffer.CannotCapture, match="neither a file nor"):
            sniffer.Sniffer(name)

    def test_without_a_program_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setattr(sniffer, "search_path", lambda: "/none")
        with pytest.raises(sniffer.CannotCapture, match="neither tcpdump nor dumpcap is installed"):
            sniffer.Sniffer("eth0")

    def test_a_program_that_captures_and_drops(self, tmp_path, monkeypatch):
        program = tmp_path / "tcpdump"
        program.write_text(
            "#!/bin/sh\ntrap 'echo 7 packets dropped by kernel >&2; exit 0' TERM\ntrap 'echo 5 packets dropped by kernel >&2' USR1\n"
            "printf capture\nwhile :; do sleep 0.05; done\n"
        )
        program.chmod(0o755)
        monkeypatch.setattr(sniffer, "search_path", lambda: f"{tmp_path}:{os.environ['PATH']}")
        running = sniffer.Sniffer("eth0")
        assert running.stream.read(7) == b"capture"
        assert running.dropped() == 0
        until = time.monotonic() + 10
        while not running.dropped() and time.monotonic() < until:
            time.sleep(0.05)
        assert running.dropped() == 5  # since the beginning, however often it is asked
        assert running.stop() == 7

    def test_a_program_that_fails_is_told_in_its_own_words(self, tmp_path, monkeypatch):
        program = tmp_path / "tcpdump"
        program.write_text("#!/bin/sh\necho 'tcpdump: eth9: No such device exists' >&2\nexit 1\n")
        program.chmod(0o755)
        monkeypatch.setattr(sniffer, "search_path", lambda: f"{tmp_path}:{os.environ['PATH']}")
        running = sniffer.Sniffer("eth9")
        assert running.stream.read() == b""
        with pytest.raises(sniffer.CannotCapture, match="No such device exists"):
            running.stop()


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def live_through(seconds: int, each: int) -> int:
    """Strangers without end, pumps that report, handshakes in vain; how much more memory the second half takes than the first, in bytes."""
    ward = Ward([make(MEANS) for make in OBSERVERS])  # type: ignore[list-item]
    pumps = [Pump(ward, f"10.0.0.{i}", device=f"D{i}") for i in range(5)]
    half, number = 0, 0
    for second in range(seconds):
        now = 1_700_000_000_000_000_000 + second * 1_000_000_000
        if second == seconds // 2:
            half = resident()
        for one in ward.observers:
            list(one.pass_time(number, now))
        for i in range(each):
            number += 1
            address = f"{number % 223}.{number % 251}.{number % 241}.{number % 239}"
            talk = ward.talk(number, now, address, f"10.1.{number % 199}.{number % 197}", number % 65_536, "udp" if i % 2 else "tcp")
            ward.close(talk, number, now)
        pumps[second % 5].report(number, now)
        ward.facts.clear()
    return resident() - half


def test_memory_is_steady():
    assert live_through(200, 30) < 30_000_000


@pytest.mark.slow
def test_memory_is_steady_over_half_a_million_packets():
    """Three packets each: 160,000 conversations, eight times what any table holds."""
    assert live_through(1600, 100) < 20_000_000


ORDER = Order("ward", b"k" * 32, Limits())


def test_the_last_word_is_said_even_of_nothing():
    words: list[Word] = []
    Watching(ORDER, words.append).finish()
    assert [(word.last, word.packets, word.alarm) for word in words] == [(True, 0, None)]


class Live:
    """A child that is told what the parent of a live stream tells, with a clock that only this moves."""

    def __init__(self, learned: str = "", begin: int = 0) -> None:
        self.words: list[Word] = []
        self.now = begin * 1_000_000_000
        order = msgspec.structs.replace(ORDER, learned=learned)
        self.child = Watching(order, self.words.append, lambda: self.now, lambda: 1_700_000_000_000_000_000 + self.now)
        self.number = 0

    @property
    def learned(self) -> str:
        return [word.learned for word in self.words if word.learned][-1]

    def hear(self, second: float, data: bytes, real: float | None = None) -> None:
        """A packet with this time, which comes then (or at another ``real`` time)."""
        self.number += 1
        self.now = int((second if real is None else real) * 1e9)
        self.child._look.record(Record(self.number, 1_700_000_000_000_000_000 + int(second * 1e9), 1, data, len(data)))
        self.child.came()

    def wait(self, seconds: int) -> None:
        """Nothing comes for so long."""
        for second in range(2, seconds + 1):
            self.now += 1_000_000_000
            self.child.tick(second * 1000)

    @property
    def alarms(self) -> list[tuple[str, str]]:
        return [(word.alarm.what, word.alarm.subject) for word in self.words if word.alarm]


def back(frame: bytes) -> bytes:
    """The same the other way."""
    return frame[:26] + frame[30:34] + frame[26:30] + frame[34:]


def beat(live: Live, seconds: int, *, faster: int = 1) -> None:
    """Two devices that send each other a datagram every two seconds."""
    for second in range(0, seconds, 2):
        live.hear(second, ethernet(ipv4(udp(b"x" * 40, sport=4000, dport=7000), 17)), second / faster)
        live.hear(second + 0.01, back(ethernet(ipv4(udp(b"y" * 40, sport=7000, dport=4000), 17))), (second + 0.01) / faster)


class TestRealTime:
    def test_the_silence_of_all_is_told_while_nothing_comes(self):
        live = Live()
        beat(live, 600)
        assert live.alarms == []
        live.wait(120)
        assert live.alarms == [("silence", "")]

    def test_a_flood_is_told_though_nothing_comes_after_it(self):
        live = Live()
        for i in range(60):
            live.hear(i, syn(1000 + i, 80))
        for i in range(2000):
            live.hear(60 + i / 1000, syn(2000 + i))
        live.wait(30)
        assert live.alarms == [("half-open flood", "10.0.0.2:2575")]

    def test_a_capture_that_is_played_back_has_no_other_clock_than_its_own(self):
        live = Live()
        beat(live, 600, faster=100)
        live.wait(120)
        assert live.alarms == []

    def test_nobody_was_heard_at_all(self):
        live = Live()
        live.wait(120)
        assert live.alarms == []
        assert {word.packets for word in live.words} == {0}

    def test_a_file_is_asked_for_no_time(self, tmp_path):
        watching = Watch(lambda _line: None, State(None), [], live=False)
        source, sink = os.pipe()
        with os.fdopen(source, "rb"), os.fdopen(sink, "wb"):
            watching._came -= 60
            assert watching._next(source) is None
            live = Watch(lambda _line: None, State(None), [], live=True)
            live._came -= 60
            assert (live._next(source) or b"")[:1] == b"T"
            assert live._next(source) is None  # once a second


class TestRestart:
    def test_who_was_known_is_awaited_even_if_nothing_comes_any_more(self):
        live = Live()
        beat(live, 600)
        live.child.finish()
        again = Live(live.learned, 605)
        again.wait(120)
        assert again.alarms == [("silence", "")]
        third = Live(again.learned, 760)
        third.wait(120)
        assert third.alarms == []  # told before

    def test_what_was_learned_is_told_within_a_minute_and_soon_after_an_alarm(self):
        live = Live()
        beat(live, 61)
        assert live.learned
        told = len(live.words)
        beat(live, 600)
        live.wait(120)
        last = [number for number, word in enumerate(live.words) if word.alarm][-1]
        assert last > told
        assert live.words[last + 1].learned

    def test_a_damaged_memory_is_a_problem_and_a_fresh_start(self):
        live = Live("{no json", 5)
        beat(live, 60)
        live.child.notice()
        assert ["cannot be read" in problem.what for word in live.words for problem in word.problems] == [True]

    def test_a_real_restart(self, tmp_path):
        """The first watch of a file in two parts learns what the second needs; nothing is told twice."""
        frames = [ethernet(ipv4(udp(b"x" * 40, sport=4000, dport=7000), 17)), back(ethernet(ipv4(udp(b"y" * 40, sport=7000, dport=4000), 17)))]
        early = b"".join(packet(second, frame) for second in range(0, 600, 2) for frame in frames)
        others = b"".join(packet(600 + second, syn(5000 + second, 80)) for second in range(400))
        for name, content in (("one", early), ("two", others)):
            (tmp_path / name).write_bytes(HEADER + content)
        state = tmp_path / "state.json"
        assert watch(tmp_path / "one", "--state", state).stdout == ""
        told = lines(watch(tmp_path / "two", "--state", state).stdout)
        assert [line["subject"] for line in told] == ["10.0.0.1"]  # the other one only answers
        assert lines(watch(tmp_path / "two", "--state", state).stdout) == []


class TestItself:
    """What a watch says of itself while it goes on."""

    def watch(self, state: State | None = None, *deliveries: Delivery) -> tuple[Watch, list[dict[str, object]]]:
        said: list[dict[str, object]] = []
        return Watch(lambda line: said.append(json.loads(line)), state or State(None), deliveries, live=True), said

    def test_that_nothing_came_yet(self):
        watching, said = self.watch()
        source, sink = os.pipe()
        with os.fdopen(source, "rb"), os.fdopen(sink, "wb"):
            for _ in range(2):
                watching._came, watching._ticked = time.monotonic() - 31, 0.0
                watching._next(source)
        assert [(line["event"], line["seconds"]) for line in said] == [("nothing", 31)]

    def test_problems_when_they_are_known(self):
        watching, said = self.watch()
        problem = Problem(Cause.BROKEN_INPUT, Where("live", "ward", packet=7), "a lie", "the rest was looked at")
        watching._take(msgspec.json.encode(Word(7, 10**18, problems=(problem,))))
        assert [(line["event"], line["what"], line["packet"]) for line in said if line["event"] == "problem"] == [("problem", "a lie", 7)]
        assert watching.summary.incomplete

    def test_a_receiver_that_takes_nothing_and_then_does(self):
        up = threading.Event()

        def send(_alarm: Alarm) -> None:
            if not up.is_set():
                raise ConnectionRefusedError(111, "Connection refused")

        there = Delivery("acm there", send, again=0.02)
        watching, said = self.watch(None, there)
        alarm = Alarm("A-1", 10**18, 1, "flood", "x")
        watching._take(msgspec.json.encode(Word(7, 10**18, alarm=alarm)))
        until = time.monotonic() + 5
        while not there.failed and time.monotonic() < until:
            time.sleep(0.01)
        watching._keep()
        up.set()
        there.end(5)
        watching._keep()
        assert said[0]["event"] == "alarm"  # first of all a line of JSON
        assert [(line["event"], line["to"], line["detail"]) for line in said[1:]] == [
            ("delivery", "acm there", "Connection refused"), ("delivery", "acm there", "it takes alarms again"),
        ]  # fmt: skip

    def test_what_was_not_delivered_is_delivered_after_a_restart(self, tmp_path):
        def refuse(_alarm: Alarm) -> None:
            raise OSError(0, "no")

        path, came = tmp_path / "state.json", []
        watching, _ = self.watch(State(path), Delivery("acm there", refuse), Delivery("acm elsewhere", came.append))
        watching._take(msgspec.json.encode(Word(7, 10**18, alarm=Alarm("A-1", 10**18, 1, "flood", "x"))))
        for one in watching._deliveries:
            one.end(5)
        watching._keep()
        assert len(came) == 1
        there, elsewhere = Delivery("acm there", came.append), Delivery("acm elsewhere", came.append)
        self.watch(State(path), there, elsewhere)
        there.end(5)
        elsewhere.end(5)
        assert [alarm.id for alarm in came] == ["A-1", "A-1"]

    def test_a_disk_that_is_full_ends_no_watch(self, tmp_path):
        place = tmp_path / "there"
        place.mkdir()
        state = State(place / "state.json")
        watching, said = self.watch(state)
        place.rename(tmp_path / "gone")
        for name in ("A-1", "A-2"):
            watching._take(msgspec.json.encode(Word(7, 10**18, alarm=Alarm(name, 10**18, 1, "flood", "x"))))
        assert [line["event"] for line in said] == ["alarm", "problem", "alarm"]
        assert "cannot write" in watching.summary.forgot
