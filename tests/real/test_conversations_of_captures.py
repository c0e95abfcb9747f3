"""TCP connections and UDP conversations of real captures, counted as tshark counts them; where not, it is said why."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from asepsis.evidence.wire import capture
from asepsis.evidence.wire.conversations import TCP, UDP, Conversations
from asepsis.evidence.wire.events import Closed, Event
from asepsis.evidence.wire.internet import Internet
from tests.real.shared import DATA

CAPTURES = sorted((DATA / "b_pcap").rglob("*.pcap*")) if DATA and (DATA / "b_pcap").is_dir() else []
pytestmark = [pytest.mark.real, pytest.mark.skipif(not CAPTURES or not shutil.which("tshark"), reason="needs the captures and tshark")]
EXPLAINED = {
    "ndpi/rtmp.pcap": "GTP: tshark counts the tunnel's own datagrams beside what is in them",
    "ndpi/tls_change_cipher.pcap": "GTP, likewise",
    "zeek/geneve-47101.pcap": "Geneve, likewise",
}


def ours(path: Path) -> Counter[str]:
    counted: Counter[str] = Counter()

    def tell(event: Event) -> None:
        counted[event.conversation.transport] += isinstance(event, Closed)

    def complain(_packet: int, _what: str) -> None:
        pass

    table, internet = Conversations((), tell, complain, complain), Internet(complain)
    with path.open("rb") as stream:
        for record in capture.records(stream, complain):
            datagram = internet.packet(record)
            if datagram and datagram.protocol in {TCP, UDP}:
                table.packet(datagram, record.number, record.time)
    table.end(0, 0)
    return +counted


def fields(path: Path, question: str, *names: str) -> Iterator[list[str]]:
    asked = [word for name in names for word in ("-e", name)]
    command = ["tshark", "-n", "-r", str(path), "-Y", question, "-T", "fields", "-E", "occurrence=l", *asked]
    for line in subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines():
        yield line.split("\t")


def theirs(path: Path) -> tuple[int, set[int]]:
    """Streams of TCP; of UDP streams or pairs of ends, since tshark parts a pair where one port has a protocol of its own. Not what ICMP quotes."""
    streams = {words[0] for words in fields(path, "tcp && !icmp && !icmpv6", "tcp.stream")}
    pairs, parted = set(), set()
    for source, destination, source6, destination6, sport, dport, stream in fields(
        path, "udp && !icmp && !icmpv6", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport", "udp.stream"
    ):
        pairs.add(frozenset({(source or source6, sport), (destination or destination6, dport)}))
        parted.add(stream)
    return len(streams), {len(pairs), len(parted)}


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_conversations_are_those_of_tshark(path: Path):
    explained = EXPLAINED.get(f"{path.parent.name}/{path.name}")
    counted, (streams, datagrams) = ours(path), theirs(path)
    assert (counted["tcp"] == streams and counted["udp"] in datagrams) is not bool(explained), (explained, counted, streams, datagrams)
