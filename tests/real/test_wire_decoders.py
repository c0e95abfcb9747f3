"""What decoders hear in real captures, against what tshark sees in them. Streams are put in order by tshark, so that decoders alone are asked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from asepsis.evidence.wire.decoder import FIRST_BYTES, Decoder, Match
from asepsis.evidence.wire.decoders.dicom import DicomDecoder
from asepsis.evidence.wire.decoders.http import HttpDecoder
from asepsis.evidence.wire.events import DicomAssociation, DimseSaid, Event, HttpSaid
from asepsis.evidence.wire.packet import Side
from tests.real.shared import DATA
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear

TSHARK = shutil.which("tshark")
CAPTURES_FOLDER = (DATA or Path()) / "b_pcap"
pytestmark = [pytest.mark.real, pytest.mark.skipif(not TSHARK or not CAPTURES_FOLDER.is_dir(), reason="no captures or no tshark here")]

LAB_MADE = ("dicom", "http")
"""What may be in captures whose truth does not list protocols."""
EXPLAINED = {
    "zeek/concurrent-range-requests.pcap": ((3, 2), (3, 3)),
    "zeek/erspan.pcap": ((22, 14), (22, 17)),
    "zeek/mapi.pcap": ((3, 2), (3, 3)),
    "zeek/mixed-vlan-mpls.pcap": ((2, 1), (1, 1)),
}
"""Requests and responses that tshark counts, and that we do, where they differ. In the first and third it leaves a response alone of which no byte
is missing; in the second those in and behind which bytes are missing, which are counted over here; in the last one request is of HTTP/0.9."""


def tshark(capture: Path, *arguments: str) -> str:
    command = [TSHARK or "tshark", "-r", str(capture), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def rows(capture: Path, what: str, *fields: str) -> list[list[str]]:
    asked = [part for field in fields for part in ("-e", field)]
    return [line.split("\t") for line in tshark(capture, "-Y", what, "-T", "fields", *asked).splitlines()]


def dialogues(capture: Path, protocol: str) -> list[list[tuple[Side, bytes | int]]]:
    """What was said in each stream in which tshark saw the protocol."""
    streams = sorted({row[0] for row in rows(capture, f"tcp and {protocol}", "tcp.stream")}, key=int)
    texts = tshark(capture, "-q", *[part for stream in streams for part in ("-z", f"follow,tcp,raw,{stream}")]).split("Node 1:")[1:]
    return [[part(line) for line in text.splitlines() if re.fullmatch(r"\t?[0-9a-f]+", line)] for text in texts]


def part(line: str) -> tuple[Side, bytes | int]:
    """What one side said; where tshark writes that bytes are missing, how many."""
    data = bytes.fromhex(line.strip())
    missing = re.fullmatch(rb"\[(\d+) bytes missing in capture file\]\0?", data)
    return SERVER if line.startswith("\t") else CLIENT, int(missing[1]) if missing else data


def firsts(said: Sequence[tuple[Side, bytes | int]]) -> tuple[bytes, bytes]:
    """What each side says first."""
    whole = {side: b"".join(data for speaker, data in said if speaker is side and isinstance(data, bytes))[:FIRST_BYTES] for side in Side}
    return whole[CLIENT], whole[SERVER]


def heard(decoder: Decoder, capture: Path, protocol: str) -> Iterator[tuple[list[Event], list[str]]]:
    for said in dialogues(capture, protocol):
        if decoder.recognises(*firsts(said)) is Match.YES:
            yield hear(decoder, said)


def captures_with(protocol: str) -> list[Path]:
    """By what tshark saw in each when the shared data were made."""
    truth = json.loads((CAPTURES_FOLDER / "truth.json").read_text(encoding="utf-8"))
    return [CAPTURES_FOLDER / name for name in sorted(truth) if protocol in truth[name].get("protocol_frames", LAB_MADE)]


def test_associations_and_messages_of_dicom_are_those_that_tshark_sees() -> None:
    captures = captures_with("dicom")
    assert captures
    for capture in captures:
        types, flags = Counter[int](), Counter[int]()
        for kinds, controls in rows(capture, "dicom", "dicom.pdu.type", "dicom.pdv.flags"):
            types.update(int(kind, 16) for kind in kinds.split(",") if kind)
            flags.update(int(control, 16) & 3 for control in controls.split(",") if control)
        events = [event for told, complaints in heard(DicomDecoder(), capture, "dicom") for event in [*told, *complaints]]
        assert [event for event in events if isinstance(event, str)] == [], capture
        told = Counter(event.kind for event in events if isinstance(event, DicomAssociation))
        assert told == Counter(
            {name: types[kind] for kind, name in ((1, "request"), (2, "accept"), (3, "reject"), (5, "release"), (7, "abort")) if types[kind]}
        )
        assert sum(isinstance(event, DimseSaid) for event in events) == flags[3], capture


def test_requests_and_responses_of_http_are_those_that_tshark_sees() -> None:
    differences = {}
    captures = captures_with("http")
    assert captures
    for capture in captures:
        seen = (len(rows(capture, "tcp and http.request", "frame.number")), len(rows(capture, "tcp and http.response", "frame.number")))
        told = Counter(event.is_request for events, _ in heard(HttpDecoder(), capture, "http") for event in events if isinstance(event, HttpSaid))
        if seen != (told[True], told[False]):
            differences[f"{capture.parent.name}/{capture.name}"] = (seen, (told[True], told[False]))
    assert differences == EXPLAINED
