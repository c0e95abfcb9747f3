"""Rules made from recorded traffic: what is permitted, what alerts, and that the programs that read them can."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.record import FactRecord
from asepsis.model.study import Study
from asepsis.model.where import Where
from asepsis.reports.exporter import NothingToTell
from asepsis.reports.tell import tell
from tests.cases.reports import studies

NFT, UNSHARE = shutil.which("nft", path="/usr/sbin:/usr/bin:/sbin:/bin"), shutil.which("unshare")
TEXT = {name: {format_: tell(study, format_).decode("ascii") for format_ in ("nftables", "suricata")} for name, study in (
    ("ward", studies.WARD), ("hostile", studies.HOSTILE),
)}  # fmt: skip


def rules(text: str) -> list[str]:
    """The lines that say something to a program."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def accepted(text: str) -> list[str]:
    return [line.partition(" comment ")[0] for line in rules(text) if " saddr " in line and " dport " in line]


def with_facts(*facts: FactRecord) -> Study:
    return replace(studies.WARD, facts=facts)


class TestAllowList:
    def test_clinical_network_and_not_understood_conversations_of_devices_are_permitted_and_nothing_else(self) -> None:
        assert accepted(TEXT["ward"]["nftables"]) == [
            "ip saddr 10.0.0.5 ip daddr 10.0.0.2 udp dport 53 accept",
            "ip saddr 10.0.0.5 ip daddr 10.0.0.10 tcp dport 2575 accept",
            "ip saddr 10.0.0.6 ip daddr 10.0.0.20 tcp dport 104 accept",
            "ip saddr 10.0.0.10 ip daddr 10.0.0.5 tcp dport 3000 accept",
            "ip6 saddr fd00::8 ip6 daddr fd00::10 tcp dport 6464 accept",
        ]

    def test_remote_control_and_destinations_outside_are_told_and_left_to_a_person(self) -> None:
        seen = [line.strip() for line in TEXT["ward"]["nftables"].splitlines() if "# seen, not permitted" in line]
        assert [line.partition(" accept ")[0] for line in seen] == [
            "# seen, not permitted (outside): ip saddr 10.0.0.5 ip daddr 8.8.8.8 tcp dport 443",
            "# seen, not permitted (remote control): ip saddr 10.0.0.9 ip daddr 10.0.0.5 tcp dport 23",
        ]

    def test_what_was_not_understood_or_guessed_is_marked(self) -> None:
        (line,) = (line for line in rules(TEXT["ward"]["nftables"]) if "6464" in line)
        assert line.endswith('accept comment "review: unknown protocol, ward.pcapng packet 13"')

    def test_gateways_and_offices_are_no_devices_whose_packets_are_dropped(self) -> None:
        elements = [line for line in rules(TEXT["ward"]["nftables"]) if line.startswith("elements")]
        assert elements == ["elements = { 10.0.0.5, 10.0.0.6 }", "elements = { fd00::8 }"]

    def test_the_rest_is_logged_and_dropped_after_all_that_is_permitted(self) -> None:
        assert rules(TEXT["ward"]["nftables"])[-4:] == ['limit rate 10/second log prefix "asepsis drop: "', "counter drop", "}", "}"]

    def test_the_same_pair_in_two_captures_is_one_line(self) -> None:
        twice = replace(studies.WARD, facts=(*studies.WARD.facts, studies.heard(1, "10.0.0.10", "10.0.0.5", 3000, "")))
        assert accepted(tell(twice, "nftables").decode()) == accepted(TEXT["ward"]["nftables"])

    @pytest.mark.skipif(NFT is None or UNSHARE is None, reason="nftables is not installed")
    @pytest.mark.parametrize("name", [*TEXT, "reloaded"])
    def test_nft_takes_it(self, name: str, tmp_path: Path) -> None:
        file = tmp_path / "allow.nft"
        file.write_text(TEXT["ward" if name == "reloaded" else name]["nftables"])
        own = [str(UNSHARE), "--user", "--map-root-user", "--net"]
        if subprocess.run([*own, "true"], check=False, capture_output=True).returncode:
            pytest.skip("this machine gives no network of one's own")
        load = [str(NFT), "-f", str(file)]
        command = ["sh", "-c", f"{' '.join(load)} && {' '.join(load)}"] if name == "reloaded" else [str(NFT), "-c", "-f", str(file)]
        checked = subprocess.run([*own, *command], check=False, capture_output=True, text=True)
        if "Operation not permitted" in checked.stderr:
            pytest.skip("this machine lets nobody but root speak with its packet filter")
        assert (checked.returncode, checked.stderr) == (0, "")


OPTION = re.compile(r'\s*([a-z_.]+)(?::((?:"(?:[^"\\;]|\\.)*"|[^";])*))?;')
"""One option of a rule (user guide, "Rules Format"): in quotation marks, a semicolon, a quotation mark and a backslash are escaped."""
ALERT = re.compile(r"alert (tcp|tls|ip) (\S+) any -> (\S+) any \((.*)\)")
ENDS = re.compile(r"any|!?\[[0-9a-f.:/]+(?:,[0-9a-f.:/]+)*\]|[0-9a-f.:]+")
KNOWN = {
    "msg",
    "flow",
    "content",
    "startswith",
    "offset",
    "depth",
    "nocase",
    "pcre",
    "ssl_version",
    "threshold",
    "classtype",
    "metadata",
    "sid",
    "rev",
}


def options(rule: str) -> dict[str, str]:
    """The options of an alert; the last of those that stand twice."""
    head = ALERT.fullmatch(rule)
    assert head, rule
    assert ENDS.fullmatch(head[2]), rule
    assert ENDS.fullmatch(head[3]), rule
    found, at = {}, 0
    while at < len(head[4]):
        one = OPTION.match(head[4], at)
        assert one, head[4][at:]
        found[one[1]], at = one[2] or "", one.end()
    return found


class TestAlerts:
    @pytest.mark.parametrize("name", TEXT)
    def test_every_rule_follows_the_grammar_and_has_a_number_of_its_own(self, name: str) -> None:
        every = [options(rule) for rule in rules(TEXT[name]["suricata"])]
        numbers = [int(one["sid"]) for one in every]
        assert numbers == sorted(set(numbers))
        assert all(1_910_000 <= number < 1_980_000 for number in numbers)
        assert {key for one in every for key in one} <= KNOWN

    @pytest.mark.skipif(importlib.util.find_spec("suricataparser") is None, reason="suricataparser is not installed")
    @pytest.mark.parametrize("name", TEXT)
    def test_another_parser_reads_the_same_rules(self, name: str) -> None:
        import suricataparser  # type: ignore[import-not-found, unused-ignore]

        parsed = suricataparser.parse_rules(TEXT[name]["suricata"])
        own = [options(rule) for rule in rules(TEXT[name]["suricata"])]
        assert [(one.sid, one.msg, one.enabled) for one in parsed if one.enabled] == [(int(o["sid"]), o["msg"].strip('"'), True) for o in own]

    def test_whoever_was_seen_to_speak_hl7_or_to_order_is_no_stranger(self) -> None:
        heads = {options(rule)["sid"]: rule.partition(" (")[0] for rule in rules(TEXT["ward"]["suricata"])}
        assert [heads[str(number)] for number in range(1_910_000, 1_910_004)] == [
            "alert tcp ![10.0.0.10] any -> 10.0.0.5 any",  # sends orders, and answers reports
            "alert tcp any any -> 10.0.0.6 any",
            "alert tcp ![10.0.0.5] any -> 10.0.0.10 any",
            "alert tcp any any -> fd00::8 any",
        ]
        assert heads["1920002"] == "alert tcp ![10.0.0.6] any -> 10.0.0.20 any"
        assert [heads[str(number)] for number in (1_930_000, 1_930_002)] == [
            "alert tcp ![10.0.0.10] any -> 10.0.0.5 any",
            "alert tcp any any -> 10.0.0.10 any",  # it is told readings and never orders
        ]

    @pytest.mark.parametrize(
        ("message", "is_order"),
        [
            (rb"MSH|^~\&|BCMA|WARD|PUMP|WARD|20260624||RGV^O15^RGV_O15|1|P|2.6", True),
            (b"MSH#@~%!#BCMA###PUMP#2026##ORM@O01#1", True),
            (rb"MSH|^~\&|PUMP||||20260624||ORU^R01|1|P|2.6", False),
            (rb"MSH|^~\&|RGV^O15||||20260624||ORU^R01|1|P|2.6", False),
            (b"MSH|^~\\&|a\rRGV|||||||RGV^O15", False),
        ],
    )
    def test_an_order_is_told_by_the_ninth_field_with_any_delimiters(self, message: bytes, is_order: bool) -> None:
        (one,) = {options(rule)["pcre"] for rule in rules(TEXT["ward"]["suricata"]) if options(rule)["sid"].startswith("193")}
        assert bool(re.match(one.strip('"').strip("/").encode(), b"\x0b" + message)) is is_order


class TestSelection:
    @pytest.mark.parametrize("format_", ["nftables", "suricata"])
    def test_without_traffic_or_without_a_device_there_is_nothing_to_tell(self, format_: str) -> None:
        with pytest.raises(NothingToTell, match="no recorded traffic"):
            tell(studies.PUMP, format_)
        with pytest.raises(NothingToTell, match="no medical device was recognised"):
            tell(with_facts(studies.heard(1, "10.0.0.30", "10.0.0.31", 445, "smb")), format_)

    def test_what_did_not_fit_is_told_at_the_beginning(self) -> None:
        more = replace(studies.WARD, facts=(*studies.WARD.facts, studies.heard(99, "10.0.0.1", "10.0.0.5", 9, "", left_out=1234)))
        assert "INCOMPLETE: 1,234 conversations" in tell(more, "nftables").decode()

    def test_text_of_a_device_stays_in_comments_and_quotation_marks(self) -> None:
        wicked = 'x" drop\n}\nflush ruleset; # $(id) \\'
        study = replace(
            with_facts(
                FactRecord("NetworkDevice", Where("e1", wicked), {"address": "10.0.0.5", "kind": "infusion-pump", "name": wicked}),
                FactRecord("Conversed", Where("e1", wicked), {"client": "10.0.0.5", "server": "10.0.0.9", "port": 1, "protocol": wicked}),
            ),
            evidence=(Evidence("e1", EvidenceKind.PCAP, wicked, "00" * 32, 1),),
        )
        for format_ in ("nftables", "suricata"):
            text = tell(study, format_).decode()
            assert not [line for line in text.splitlines() if line.strip().startswith(("}\nflush", "flush"))]
            assert re.search(r"\$|\\(?![:xr1n])", "\n".join(rules(text))) is None
