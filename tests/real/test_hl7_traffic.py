"""HL7 in real captures, read by our own layers and counted a second time by Wireshark; in samples, taken apart a second time by python-hl7.

Wireshark knows HL7 on ports other than 2575 only from the second message of a connection on (its heuristic is asked too late for the first), so it is
told the ports; then nothing may differ.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from asepsis.evidence.protocols import hl7
from asepsis.evidence.wire.events import Hl7Said
from tests.real.loopback import events_of
from tests.real.shared import DATA

ROOT = DATA or Path("absent")
CAPTURES, SAMPLES = ROOT / "b_pcap", ROOT / "e_hl7"
TSHARK = shutil.which("tshark")
PORTS = [argument for port in (3000, 3001, 6661) for argument in ("-d", f"tcp.port=={port},hl7")]
pytestmark = [pytest.mark.real, pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared data are not on this machine")]

SPOKEN = {
    "lab/lab_mllp_adt_oru_clear.pcap",
    "lab/lab_mllp_pcd03_mitm_rate_changed.pcap",
    "lab/lab_mllp_pcd03_order_clear.pcap",
    "lab/lab_mllp_pcd10_pump_event_clear.pcap",
    "ndpi/hl7.pcap",
}
"""Of all captures, those in which HL7 is said."""


def tshark(capture: Path, *arguments: str) -> list[str]:
    ended = subprocess.run([TSHARK or "tshark", "-r", str(capture), *arguments], capture_output=True, text=True, check=False)
    return ended.stdout.splitlines()


@pytest.mark.skipif(not TSHARK, reason="tshark is not installed")
@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_every_message_that_wireshark_sees_is_told_in_its_order(name: str) -> None:
    events, complaints = events_of(CAPTURES / name)
    told = [hl7.parse(event.message).kind for event in events if isinstance(event, Hl7Said)]
    assert complaints == []
    fields = ("-T", "fields", "-e", "hl7.message.type", "-e", "hl7.event.type")
    seen = [tuple(line.split("\t")) for line in tshark(CAPTURES / name, *PORTS, "-Y", "hl7", *fields)]
    assert told == seen
    assert told


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.hl7")), ids=lambda path: path.name)
def test_python_hl7_finds_the_same_fields(path: Path) -> None:
    oracle = pytest.importorskip("hl7")
    data = path.read_bytes()
    ours = hl7.parse(next(hl7.messages(data)))
    assert hl7.moment(ours.time) is not None
    if "multiline" in path.name or "MSH-2" in "".join(ours.notes):
        return  # lines that begin no segment, and an escape that was escaped, are not understood by python-hl7
    theirs = oracle.parse("\r".join(segment._raw.decode("utf-8") for segment in ours.segments) + "\r")
    assert [segment.name for segment in ours.segments] == [str(segment[0]) for segment in theirs]
    for mine, other in zip(ours.segments[1:], list(theirs)[1:], strict=True):
        for n in range(1, len(other)):
            repetitions = str(other[n]).split("~") if str(other[n]) else []
            assert mine.repeats(n) == len(repetitions)
            for at, repetition in enumerate(repetitions, 1):
                wanted = [oracle_unescape(part) for part in repetition.split("^")]
                assert mine.parts(n, at) == wanted


def oracle_unescape(text: str) -> str:
    """The escapes that samples hold, in the plainest way; a letter that is none stays."""
    for escape, meant in (("\\F\\", "|"), ("\\S\\", "^"), ("\\T\\", "&"), ("\\R\\", "~"), ("\\.br\\", "\n"), ("\\E\\", "\\")):
        text = text.replace(escape, meant)
    return text
