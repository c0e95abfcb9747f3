"""Logs of Zeek and Suricata: the same facts as a capture would give, at the line that says so; broken lines cost nothing but themselves."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import pytest

from asepsis.evidence.artefacts import parse
from asepsis.evidence.read import read
from asepsis.evidence.wire import logs
from asepsis.evidence.wire.events import Event, LogIn
from asepsis.evidence.wire.look import Look
from asepsis.evidence.wire.observers import OF_LOGS
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Cause, EvidenceKind
from asepsis.model.facts import Component, Conversed, Fact, Flow, NetworkDevice, OverheardSecret, Service, TlsSession
from asepsis.model.where import Where

Kind = TypeVar("Kind", bound=Fact)
IDS = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"]
ENDS = ["1782000000.5", "C1", "10.0.0.5", "50001", "10.0.0.9"]


def tsv(path: str, names: str, *rows: list[str], ids: bool = True) -> bytes:
    """A log as Zeek writes it."""
    head = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", f"#path\t{path}", "#open\t2026-06-21-00-00-00"]
    fields = "\t".join(["#fields", *(IDS if ids else []), *names.split()])
    return "\n".join([*head, fields, *("\t".join(row) for row in rows), "#close\t2026-06-21-01-00-00", ""]).encode()


def eve(kind: str, port: int = 23, proto: str = "TCP", **said: object) -> bytes:
    """A line as Suricata writes it."""
    ends = {"src_ip": "10.0.0.5", "src_port": 50_001, "dest_ip": "10.0.0.9", "dest_port": port, "proto": proto}
    return json.dumps({"timestamp": "2026-06-21T00:00:00.500000+0000", "flow_id": 7, "event_type": kind, **ends, **said}).encode() + b"\n"


def seen(data: bytes) -> tuple[list[Fact], list[tuple[int | None, str]], Look]:
    """The facts of a log, and what was complained of, with its line."""
    facts: list[Fact] = []
    look = Look(lambda line: Where("e1", "x.log", line=line or None), Redactor(b"k" * 32), Limits(), facts.append, observers=OF_LOGS)
    for line in logs.lines(BytesIO(data), look.complain):
        look.line(line)
    look.finish()
    return facts, [(one.where.line if one.where else None, one.what) for one in look.problems], look


def one(data: bytes, kind: type[Kind]) -> Kind:
    facts, problems, _ = seen(data)
    assert problems == []
    (fact,) = (fact for fact in facts if isinstance(fact, kind))
    return fact


CONN = "proto service duration orig_bytes resp_bytes conn_state local_orig missed_bytes history orig_pkts resp_pkts"


def conn(port: str, service: str, state: str = "SF", proto: str = "tcp", packets: tuple[str, str] = ("4", "3"), to: str = "10.0.0.9") -> list[str]:
    return [*ENDS[:4], to, port, proto, service, "2.5", "10", "20", state, "-", "0", "ShADadFf", *packets]


class TestZeek:
    def test_a_connection_that_was_answered_is_a_conversation_a_service_and_two_devices(self) -> None:
        data = tsv("conn", CONN, conn("23", "-"), conn("22", "ssh"), conn("2575", "-", "S0", packets=("3", "0")))
        facts, problems, _ = seen(data)
        assert problems == []
        spoken = [fact for fact in facts if isinstance(fact, Conversed)]
        assert [(fact.port, fact.protocol, fact.where.line, fact.packets, fact.began, fact.ended) for fact in spoken] == [
            (23, "", 8, 7, 1_782_000_000, 1_782_000_003), (22, "ssh", 9, 7, 1_782_000_000, 1_782_000_003),
        ]  # fmt: skip
        assert [(fact.name, fact.subject) for fact in facts if isinstance(fact, Service)] == [("ssh", "10.0.0.9")]
        assert [(fact.address, fact.services) for fact in facts if isinstance(fact, NetworkDevice)] == [
            ("10.0.0.5", ()), ("10.0.0.9", ("ssh 22", "tcp 23")),
        ]  # fmt: skip

    def test_a_destination_outside_is_a_flow(self) -> None:
        flow = one(tsv("conn", CONN, conn("443", "ssl", to="8.8.8.8")), Flow)
        assert (flow.protocol, flow.encrypted, flow.peer) == ("tls", True, "8.8.8.8")

    def test_old_tls_is_told_with_the_names_that_the_log_has_and_nothing_of_what_it_has_not(self) -> None:
        row = [*ENDS, "443", "TLSv10", "TLS_RSA_WITH_RC4_128_SHA", "pump.local", "T"]
        session = one(tsv("ssl", "version cipher server_name established", row, row), TlsSession)
        assert (session.server, session.version, session.suite, session.times) == ("10.0.0.9:443", "TLS 1.0", "TLS_RSA_WITH_RC4_128_SHA", 2)
        assert (session.weak, session.client_certificate, session.where.line) == (("TLS 1.0 is no longer safe", "RC4"), None, 8)
        assert one(tsv("ssl", "version cipher", [*ENDS, "443", "TLSv12", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]), TlsSession).weak == ()
        assert one(tsv("ssl", "version cipher", [*ENDS, "443", "TLSv12", "-"]), TlsSession).weak == ()

    @pytest.mark.parametrize(
        ("path", "names", "row", "said"),
        [
            ("ftp", "user password command arg reply_code", ["21", "root", "Zq7-drip", "RETR", "x", "226"], ("ftp", "root", True)),
            ("http", "method status_code username password", ["80", "GET", "200", "admin", "Zq7-drip"], ("http", "admin", True)),
            ("http", "method status_code username password", ["80", "GET", "401", "admin", "Zq7-drip"], ("http", "admin", False)),
            ("snmp", "version community get_requests get_responses", ["161", "2c", "Zq7-drip", "1", "1"], ("snmp", "", True)),
            ("snmp", "version community get_requests get_responses", ["161", "2c", "Zq7-drip", "1", "0"], ("snmp", "", None)),
        ],
    )
    def test_a_password_that_a_log_holds_is_told_and_never_said(self, path: str, names: str, row: list[str], said: tuple[object, ...]) -> None:
        heard = one(tsv(path, names, [*ENDS, *row]), OverheardSecret)
        assert (heard.service, heard.subject, heard.accepted, heard.secret.length, heard.where.line) == (*said, 8, 8)
        assert "Zq7" not in repr(heard)

    @pytest.mark.parametrize("password", ["<hidden>", "-"])
    def test_a_password_that_zeek_hid_is_none(self, password: str) -> None:
        facts, _, _ = seen(tsv("ftp", "user password command arg reply_code", [*ENDS, "21", "root", password, "RETR", "x", "226"]))
        assert [fact for fact in facts if isinstance(fact, OverheardSecret)] == []

    def test_software_and_banners_are_components(self) -> None:
        names = "host host_p software_type name version.major version.minor version.minor2 version.minor3 version.addl unparsed_version"
        row = [ENDS[0], "10.0.0.9", "22", "SSH::SERVER", "OpenSSH", "7", "2", "-", "-", "p1", "SSH-2.0-OpenSSH_7.2p1"]
        data = tsv("software", "ts " + names, row, ids=False)
        part = one(data, Component)
        assert (part.name, part.version) == ("OpenSSH", "7.2p1")
        again = one(
            tsv("ssh", "version auth_success client server", [*ENDS, "22", "2", "T", "SSH-2.0-PuTTY_0.70", "SSH-2.0-OpenSSH_7.2p1"]), Component
        )
        assert (again.name, again.version, again.purl) == (part.name, part.version, part.purl)

    def test_names_come_from_dns_dhcp_and_remote_desktops(self) -> None:
        dhcp = "uids client_addr server_addr mac host_name assigned_addr msg_types"
        row = [ENDS[0], "Ca", "-", "10.0.0.1", "00:11:22:33:44:55", "PUMP-7", "10.0.0.7", "DISCOVER,OFFER"]
        device = one(tsv("dhcp", "ts " + dhcp, row, ids=False), NetworkDevice)
        assert (device.address, device.name, device.hardware, device.shown_by) == ("10.0.0.7", "PUMP-7", "00:11:22:33:44:55", ("dhcp",))
        facts, _, _ = seen(tsv("dns", "proto query qtype_name answers", [*ENDS, "53", "udp", "pump.ward", "A", "x.example,10.0.0.7"]))
        assert ("10.0.0.7", "pump.ward") in [(fact.address, fact.name) for fact in facts if isinstance(fact, NetworkDevice)]

    def test_json_is_told_by_its_fields(self) -> None:
        values = {
            **dict(zip(IDS, [1_782_000_000.5, "C1", "10.0.0.5", 50_001, "10.0.0.9", 443], strict=True)),
            "version": "TLSv10",
            "cipher": "TLS_NULL_",
            "resumed": False,
        }
        session = one(json.dumps(values).encode(), TlsSession)
        assert (session.where.line, session.weak) == (1, ("TLS 1.0 is no longer safe", "no encryption"))
        iso = {**values, "ts": "2026-06-21T00:00:00.5Z"}
        assert one(json.dumps(iso).encode(), TlsSession).version == "TLS 1.0"

    def test_a_log_of_tickets_is_not_taken_for_one_of_tls(self) -> None:
        _, _, look = seen(b'{"ts":1.5,"id.orig_h":"10.0.0.5","id.resp_h":"10.0.0.9","request_type":"AS","cipher":"aes256-cts-hmac-sha1-96"}\n')
        assert [one.reason for one in look.finish().left_out] == ["Zeek's unknown.log"]

    def test_logs_of_old_versions_and_with_a_tab_in_the_first_line_are_read(self) -> None:
        data = tsv("dhcp", "mac assigned_ip lease_time", [*ENDS[:4], "10.0.0.1", "67", "00:11", "10.0.0.7", "60"])
        device = one(data.replace(b"#separator ", b"#separator\t"), NetworkDevice)
        assert (device.address, device.hardware) == ("10.0.0.7", "00:11")

    def test_lines_of_a_kind_that_is_not_read_are_counted(self) -> None:
        _, problems, look = seen(tsv("notice", "note msg", [*ENDS, "22", "SSH::Password_Guessing", "x"]) + b'{"ts":1,"note":"x"}\n{"ts":1,"a":2}\n')
        assert problems == []
        assert [(one.reason, one.packets) for one in look.finish().left_out] == [("Zeek's notice.log", 2), ("Zeek's unknown.log", 1)]


class TestSuricata:
    def test_a_flow_is_a_conversation(self) -> None:
        flow = {"pkts_toserver": 4, "pkts_toclient": 3, "bytes_toserver": 400, "bytes_toclient": 300, "start": "2026-06-21T00:00:00.0+0000"}
        data = eve("flow", app_proto="telnet", flow={**flow, "end": "2026-06-21T00:01:00+0000", "state": "closed"}, tcp={"syn": True})
        spoken = one(data, Conversed)
        assert (spoken.client, spoken.server, spoken.port, spoken.protocol, spoken.packets, spoken.guessed) == (
            "10.0.0.5", "10.0.0.9", 23, "telnet", 7, False,
        )  # fmt: skip
        assert spoken.ended - spoken.began == 60
        assert one(data, Service).name == "telnet"
        silent = eve("flow", app_proto="failed", flow={**flow, "pkts_toclient": 0, "state": "new"})
        assert [fact for fact in seen(silent)[0] if isinstance(fact, (Conversed, Service))] == []

    def test_tls_has_the_suite_of_its_print_if_there_is_one(self) -> None:
        session = one(eve("tls", 443, tls={"version": "TLSv1", "ja3s": {"hash": "x", "string": "769,5,65281"}}), TlsSession)
        assert (session.version, session.suite, session.weak) == ("TLS 1.0", "0x0005", ("TLS 1.0 is no longer safe", "RC4"))
        assert one(eve("tls", 443, tls={"version": "TLS 1.2"}), TlsSession).weak == ()

    def test_log_ins_in_clear_are_told(self) -> None:
        ftp = eve("ftp", 21, ftp={"command": "USER", "command_data": "root"}) + eve(
            "ftp", 21, ftp={"command": "PASS", "command_data": "Zq7-drip", "completion_code": ["230"]}
        )
        basic = {"status": 200, "request_headers": [{"name": "Authorization", "value": "Basic cm9vdDpacTctZHJpcA=="}]}
        mqtt = {"connect": {"client_id": "pump", "username": "root", "password": "Zq7-drip"}, "connack": {"return_code": 0}}
        snmp = {"version": 2, "community": "Zq7-drip"}
        for data, said in (
            (ftp, ("ftp", "root", True)), (eve("http", 80, http=basic), ("http", "root", True)),
            (eve("mqtt", 1883, mqtt=mqtt), ("mqtt", "root", True)),
            (eve("snmp", 161, "UDP", snmp=snmp), ("snmp", "", None)),
        ):  # fmt: skip
            heard = one(data, OverheardSecret)
            assert (heard.service, heard.subject, heard.accepted, heard.secret.length) == (*said, 8)

    def test_names_and_software(self) -> None:
        part = one(eve("ssh", 22, ssh={"server": {"proto_version": "2.0", "software_version": "OpenSSH_7.2p1"}, "client": {}}), Component)
        assert (part.name, part.version) == ("OpenSSH", "7.2p1")
        device = one(
            eve("dhcp", 67, "UDP", dhcp={"type": "reply", "assigned_ip": "10.0.0.7", "hostname": "PUMP-7", "client_mac": "00:11"}), NetworkDevice
        )
        assert (device.address, device.name) == ("10.0.0.7", "PUMP-7")
        for kind, said in (("smb", {"ntlmssp": {"host": "WS-3"}}), ("rdp", {"client": {"client_name": "WS-3"}})):
            facts, _, _ = seen(eve(kind, 445, **{kind: said}))
            assert [(fact.address, fact.name) for fact in facts if isinstance(fact, NetworkDevice)] == [("10.0.0.5", "WS-3")]

    def test_what_the_sensor_lost_and_what_is_not_read_is_told(self) -> None:
        data = eve("stats", stats={"capture": {"kernel_drops": 12}}) + eve("alert", alert={"signature": "x"}) + eve("anomaly")
        _, problems, look = seen(data)
        assert problems == [(None, "the sensor that wrote the log lost 12 packets, of which it says nothing")]
        assert {one.reason for one in look.finish().left_out} == {"Suricata's alert events", "Suricata's anomaly events"}


GOOD = eve("ssh", 22, ssh={"server": {"software_version": "OpenSSH_7.2p1"}})
BAD = (
    b"{", b'{"event_type": 7}', b'{"event_type": "tls"}', b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe\x00", b"no\tfields",
    b'{"event_type":"flow","timestamp":"x"}',
    eve("tls", 99_999, tls={}).strip(), b'{"event_type":"tls","timestamp":"9999999-01-01T00:00:00","src_ip":"10.0.0.1"}',
    b"x" * (logs.LONGEST_LINE + 1),
    b'{"event_type":"snmp","timestamp":1e300}', b'{"ts":"NaN","conn_state":"SF"}', b'{"ts":-1,"conn_state":"SF","proto":"tcp"}',
)  # fmt: skip


class TestHostile:
    @pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
    def test_a_broken_line_is_one_problem_with_its_place_and_the_rest_is_kept(self, bad: bytes) -> None:
        facts, problems, _ = seen(GOOD + bad + b"\n" + GOOD)
        assert [line for line, _ in problems] == [2]
        assert len([fact for fact in facts if isinstance(fact, Component)]) == 1

    def test_fields_of_any_type_are_no_bug(self) -> None:
        odd: list[object] = [None, 1, -1, 1.5, "", "x" * 9000, [], [1, {}], {}, {"a": [{}]}, True, "\u202e\x00", 2**70]
        kinds = ("flow", "tls", "ssh", "http", "ftp", "dns", "smb", "rdp", "dhcp", "snmp", "mqtt", "stats")
        names = ("server", "client", "version", "command", "command_data", "answers", "community", "connect", "request_headers", "ntlmssp", "start")
        for kind in kinds:
            for value in odd:
                seen(eve(kind, **{kind: value, "app_proto": value, "tcp": value, "flow_id": value}))
                seen(eve(kind, **{kind: dict.fromkeys(names, value)}))

    def test_any_cut_of_a_log_gives_no_more_than_one_problem(self) -> None:
        data = tsv("conn", CONN, conn("23", "-")) + GOOD
        for length in range(len(data)):
            assert len(seen(data[:length])[1]) <= 1

    def test_compressed_logs_and_small_pieces_are_the_same(self) -> None:
        data = tsv("conn", CONN, *(conn(str(port), "ssh") for port in range(1, 400))) + GOOD
        whole, _, _ = seen(data)

        class Slow(BytesIO):
            def read1(self, _size: int | None = -1, /) -> bytes:
                return super().read(3)

        said: list[Event] = [event for line in logs.lines(Slow(data), lambda *_: None) for event in line.events]
        assert len(said) == 399 * 2 + 1
        assert repr(seen(gzip.compress(data))[0]) == repr(whole)

    def test_a_compressed_log_that_is_cut_is_told(self) -> None:
        _, problems, _ = seen(gzip.compress(GOOD * 50)[:-20])
        assert "cut short" in problems[0][1]

    def test_ends_of_conversations_that_are_remembered_are_bounded(self) -> None:
        rows = [[*ENDS[:1], f"C{number}", *ENDS[2:], "21", "root", "x", "RETR", "x", "226"] for number in range(9000)]
        said = [event for line in logs.lines(BytesIO(tsv("ftp", "user password command arg reply_code", *rows)), print) for event in line.events]
        assert sum(isinstance(event, LogIn) for event in said) == 9000


class TestAsEvidence:
    @pytest.mark.parametrize(
        "data",
        [tsv("conn", CONN, conn("22", "ssh")), GOOD, b'{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.5"}\n', gzip.compress(GOOD)],
        ids=["tsv", "eve", "json", "gzip"],
    )
    def test_it_is_known_by_its_first_line(self, data: bytes, tmp_path: Path) -> None:
        (tmp_path / "log").write_bytes(data)
        assert parse(str(tmp_path / "log")).kind is EvidenceKind.NETLOG

    @pytest.mark.parametrize("data", [b'{"ts":1}', b"#!/bin/sh", b"\x1f\x8b\x08broken", gzip.compress(b"firmware"), b'{"event_type": 1}'])
    def test_other_files_are_not(self, data: bytes, tmp_path: Path) -> None:
        (tmp_path / "log").write_bytes(data)
        assert parse(str(tmp_path / "log")).kind is EvidenceKind.FIRMWARE

    def test_a_study_has_its_facts_with_lines_and_nothing_is_proven_absent(self, tmp_path: Path) -> None:
        (tmp_path / "eve.json").write_bytes(GOOD + b"{\n" + eve("alert") + eve("tls", 443, tls={"version": "TLSv1"}))
        reading = read([f"netlog:{tmp_path / 'eve.json'}"], limits=Limits(), digest_key=None, notice=lambda _: None)
        assert [(type(fact).__name__, fact.where) for fact in reading.facts if isinstance(fact, (Component, TlsSession))] == [
            ("Component", Where("e1", "eve.json", line=1)), ("TlsSession", Where("e1", "eve.json", line=4)),
        ]  # fmt: skip
        assert [(one.cause, one.where and one.where.line, one.what) for one in reading.problems] == [
            (Cause.BROKEN_INPUT, 2, "a line of the log is not understood: it is no JSON object"),
            (Cause.MISSING_TOOL, None, "not read: Suricata's alert events (1 line)"),
        ]
        looked = {one.kind: one for one in reading.looked_for}
        assert not any(one.looked for one in looked.values())
        assert "network monitor's log" in looked["TlsSession"].reason
        assert reading.coverage.packets == 0
