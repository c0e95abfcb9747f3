"""Alarms as others read them: JSON lines, syslog, HL7; and where they go."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from asepsis.evidence.protocols.hl7 import parse
from asepsis.model.dose import DoseSign, Sign
from asepsis.model.facts import Confidence, Disturbance, Service
from asepsis.model.where import Where
from asepsis.monitor import acm, syslog
from asepsis.monitor.alarm import Alarm, alarm_of, moment
from asepsis.monitor.deliver import MOST_WAITING, Delivery, NotAPlace, to_acm, to_syslog
from asepsis.monitor.state import MOST_TOLD, CannotRemember, State

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
        assert set(line) == {"event", "id", "time", "packet", "what", "subject", "peer", "detail", "sureness", "seconds", "explained_by"}
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


class TestDelivery:
    def test_what_fails_waits_and_comes_in_order(self):
        now, came, down = [0.0], [], [True]

        def send(alarm: Alarm) -> None:
            if down[0]:
                raise ConnectionRefusedError(111, "Connection refused")
            came.append(alarm.id)

        delivery = Delivery("there", send, lambda: now[0])
        for name in "abc":
            delivery.put(Alarm(name, TIME, 1, "flood", "x"))
        assert (delivery.waiting, delivery.failed) == (3, "Connection refused")
        down[0] = False
        delivery.try_again()
        assert came == []  # not before some seconds have passed
        now[0] = 6
        delivery.try_again()
        assert (came, delivery.waiting, delivery.failed) == (["a", "b", "c"], 0, "")

    def test_not_without_end(self):
        def send(_alarm: Alarm) -> None:
            raise OSError(0, "no")

        delivery = Delivery("there", send, lambda: 0.0)
        for _ in range(MOST_WAITING + 5):
            delivery.put(ALARM)
        assert (delivery.waiting, delivery.lost) == (MOST_WAITING, 5)

    def test_by_datagrams(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(5)
            to_syslog(f"127.0.0.1:{server.getsockname()[1]}").put(ALARM)
            assert server.recv(4096) == syslog.message(ALARM)

    def test_by_the_local_socket(self, tmp_path: Path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
            server.bind(str(tmp_path / "log"))
            server.settimeout(5)
            to_syslog(f"unix:{tmp_path / 'log'}").put(ALARM)
            assert server.recv(4096) == syslog.message(ALARM)

    def test_by_a_counted_stream(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            to_syslog(f"tcp:127.0.0.1:{server.getsockname()[1]}").put(ALARM)
            with server.accept()[0] as connection:
                said = connection.makefile("rb").read()
        length, _, message = said.partition(b" ")
        assert (int(length), message) == (len(message), syslog.message(ALARM))

    @pytest.mark.parametrize(("answer", "waiting"), [(b"\x0bMSH|^~\\&\rMSA|CA|1\r\x1c\r", 0), (b"\x0bMSH|^~\\&\rMSA|AR|1\r\x1c\r", 1), (b"", 1)])
    def test_by_hl7_until_it_is_accepted(self, answer: bytes, waiting: int):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)

            def answers() -> None:
                with server.accept()[0] as connection:
                    said = b""
                    while not said.endswith(b"\x1c\r"):
                        said += connection.recv(4096)
                    connection.sendall(answer)

            thread = threading.Thread(target=answers)
            thread.start()
            delivery = to_acm(f"127.0.0.1:{server.getsockname()[1]}")
            delivery.put(ALARM)
            thread.join(5)
        assert delivery.waiting == waiting

    @pytest.mark.parametrize("place", ["", "host", "host:", ":514", "host:0", "host:65536", "host:x", "tcp:host"])
    def test_what_is_no_place_is_said(self, place: str):
        with pytest.raises(NotAPlace):
            to_syslog(place)


class TestState:
    def test_it_remembers_over_a_restart(self, tmp_path: Path):
        path = tmp_path / "state.json"
        State(path).told("A-1", TIME)
        again = State(path)
        assert again.knows("A-1")
        assert not again.knows("A-2")
        assert json.loads(path.read_bytes())["last"] == TIME
        assert [one.name for one in tmp_path.iterdir()] == ["state.json"]

    def test_the_oldest_are_forgotten(self):
        state = State(None)
        for i in range(MOST_TOLD + 1):
            state.told(f"A-{i}", i)
        assert not state.knows("A-0")
        assert state.knows(f"A-{MOST_TOLD}")

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"told": 3}'])
    def test_another_file_is_not_overwritten(self, tmp_path: Path, content: bytes):
        path = tmp_path / "other"
        path.write_bytes(content)
        with pytest.raises(CannotRemember, match="no state file"):
            State(path)
        assert path.read_bytes() == content

    def test_a_place_that_cannot_be_written_is_said_at_once(self, tmp_path: Path):
        with pytest.raises(CannotRemember, match="cannot write"):
            State(tmp_path / "none" / "state.json")
