"""Alarms as others read them: JSON lines, syslog, HL7; and where they go."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from pathlib import Path

import pytest

from asepsis.evidence.protocols.hl7 import parse
from asepsis.model.dose import DoseSign, Sign
from asepsis.model.facts import Confidence, Disturbance, Service
from asepsis.model.where import Where
from asepsis.monitor import acm, syslog
from asepsis.monitor.alarm import Alarm, alarm_of, moment
from asepsis.monitor.deliver import MOST_WAITING, Delivery, undelivered
from asepsis.monitor.places import NotAPlace, to_acm, to_syslog
from asepsis.monitor.state import MOST_BYTES, MOST_TOLD, CannotRemember, State

TIME = 1_700_000_000_123_456_789
ALARM = Alarm(
    "A-0123456789abcdef", TIME, 41, "half-open flood", "10.0.0.9:2575", "10.0.0.66", 'the "first" [one]\\ | of ^ many', "likely", 5, ("a retry",)
)


class TestAlarm:
    def fact(self, **given: object) -> Disturbance:
        return Disturbance(Where("live", "eth0", packet=41), **{"what": "flood", "victim": "10.0.0.9", "explained_by": ("a", "b"), **given})

    def test_a_disturbance_is_one_and_most_facts_are_none(self):
        alarm = alarm_of(self.fact(detail="600 connections", confidence=Confidence.WEAK, seconds=5), TIME)
        assert alarm
        assert (alarm.what, alarm.subject, alarm.packet, alarm.sureness, alarm.seconds, alarm.explained_by) == (
            "flood", "10.0.0.9", 41, "weak", 5, ("a", "b"),
        )  # fmt: skip
        assert alarm_of(Service(Where("live", "eth0", packet=1), "telnet"), TIME) is None

    def test_a_sign_of_a_false_order_is_one(self):
        sign = DoseSign(Where("live", "eth0", packet=9), Sign.REPLAYED, "order 17", ("sent again", "and obeyed"), ("a retry",), obeyed=True)
        alarm = alarm_of(sign, TIME)
        assert alarm
        assert (alarm.what, alarm.subject, alarm.detail, alarm.explained_by, alarm.sureness) == (
            "replayed", "order 17", "sent again; and obeyed", ("a retry",), "likely",
        )  # fmt: skip

    def test_its_id_is_that_of_what_happened_whatever_the_packet_is_called(self):
        one, again = alarm_of(self.fact(), TIME), alarm_of(Disturbance(Where("e2", "x", packet=9), "flood", "10.0.0.9"), TIME)
        later = alarm_of(self.fact(), TIME + 1)
        assert one
        assert again
        assert later
        assert one.id == again.id != later.id

    def test_text_of_a_device_moves_no_cursor_and_is_bounded(self):
        alarm = alarm_of(self.fact(detail="\x1b[2J" + "x" * 10_000), TIME)
        assert alarm
        assert "\x1b" not in alarm.detail
        assert len(alarm.detail) == 400

    def test_its_line_of_json(self):
        line = json.loads(ALARM.line())
        assert (line["event"], line["time"], line["id"]) == ("alarm", "2023-11-14T22:13:20.123456Z", ALARM.id)
        assert set(line) == {"event", "id", "time", "packet", "what", "subject", "peer", "detail", "sureness", "seconds", "explained_by", "assumes"}
        assert "\n" not in ALARM.line()

    def test_a_time_that_no_calendar_holds(self):
        assert moment(1 << 90) == "1970-01-01T00:00:00.000000Z"


class TestSyslog:
    def test_it_is_rfc_5424(self):
        text = syslog.message(ALARM).decode()
        head, _, rest = text.partition(" [")
        assert head == "<82>1 2023-11-14T22:13:20.123456Z - asepsis - half-open-flood"  # facility 10, severity 2
        assert rest.startswith('asepsis@32473 id="A-0123456789abcdef" subject="10.0.0.9:2575" peer="10.0.0.66" packet="41" sureness="likely"] \ufeff')
        assert "(could also be: a retry)" in rest

    def test_three_characters_of_a_value_are_escaped(self):
        made = Alarm("A-1", TIME, 1, "flood", 'a"b]c\\d')
        assert b'subject="a\\"b\\]c\\\\d"' in syslog.message(made)


class TestAcm:
    def test_it_is_an_alert_without_a_patient(self):
        framed = acm.message(ALARM)
        assert framed[:1] == b"\x0b"
        assert framed[-2:] == b"\x1c\r"
        message = parse(framed[1:-2])
        assert (message.kind, message.control_id, message.version) == (("ORU", "R40"), ALARM.id, "2.6")
        assert [segment.name for segment in message.segments] == ["MSH", "OBR", *["OBX"] * 7, "NTE"]
        facets = {segment.text(3): segment.text(5) for segment in message.all("OBX")}
        assert facets["68480"] == "10.0.0.9:2575"
        assert (facets["68481"], facets["68482"], facets["68484"], facets["68485"]) == ("start", "active", "PH", "ST")
        assert message.all("NTE")[0].text(3).endswith('the "first" [one]\\ | of ^ many')
        assert message.time == "20231114221320.1234+0000"

    def test_only_an_acceptance_is_one(self):
        assert acm.accepted(b"\x0bMSH|^~\\&|\rMSA|CA|A-1\r\x1c\r")
        assert not acm.accepted(b"\x0bMSH|^~\\&|\rMSA|AE|A-1\r\x1c\r")
        assert not acm.accepted(b"")


def delivered(delivery: Delivery, *alarms: Alarm) -> Delivery:
    delivery.put(*alarms)
    delivery.end(5)
    return delivery


class TestDelivery:
    def test_what_fails_waits_and_comes_in_order(self):
        came: list[str] = []
        tried, up = threading.Event(), threading.Event()

        def send(alarm: Alarm) -> None:
            if not up.is_set():
                tried.set()
                raise ConnectionRefusedError(111, "Connection refused")
            came.append(alarm.id)

        delivery = Delivery("there", send, again=0.02)
        delivery.put(*(Alarm(name, TIME, 1, "flood", "x") for name in "abc"))
        assert tried.wait(5)
        up.set()
        delivery.end(5)
        assert (came, delivery.waiting, delivery.failed, delivery.lost) == (["a", "b", "c"], (), "", 0)

    def test_a_place_that_never_answers_makes_nobody_wait(self):
        release, began = threading.Event(), time.monotonic()
        delivery = Delivery("there", lambda _alarm: release.wait(60) and None)
        for _ in range(5000):
            delivery.put(ALARM)
        delivery.end(0.1)
        assert time.monotonic() - began < 2
        assert (len(delivery.waiting), delivery.lost) == (MOST_WAITING, 5000 - MOST_WAITING)
        release.set()

    def test_what_had_to_be_dropped_is_counted_and_the_newest_are_kept(self):
        def send(_alarm: Alarm) -> None:
            raise OSError(0, "no")

        delivery = delivered(Delivery("there", send), *(Alarm(str(i), TIME, 1, "flood", "x") for i in range(MOST_WAITING + 5)))
        assert (len(delivery.waiting), delivery.lost, delivery.failed) == (MOST_WAITING, 5, "no")
        assert [alarm.id for alarm in delivery.waiting[:2]] == ["0", "6"]  # the first may be on its way
        assert delivery.waiting[-1].id == str(MOST_WAITING + 4)
        assert undelivered([delivery]) == MOST_WAITING + 5

    def test_a_name_that_cannot_be_looked_up_ends_no_thread(self):
        (place,) = (to_syslog(f"{'x' * 70}.invalid:514"),)
        assert len(delivered(place, ALARM).waiting) == 1
        assert place.failed

    def test_by_datagrams(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(5)
            delivered(to_syslog(f"127.0.0.1:{server.getsockname()[1]}"), ALARM)
            assert server.recv(4096) == syslog.message(ALARM)

    def test_by_the_local_socket(self, tmp_path: Path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
            server.bind(str(tmp_path / "log"))
            server.settimeout(5)
            delivered(to_syslog(f"unix:{tmp_path / 'log'}"), ALARM)
            assert server.recv(4096) == syslog.message(ALARM)

    def test_by_a_counted_stream(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            delivered(to_syslog(f"tcp:127.0.0.1:{server.getsockname()[1]}"), ALARM)
            with server.accept()[0] as connection:
                said = connection.makefile("rb").read()
        length, _, message = said.partition(b" ")
        assert (int(length), message) == (len(message), syslog.message(ALARM))

    @pytest.mark.parametrize(("answer", "waiting"), [(b"\x0bMSH|^~\\&\rMSA|CA|1\r\x1c\r", 0), (b"\x0bMSH|^~\\&\rMSA|AR|1\r\x1c\r", 1), (b"", 1)])
    def test_by_hl7_until_it_is_accepted(self, answer: bytes, waiting: int):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)

            def answers() -> None:
                with contextlib.suppress(OSError):
                    for _ in range(2):  # the last attempt may be the second
                        with server.accept()[0] as connection:
                            said = b""
                            while not said.endswith(b"\x1c\r"):
                                said += connection.recv(4096)
                            connection.sendall(answer)

            thread = threading.Thread(target=answers, daemon=True)
            thread.start()
            delivery = delivered(to_acm(f"127.0.0.1:{server.getsockname()[1]}"), ALARM)
        thread.join(6)
        assert len(delivery.waiting) == waiting

    @pytest.mark.parametrize("place", ["", "host", "host:", ":514", "host:0", "host:65536", "host:x", "tcp:host"])
    def test_what_is_no_place_is_said(self, place: str):
        with pytest.raises(NotAPlace):
            to_syslog(place)


class TestState:
    def test_it_remembers_over_a_restart(self, tmp_path: Path):
        path = tmp_path / "state.json"
        before = State(path)
        before.waiting, before.learned = {"acm there": (ALARM,)}, "what was learned"
        before.told("A-1", TIME)
        again = State(path)
        assert again.knows("A-1")
        assert not again.knows("A-2")
        assert (again.last, again.waiting, again.learned, again.problem) == (TIME, {"acm there": (ALARM,)}, "what was learned", "")
        assert [one.name for one in tmp_path.iterdir()] == ["state.json"]
        assert path.stat().st_mode & 0o777 == 0o600

    def test_the_oldest_are_forgotten(self):
        state = State(None)
        for i in range(MOST_TOLD + 1):
            state.told(f"A-{i}", i)
        assert not state.knows("A-0")
        assert state.knows(f"A-{MOST_TOLD}")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"{}",
            b'{"told": 3}',
            b'{"format": "asepsis-watch-2"}',
            b"[" * 100_000,
            b"\xff\xfe",
            b'{"format":"asepsis-watch-1","last":"x"}',
        ],
    )
    def test_another_file_is_put_aside_and_told(self, tmp_path: Path, content: bytes):
        path = tmp_path / "other"
        path.write_bytes(content)
        state = State(path)
        assert "is no state file of asepsis watch" in state.problem
        assert (tmp_path / "other.not-read").read_bytes() == content
        state.told("A-1", TIME)
        assert State(path).knows("A-1")

    def test_one_that_is_too_long_is_not_read(self, tmp_path: Path):
        path = tmp_path / "state.json"
        with path.open("wb") as file:
            file.truncate(MOST_BYTES + 2)
        assert f"more than {MOST_BYTES} bytes" in State(path).problem

    def test_each_single_byte_cut_or_changed_is_no_crash(self, tmp_path: Path):
        path = tmp_path / "state.json"
        before = State(path)
        before.waiting = {"acm there": (ALARM,)}
        before.told("A-1", TIME)
        content = path.read_bytes()
        for i in range(len(content)):
            for broken in (content[:i], content[:i] + bytes([content[i] ^ 0x15]) + content[i + 1 :]):
                path.write_bytes(broken)
                State(path)

    def test_a_place_that_cannot_be_written_is_said_at_once(self, tmp_path: Path):
        for path in (tmp_path / "none" / "state.json", tmp_path):
            with pytest.raises(CannotRemember):
                State(path)

    def test_a_link_that_waits_where_it_writes_is_not_followed(self, tmp_path: Path):
        victim = tmp_path / "victim"
        victim.write_text("untouched")
        (tmp_path / "state.json.new").symlink_to(victim)
        State(tmp_path / "state.json").told("A-1", TIME)
        assert victim.read_text() == "untouched"
