"""Real programs that talk over this machine's loopback while tcpdump writes down what they say.

Servers are on addresses of their own in 127/8, so that they and their clients (127.0.0.1) are two devices. Nothing is waited for without end.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from asepsis.evidence.wire import capture
from asepsis.evidence.wire.conversations import TCP, UDP, Conversations
from asepsis.evidence.wire.decoders import DECODERS
from asepsis.evidence.wire.events import DicomAssociation, DimseSaid, Event
from asepsis.evidence.wire.internet import Internet
from asepsis.model.study import Study
from asepsis.reports.summary import summary
from asepsis.reports.tell import tell
from asepsis.story import Options, run

PATIENCE = 30
NOBODY = "127.0.0.9"
"""Whoever says that nothing more is said: no device of any test."""
_LAST = b"asepsis: nothing more is said"
_LISTENS = "0A"
"""TCP_LISTEN in /proc/net/tcp."""


def needs(*programs: str) -> list[pytest.MarkDecorator]:
    """Marks of a test that captures what these programs say."""
    missing = [name for name in ("tcpdump", *programs) if not found(name)]
    why = f"needs {', '.join(missing)}" if missing else "needs the right to capture"
    return [pytest.mark.real, pytest.mark.slow, pytest.mark.skipif(bool(missing) or os.getuid() != 0, reason=why)]


def found(program: str) -> str | None:
    """Where a program is; servers are not on everybody's path."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def own_address(number: int) -> str:
    """An address of this process alone: tests that run beside this one speak elsewhere."""
    process = os.getpid()
    return f"127.{1 + process // 250 % 250}.{1 + process % 250}.{number}"


def free_port(address: str) -> int:
    with socket.create_server((address, 0)) as server:
        return server.getsockname()[1]


def eventually(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether somebody listens at a port; nobody is called for it, since that would be captured."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return any(row[3] == _LISTENS and int(row[1].rpartition(":")[2], 16) == port for row in rows)


@contextmanager
def running(command: Sequence[str], port: int, **given: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from when it listens on."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([found(command[0]) or command[0], *command[1:]], **(quiet | given))
    try:
        eventually(lambda: listens(port))
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def recorded(path: Path, what: str) -> Iterator[None]:
    """Capture what matches the filter ``what``, to the last packet of whatever is done meanwhile."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.bind((NOBODY, 0))
        ended = f"udp and dst port {last.getsockname()[1]}"
        command = ["tcpdump", "-i", "lo", "-U", "--immediate-mode", "-B", "16384", "-w", str(path), f"({what}) or ({ended})"]
        sniffer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            assert sniffer.stderr
            assert b"listening on" in sniffer.stderr.readline()
            yield
            last.sendto(_LAST, last.getsockname())
            eventually(lambda: _LAST in path.read_bytes())
        finally:
            sniffer.terminate()
            sniffer.communicate(timeout=PATIENCE)


# --- what is made of it --------------------------------------------------------------------------------------


@cache
def study_of(path: Path, device: str = "generic") -> Study:
    return run([f"pcap:{path}"], Options(device=device))


def first_screen(study: Study) -> str:
    return "\n".join(summary(study, ()))


def every_document(study: Study) -> bytes:
    return tell(study, "json") + tell(study, "html")


def facts(study: Study, kind: str, **wanted: object) -> list[dict[str, Any]]:
    """Facts of a kind whose attributes are as wanted; each with the packet that says so."""
    told = [{**fact.attributes, "packet": fact.where.packet} for fact in study.facts if fact.kind == kind]
    return [fact for fact in told if all(fact.get(key) == value for key, value in wanted.items())]


def found_by(study: Study, rule: str) -> list[str]:
    return sorted(finding.subject for finding in study.findings if finding.rule == rule)


def events_of(path: Path) -> tuple[list[Event], list[str]]:
    """Everything that our own layers and decoders hear in a capture, and what they complain of."""
    events: list[Event] = []
    complaints: list[str] = []

    def complain(_packet: int, what: str) -> None:
        complaints.append(what)

    internet, table = Internet(complain), Conversations(DECODERS, events.append, complain, complain)
    with path.open("rb") as stream:
        for record in capture.records(stream, complain):
            datagram = internet.packet(record)
            if datagram and datagram.protocol in {TCP, UDP}:
                table.packet(datagram, record.number, record.time)
    internet.finish()
    table.end(0, 0)
    return events, complaints


def tshark(path: Path, *arguments: str) -> list[str]:
    """Lines of the oracle; skips where it is absent."""
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    command = ["tshark", "-n", "-r", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={"TZ": "UTC", "PATH": os.environ["PATH"]}).stdout.splitlines()


def fields(path: Path, what: str, *names: str, decode_as: Sequence[str] = ()) -> list[list[str]]:
    """A row for each packet that the display filter ``what`` lets pass, every occurrence of each field in it joined by commas."""
    asked = [word for name in names for word in ("-e", name)]
    told_ports = [word for one in decode_as for word in ("-d", one)]
    return [line.split("\t") for line in tshark(path, *told_ports, "-Y", what, "-T", "fields", "-E", "occurrence=a", *asked)]


_PDUS = {1: "request", 2: "accept", 3: "reject", 5: "release", 7: "abort"}


def dicom_agrees(path: Path, *ports: int) -> None:
    """Hold that every PDU of DICOM that tshark counts is a step of an association or belongs to a message here, and that there are some."""
    types, flags = Counter[int](), Counter[int]()
    for kinds, controls in fields(path, "dicom", "dicom.pdu.type", "dicom.pdv.flags", decode_as=[f"tcp.port=={port},dicom" for port in ports]):
        types.update(int(kind, 16) for kind in kinds.split(",") if kind)
        flags.update(int(control, 16) & 3 for control in controls.split(",") if control)
    events, complaints = events_of(path)
    told = Counter(event.kind for event in events if isinstance(event, DicomAssociation))
    assert complaints == []
    assert told == Counter({name: types[kind] for kind, name in _PDUS.items() if types[kind]})
    assert sum(isinstance(event, DimseSaid) for event in events) == flags[3]
    assert told["request"] > 0
