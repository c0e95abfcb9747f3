"""How fast traffic is understood, beside tshark with the same question: packets in a CPU second, peak memory, what twice the packets take.

    python bench/conversations.py [--packets 180000] [--seed 1] [--runs 3]

The capture is made up, always the same for the same seed: 600 TCP connections at a time, interleaved, of HL7 over MLLP, DICOM, HTTP and random bytes;
5 % of the packets come out of order and 2 % twice. Every program reads it from a file, in a process of its own that also starts in that time; the
best run counts. Measured are CPU seconds, user and system, so that what else runs on the machine matters little; compare the ratios.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from asepsis.evidence.wire.decoders import DECODERS
from asepsis.evidence.wire.events import DicomAssociation, DimseSaid, Event, Hl7Said, HttpSaid
from asepsis.evidence.wire.look import Look, MakeObserver
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.observers import OBSERVERS
from asepsis.guard.limits import MIB, STANDARD
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Fact, Flow
from asepsis.model.where import Where

AT_A_TIME = 600
SEGMENT, FRAGMENT = 1460, 16_372
ACK, PSH_ACK, SYN, SYN_ACK, FIN_ACK = 0x10, 0x18, 0x02, 0x12, 0x11
TSHARK = {
    "tshark, fields of hl7 and dicom": ("-Y", "hl7 || dicom", "-T", "fields", "-e", "tcp.stream", "-e", "hl7.message.type", "-e", "dicom.pdu.type"),
    "tshark, protocol hierarchy": ("-q", "-z", "io,phs"),
}
Turn = tuple[int, bytes]
RATE, UNIT = "157784^MDC_FLOW_FLUID_PUMP^MDC", "265266^MDC_DIM_MILLI_L_PER_HR^MDC"


def mllp(dice: random.Random) -> Iterator[Turn]:
    """Orders or reports of a pump, each acknowledged."""
    for number in range(dice.randrange(4, 20)):
        segments = "".join(f"OBX|{line}|NM|{RATE}|1.1.1.{line}|{dice.randrange(1, 999)}|{UNIT}\r" for line in range(12))
        yield 0, f"\x0bMSH|^~\\&|PUMP|W|GW|W|20260101||ORU^R01^ORU_R01|M{number}|P|2.6\rPID|||1\r{segments}\x1c\r".encode()
        yield 1, f"\x0bMSH|^~\\&|GW|W|PUMP|W|20260101||ACK^R01^ACK|A{number}|P|2.6\rMSA|AA|M{number}\r\x1c\r".encode()


def item(kind: int, content: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(content)) + content


def pdu(kind: int, content: bytes) -> bytes:
    return struct.pack(">BxI", kind, len(content)) + content


def element(group: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", group, number, len(value)) + value


def dicom(dice: random.Random) -> Iterator[Turn]:
    """An association with some small stored objects."""
    yield from dicom_objects(dice, dice.randrange(1, 5), lambda: 2 * dice.randrange(2000, 8000))


def dicom_objects(dice: random.Random, objects: int, size: Callable[[], int]) -> Iterator[Turn]:
    """An association with some stored objects (PS3.8, 9.3; PS3.7, 9.3.1), in fragments of 16 KiB."""
    storage, syntax = b"1.2.840.10008.5.1.4.1.1.7\0", b"1.2.840.10008.1.2"
    head = struct.pack(">HH", 1, 0) + b"ARCHIVE".ljust(16) + b"MODALITY".ljust(16) + bytes(32) + item(0x10, b"1.2.840.10008.3.1.1.1")
    user = item(0x50, item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.3.4"))
    yield 0, pdu(1, head + item(0x20, b"\1\0\0\0" + item(0x30, storage) + item(0x40, syntax)) + user)
    yield 1, pdu(2, head + item(0x21, b"\1\0\0\0" + item(0x40, syntax)) + user)
    for number in range(1, objects + 1):
        words = (
            (0x0002, storage),
            (0x0100, b"\1\0"),
            (0x0110, struct.pack("<H", number)),
            (0x0700, b"\0\0"),
            (0x0800, b"\0\0"),
            (0x1000, b"1.2.3.%d" % number),
        )
        command = b"".join(element(0, name, value + b"\0" * (len(value) % 2)) for name, value in words)
        command = element(0, 0, struct.pack("<I", len(command))) + command
        yield 0, pdu(4, struct.pack(">IBB", len(command) + 2, 1, 3) + command)
        data = element(8, 0x60, b"OT") + element(0x7FE0, 0x10, dice.randbytes(size()))
        parts = [data[at : at + FRAGMENT] for at in range(0, len(data), FRAGMENT)]
        yield 0, b"".join(pdu(4, struct.pack(">IBB", len(part) + 2, 1, 2 * (part is parts[-1])) + part) for part in parts)
        answers = ((0x0002, storage), (0x0100, b"\1\x80"), (0x0120, struct.pack("<H", number)), (0x0800, b"\1\1"), (0x0900, b"\0\0"))
        answer = b"".join(element(0, name, value) for name, value in answers)
        answer = element(0, 0, struct.pack("<I", len(answer))) + answer
        yield 1, pdu(4, struct.pack(">IBB", len(answer) + 2, 1, 3) + answer)
    yield 0, pdu(5, bytes(4))
    yield 1, pdu(6, bytes(4))


def http(dice: random.Random) -> Iterator[Turn]:
    for number in range(dice.randrange(2, 8)):
        yield 0, b"GET /devices/%d HTTP/1.1\r\nHost: ward.example\r\nAccept: */*\r\n\r\n" % number
        body = dice.randbytes(dice.randrange(1000, 30000))
        yield 1, b"HTTP/1.1 200 OK\r\nServer: made-up/1.0\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def noise(dice: random.Random) -> Iterator[Turn]:
    for number in range(dice.randrange(4, 20)):
        yield number % 2, dice.randbytes(dice.randrange(100, 20000))


KINDS: tuple[tuple[int, Callable[[random.Random], Iterator[Turn]]], ...] = ((2575, mllp), (104, dicom), (80, http), (6001, noise))


def connection(number: int, dice: random.Random) -> Iterator[bytes]:
    """One of each kind in turn."""
    port, speak = KINDS[number % len(KINDS)]
    return frames_of(number, port, speak(dice), dice)


def frames_of(number: int, port: int, said_by: Iterator[Turn], dice: random.Random) -> Iterator[bytes]:
    """Every frame of one connection, with its handshakes; every second segment is acknowledged."""
    ends = (bytes((10, 0, number >> 8 & 255, number & 255)), bytes((10, 1, 0, 1 + number % 4)))
    ports, seqs = (20000 + number % 40000, port), [dice.randrange(1 << 32), dice.randrange(1 << 32)]

    def frame(side: int, flags: int, payload: bytes = b"") -> bytes:
        acknowledged = 0 if flags == SYN else seqs[1 - side]
        segment = struct.pack("!HHIIBBHHH", ports[side], ports[1 - side], seqs[side], acknowledged, 0x50, flags, 8192, 0, 0) + payload
        seqs[side] = (seqs[side] + len(payload) + (flags & 3 > 0)) & 0xFFFFFFFF
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0x4000, 64, 6, 0) + ends[side] + ends[1 - side]
        return bytes.fromhex("0200000000010200000000020800") + head + segment

    yield from (frame(0, SYN), frame(1, SYN_ACK), frame(0, ACK))
    for side, said in said_by:
        for count, at in enumerate(range(0, len(said), SEGMENT)):
            yield frame(side, PSH_ACK, said[at : at + SEGMENT])
            if count % 2:
                yield frame(1 - side, ACK)
    yield from (frame(0, FIN_ACK), frame(1, FIN_ACK), frame(0, ACK))


def frames(packets: int, dice: random.Random) -> Iterator[bytes]:
    """Connections interleaved: when one ends, the next begins. Some frames change places with a later one of their connection, some come twice."""
    number, running = 0, list[Iterator[bytes]]()
    while packets > 0:
        while len(running) < AT_A_TIME:
            running.append(connection(number, dice))
            number += 1
        at = dice.randrange(len(running))
        burst = [frame for _, frame in zip(range(dice.randrange(1, 12)), running[at], strict=False)]
        if not burst:
            running.pop(at)
        if len(burst) > 2 and dice.random() < 0.05 * 4:
            place = dice.randrange(len(burst) - 1)
            burst[place], burst[place + 1] = burst[place + 1], burst[place]
        for frame in burst:
            yield frame
            packets -= 1
            if dice.random() < 0.02:
                yield frame
                packets -= 1


def written(path: Path, packets: int, seed: int) -> int:
    """Write the capture; the number of its packets."""
    dice, clock, count = random.Random(seed), 1_700_000_000_000_000, 0
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for frame in frames(packets, dice):
            clock += dice.randrange(20, 400)
            file.write(struct.pack("<IIII", clock // 1_000_000, clock % 1_000_000, len(frame), len(frame)) + frame)
            count += 1
    return count


class Counting:
    """An observer that only counts what was said, and by whom: the question that tshark is asked."""

    info = ObserverInfo("counting", "What is said", (Flow,))

    def __init__(self, _means: Means) -> None:
        self.said: Counter[str] = Counter()

    def see(self, event: Event) -> Iterator[Fact]:
        """Count it."""
        self.said[type(event).__name__] += isinstance(event, (Hl7Said, DicomAssociation, DimseSaid, HttpSaid))
        return iter(())

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing is awaited."""
        return iter(())

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Say it."""
        print(dict(sorted((+self.said).items())))
        return iter(())


def understand(path: Path, observers: Sequence[MakeObserver]) -> None:
    """What the measured process does: everything that ``assess`` does with a capture, but for the bounded child."""
    look = Look(
        lambda packet: Where("e1", "made.pcap", packet=packet or None), Redactor(bytes(16)), STANDARD, lambda _fact: None, observers=observers
    )
    with path.open("rb", buffering=0) as file:
        for _ in look.captured(file):
            pass
    traffic = look.finish()
    print(f"{traffic.understood} of {traffic.packets} packets understood by {len(DECODERS)} decoders", *look.problems)


class Cost(NamedTuple):
    """What one process took: CPU seconds, most memory in bytes, what it said."""

    seconds: float
    memory: int
    said: str


def cost(command: list[str]) -> Cost:
    """Run a command once."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": "0"})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    assert process.returncode == 0, command
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said)


def best(command: list[str], runs: int) -> Cost:
    return min((cost(command) for _ in range(runs)), key=lambda one: one.seconds)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packets", type=int, default=180_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.read:
        understand(options.read, (Counting,) if options.count else OBSERVERS)
        return
    with tempfile.TemporaryDirectory() as folder:
        path, twice = Path(folder, "made.pcap"), Path(folder, "twice.pcap")
        ours = [sys.executable, __file__, "--count", "--read"]
        start = best([*ours, os.devnull], options.runs).seconds
        packets, size = written(path, options.packets, options.seed), path.stat().st_size
        print(f"{packets} packets, {size / MIB:.0f} MiB, seed {options.seed}; starting takes {start:.2f} s of each run, and is counted")
        mine = best([*ours, str(path)], options.runs)
        print(mine.said.strip())
        print(line("asepsis, the same question", mine, packets, size, mine))
        print(line("asepsis, everything", best([sys.executable, __file__, "--read", str(path)], options.runs), packets, size, mine))
        if shutil.which("tshark"):
            for name, question in TSHARK.items():
                print(line(name, best(["tshark", "-n", "-r", str(path), *question], options.runs), packets, size, mine))
        more = written(twice, 2 * options.packets, options.seed)
        double = best([*ours, str(twice)], options.runs)
        growth = (double.seconds - start) / (mine.seconds - start) / (more / packets)
        print(f"twice the packets: {double.memory / MIB:.0f} MiB at most, {growth:.2f} times the seconds for each packet")


def line(name: str, one: Cost, packets: int, size: int, mine: Cost) -> str:
    """One program, with how many times faster we are."""
    speed = f"{packets / one.seconds:10,.0f} packets/s {size / one.seconds / MIB:6.0f} MiB/s {one.memory / MIB:6.0f} MiB"
    return f"{name:32} {one.seconds:7.2f} s {speed} {one.seconds / mine.seconds:6.2f} x"


if __name__ == "__main__":
    main()
