"""Captures larger than memory: peak memory, and the seconds that each gigabyte takes, while the capture is made and never written anywhere.

    python bench/large_capture.py [--gigabytes 10] [--seed 1]

One process makes traffic and writes it into a pipe, another reads it as ``assess`` reads a capture, with every decoder and observer. It is the
mixture of ``bench/conversations.py`` with what costs memory: connections that never end (HL7 messages and HTTP answers without an end among
them), clients at ever new addresses, handshakes of senders who do not exist, names that nobody asked for before. Measured is the reading process:
CPU seconds, so that what else runs on the machine matters little, and the most memory that it ever had. As in a hospital, most bytes are images.
"""

from __future__ import annotations

import argparse
import random
import resource
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import IO, BinaryIO

from asepsis.evidence.wire import capture
from asepsis.evidence.wire.look import Look
from asepsis.guard.limits import GIB, KIB, MIB, STANDARD
from asepsis.guard.redact import Redactor
from asepsis.model.where import Where

sys.path.insert(0, str(Path(__file__).parent))
import conversations
from conversations import ACK, AT_A_TIME, KINDS, PSH_ACK, SEGMENT, SYN, SYN_ACK

TEMPLATES = 12
"""Different conversations of each kind; each is told again and again by other clients."""
SCANS, SCANS_EVERY = 4, 40
"""So many different transfers of whole images, and one in so many conversations is such a transfer."""
ENDLESS = 400
STRANGERS = 40
"""Packets of senders who do not exist, in a round of some 6,000."""
MARKS = (1, 2, 5, 10, 20, 50)
_CLIENT, _CLIENT_PORT, _SERVER, _SERVER_PORT = slice(26, 30), slice(34, 36), slice(30, 34), slice(36, 38)
_ETHERNET = bytes.fromhex("0200000000010200000000020800")
_BEGINNINGS = (
    (2575, b"\x0bMSH|^~\\&|PUMP|W|GW|W|20260101||ORU^R01^ORU_R01|M1|P|2.6\r"),
    (80, b"POST /upload HTTP/1.1\r\nHost: ward.example\r\nContent-Length: 1000000000000\r\n\r\n"),
    (8080, b"GET /" + b"a" * 600),
    (104, struct.pack(">BxI", 1, 60_000) + b"\0\1\0\0" + b"ARCHIVE".ljust(16) + b"MODALITY".ljust(16) + bytes(32)),
    (443, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32)),
    (22, b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    (21, b"USER service\r\n"),
    (23, b"\xff\xfb\x18"),
)
"""What those say first who then never come to an end."""

Frame = bytes
Template = list[tuple[bool, Frame]]


def address(number: int) -> bytes:
    """Another one for each number."""
    return bytes((11 + (number >> 24 & 127), number >> 16 & 255, number >> 8 & 255, number & 255))


def ip(protocol: int, source: bytes, destination: bytes, content: bytes) -> Frame:
    return _ETHERNET + struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(content), 0, 0x4000, 64, protocol, 0) + source + destination + content


def tcp(source: bytes, destination: bytes, ports: tuple[int, int], seqs: tuple[int, int], flags: int, payload: bytes = b"") -> Frame:
    return ip(6, source, destination, struct.pack("!HHIIBBHHH", *ports, *seqs, 0x50, flags, 8192, 0, 0) + payload)


def scan(dice: random.Random) -> Iterator[tuple[int, bytes]]:
    """Images of 2 MiB, in fragments."""
    for side, said in conversations.dicom(dice):
        if said[0] != 4 or said[11] != 2:  # no data set's only fragment
            yield side, said
            continue
        yield side, said[:11] + b"\0" + said[12:]
        for number in range(64):
            yield side, conversations.pdu(4, struct.pack(">IBB", 32770, 1, 2 * (number == 63)) + dice.randbytes(32768))


def templates(dice: random.Random) -> tuple[list[Template], list[Template]]:
    """Whole conversations, and scans; with each frame whether the client sends it."""
    small = [[*conversations.connection(number, dice)] for number in range(TEMPLATES * len(KINDS))]
    conversations.KINDS = ((104, scan),)
    large = [[*conversations.connection(number, dice)] for number in range(SCANS)]
    with_side = [[[(frame[_CLIENT] == frames[0][_CLIENT], frame) for frame in frames] for frames in made] for made in (small, large)]
    return with_side[0], with_side[1]


def retold(template: Template, client: bytes, port: bytes) -> Iterator[Frame]:
    """The same conversation of another client."""
    for by_client, frame in template:
        if by_client:
            yield b"".join((frame[:26], client, frame[_SERVER], port, frame[36:]))
        else:
            yield b"".join((frame[:30], client, frame[_SERVER.stop : 36], port, frame[38:]))


class Endless:
    """A connection that goes on and on."""

    def __init__(self, number: int) -> None:
        self._ends = (bytes((10, 200, number >> 8, number & 255)), bytes((10, 1, 0, 9)))
        port, self._said = _BEGINNINGS[number % len(_BEGINNINGS)]
        self._ports, self._seq = (30000 + number, port), 1

    def begin(self) -> Iterator[Frame]:
        """The handshake, and what is said first."""
        (client, server), (port, service) = self._ends, self._ports
        yield tcp(client, server, self._ports, (0, 0), SYN)
        yield tcp(server, client, (service, port), (0, 1), SYN_ACK)
        yield tcp(client, server, self._ports, (1, 1), ACK)
        yield self._says(self._said)

    def go_on(self, dice: random.Random) -> Frame:
        """Text that ends nothing."""
        return self._says(b"OBX|1|TX|" + dice.randbytes(SEGMENT // 2).hex().encode()[: SEGMENT - 9])

    def _says(self, payload: bytes) -> Frame:
        frame = tcp(*self._ends, self._ports, (self._seq, 1), PSH_ACK, payload)
        self._seq = (self._seq + len(payload)) & 0xFFFFFFFF
        return frame


def stranger(number: int, dice: random.Random) -> Frame:
    """Somebody who was never there before: a handshake that stays half, a name that is asked for, a datagram that nobody knows."""
    source, server = address(dice.getrandbits(31)), bytes((10, 1, 0, 1 + number % 4))
    if number % 3 == 0:
        return tcp(source, server, (dice.randrange(1024, 65536), 80), (dice.getrandbits(32), 0), SYN)
    if number % 3 == 1:
        question = (
            struct.pack("!HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + b"\x0cdevice" + b"%06d" % (number % 1_000_000) + b"\x04ward\0\0\1\0\1"
        )
        return ip(17, source, server, struct.pack("!HHHH", 40000, 53, 8 + len(question), 0) + question)
    return ip(17, source, server, struct.pack("!HHHH", 40000, dice.randrange(1024, 65536), 8 + 64, 0) + dice.randbytes(64))


def rounds(dice: random.Random) -> Iterator[list[Frame]]:
    """Traffic without end, some thousand frames at a time."""
    (told, scans), endless = templates(dice), [Endless(number) for number in range(ENDLESS)]
    yield [frame for one in endless for frame in one.begin()]
    running, clients, strangers = list[Iterator[Frame]](), 0, 0
    while True:
        frames: list[Frame] = []
        while len(running) < AT_A_TIME:
            which = scans[clients % SCANS] if clients % SCANS_EVERY == 0 else told[clients % len(told)]
            running.append(retold(which, address(clients // 8), struct.pack("!H", 1024 + clients % 60000)))
            clients += 1
        for at in reversed(range(len(running))):
            burst = [frame for _, frame in zip(range(dice.randrange(4, 16)), running[at], strict=False)]
            if not burst:
                running.pop(at)
            frames += burst
        frames += [one.go_on(dice) for one in dice.sample(endless, ENDLESS // 4)]
        frames += [stranger(strangers + number, dice) for number in range(STRANGERS)]
        strangers += STRANGERS
        yield frames


def write(stream: IO[bytes], size: int, seed: int) -> None:
    """A capture of about ``size`` bytes."""
    dice, clock = random.Random(seed), 1_700_000_000_000_000
    written = stream.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for frames in rounds(dice):
        made = []
        for frame in frames:
            clock += 150
            made.append(struct.pack("<IIII", clock // 1_000_000, clock % 1_000_000, len(frame), len(frame)))
            made.append(frame)
        written += stream.write(b"".join(made))
        if written >= size:
            return


class Counted(RawIOBase):
    """A stream that says what was used when so many gigabytes had come."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.came, self._marks = stream, 0, list(MARKS)
        self._before = (0, 0.0)

    def read1(self, length: int) -> bytes:
        """As much as there is."""
        data: bytes = self._stream.read1(length)  # type: ignore[attr-defined]
        self.came += len(data)
        if self._marks and self.came >= self._marks[0] * GIB:
            self.say(f"{self._marks.pop(0)} GiB")
        return data

    def say(self, name: str) -> None:
        """What was used until now."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = used.ru_utime + used.ru_stime
        for_each = (seconds - self._before[1]) / max(1e-9, (self.came - self._before[0]) / GIB)
        print(f"{name:>10} {seconds:9.1f} s {for_each:9.1f} s/GiB since the line before {used.ru_maxrss * KIB / MIB:8.0f} MiB at most", flush=True)
        self._before = self.came, seconds


def read(stream: BinaryIO) -> None:
    """As ``assess`` reads a capture, but for its bounded child."""
    facts = Counter[str]()

    def count(fact: object) -> None:
        facts[type(fact).__name__] += 1

    look = Look(lambda packet: Where("e1", "made.pcap", packet=packet or None), Redactor(bytes(16)), STANDARD, count)
    counted = Counted(stream)
    look.records(capture.records(counted, look.complain))  # type: ignore[arg-type]
    counted.say("all")
    traffic = look.finish()
    counted.say("ended")
    print(f"{traffic.packets:,} packets, {traffic.understood:,} understood, {facts.total():,} facts {dict(facts)}, {len(look.problems)} problems")
    for problem in look.problems:
        print(f"  {problem.cause}: {problem.what}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--gigabytes", type=float, default=1.0)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.read:
        read(sys.stdin.buffer)
        return
    began = time.monotonic()
    with subprocess.Popen([sys.executable, __file__, "--read"], stdin=subprocess.PIPE) as reader:
        assert reader.stdin
        write(reader.stdin, int(options.gigabytes * GIB), options.seed)
        reader.stdin.close()
        reader.wait()
    print(f"by the clock: {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
