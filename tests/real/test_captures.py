"""Real captures come apart as tshark takes them apart: the same packets, and in each the same ends, ports and lengths."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address
from pathlib import Path

import pytest

from asepsis.evidence.wire.capture import records
from asepsis.evidence.wire.internet import TCP, UDP, Datagram, Internet
from asepsis.evidence.wire.packet import Record

from .shared import DATA

pytestmark = [pytest.mark.real, pytest.mark.skipif(DATA is None, reason="the shared data folder is not here")]

FOLDER = (DATA or Path()) / "b_pcap"
CAPTURES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*")) if DATA else []
PROTOCOLS = ("ip", "ipv6", "tcp", "udp")

TUNNELLED = {
    "ndpi/capwap.pcap": {"ip": 12, "udp": 12},  # 802.11 frames that access points hand on: 6 of IPv4, 5 of IPv6, 1 of ARP
    "ndpi/dtls.pcap": {"ip": 4, "udp": 4},  # GTP-U
    "ndpi/rtmp.pcap": {"ip": 34, "udp": 34},  # GTP-U
    "ndpi/syslog.pcap": {"ip": 6},  # IPv6 in IPv4
    "ndpi/tls_change_cipher.pcap": {"ip": 14, "udp": 14},  # GTP-U
    "suri/bug-5633-gre-01__gre-udp.pcap": {"ip": 3},  # GRE
    "zeek/erspan.pcap": {"ip": 287},  # mirrored frames in GRE: 248, and 39 fragments of them
    "zeek/geneve-47101.pcap": {"ip": 24, "udp": 24},  # Geneve
}
"""tshark counts the packets that carry others as well; we give the innermost one alone. By how much more it counts, and why."""
LIES = {
    "ndpi/telnet.pcap": 5,  # the packets were cut, and their length on the wire overwritten: tshark gives up the segment, we give what is there
}
"""How many packets say more bytes than they have."""
WAITING = {
    "zeek/erspan.pcap": 39,  # fragments: tshark shows each of them, we give the datagram with the one that completes it
}


@cache
def ours(name: str) -> tuple[list[tuple[Record, Datagram | None]], Counter[str], list[tuple[int, str]]]:
    """Each record and its datagram, what was not understood, what was complained of."""
    said: list[tuple[int, str]] = []
    internet = Internet(lambda packet, what: said.append((packet, what)))
    with (FOLDER / name).open("rb") as stream:
        found = [(record, internet.packet(record)) for record in records(stream, lambda packet, what: said.append((packet, what)))]
    internet.finish()
    return found, internet.not_understood, said


@pytest.mark.parametrize("name", CAPTURES)
def test_as_many_packets_of_each_protocol_as_tshark_counts(name: str):
    truth = json.loads((FOLDER / "truth.json").read_text("utf-8"))[name].get("protocol_frames")
    if truth is None:
        pytest.skip("made in the laboratory: its truth is about messages")
    found, _, said = ours(name)
    counted = Counter(TUNNELLED.get(name, {}))
    for _, datagram in found:
        if datagram:
            counted["ip" if len(datagram.source) == 4 else "ipv6"] += 1
            counted[{TCP: "tcp", UDP: "udp"}.get(datagram.protocol, "other")] += 1
    assert {protocol: counted[protocol] for protocol in PROTOCOLS} == {protocol: truth.get(protocol, 0) for protocol in PROTOCOLS}
    assert [what for _, what in said] == ["an IP header says more bytes than the packet has"] * LIES.get(name, 0)


# --- packet by packet ----------------------------------------------------------------------------------------

FIELDS = (
    *("frame.len", "frame.time_epoch", "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst"),
    *("tcp.srcport", "tcp.dstport", "tcp.len", "tcp.seq_raw", "udp.srcport", "udp.dstport", "udp.length"),
)
Seen = tuple[str, str, int, int, int, int, int]
"""Source, destination, protocol (0: neither TCP nor UDP), ports, length of the payload, sequence number."""


def frames_of_tshark(path: Path) -> Iterator[dict[str, list[str]]]:
    """The fields of each frame, every occurrence of them."""
    wanted = [argument for field in FIELDS for argument in ("-e", field)]
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|", *wanted]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env={"TZ": "UTC", "PATH": "/usr/bin:/bin"}).stdout
    for line in shown.splitlines():
        yield {field: value.split("|") if value else [] for field, value in zip(FIELDS, line.split("\t"), strict=True)}


def seen_by_tshark(frame: dict[str, list[str]]) -> Seen | None:
    """The innermost packet, unless a frame of ARP is inside. What ICMP quotes of another packet is none."""
    layers = (frame["frame.protocols"] or [""])[0].split(":")
    if "arp" in layers:
        return None
    quoted = next((place for place, layer in enumerate(layers) if layer in {"icmp", "icmpv6"}), len(layers))
    places = [place for place, layer in enumerate(layers[:quoted]) if layer in {"ip", "ipv6"}]
    if not places:
        return None
    version = layers[places[-1]]
    which = layers[:quoted].count(version) - 1
    ends = (frame[f"{version}.src"][which], frame[f"{version}.dst"][which])
    transport = next((layer for layer in layers[places[-1] : quoted] if layer in {"tcp", "udp"}), "")
    if quoted < len(layers) or not transport:
        return (*ends, 0, 0, 0, 0, 0)
    ports = int(frame[f"{transport}.srcport"][-1]), int(frame[f"{transport}.dstport"][-1])
    if transport == "udp":
        return (*ends, UDP, *ports, int(frame["udp.length"][-1]) - 8, 0)
    return (*ends, TCP, *ports, int(frame["tcp.len"][-1]), int(frame["tcp.seq_raw"][-1]))


def seen_by_us(datagram: Datagram | None) -> Seen | None:
    if datagram is None:
        return None
    ends = str(ip_address(datagram.source)), str(ip_address(datagram.destination))
    if datagram.protocol not in {TCP, UDP}:
        return (*ends, 0, 0, 0, 0, 0)
    return (*ends, datagram.protocol, datagram.sport, datagram.dport, datagram.length, datagram.extra[0] if datagram.extra else 0)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", CAPTURES)
def test_each_packet_is_what_tshark_sees_in_it(name: str):
    found, _, _ = ours(name)
    theirs = list(frames_of_tshark(FOLDER / name))
    assert len(found) == len(theirs)
    assert [record.length for record, _ in found] == [int(frame["frame.len"][0]) for frame in theirs]
    assert [record.time for record, _ in found] == [int(frame["frame.time_epoch"][0].replace(".", "")) for frame in theirs]
    different = [
        (record.number, seen_by_us(datagram), seen)
        for (record, datagram), frame in zip(found, theirs, strict=True)
        if seen_by_us(datagram) != (seen := seen_by_tshark(frame))
    ]
    assert len(different) == LIES.get(name, 0) + WAITING.get(name, 0), different[:5]
