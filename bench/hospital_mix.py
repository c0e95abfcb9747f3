"""How fast the traffic of a hospital is understood with everything on: megabytes and packets in a CPU second, beside tshark in the same run.

    python bench/hospital_mix.py [--packets 1000000] [--runs 1] [--seed 1]

The mix by bytes is an assumption of ours, not a measurement [P]: images 55 %, what is encrypted 20 %, web and FHIR 15 %, HL7 reports and their
acknowledgements 5 %, what no decoder understands 5 %. Whoever has a capture of a hospital can put it in the place of ours (``--capture``).
Pumps report another delivered volume at the same rate, as pumps do. Connections run interleaved; 5 % of the packets are out of order, 2 % come twice.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from conversations import TSHARK, Turn, cost, dicom_objects, frames_of

AT_A_TIME = 60
"""Connections of each kind."""
SHARES = {"images": 55, "encrypted": 20, "web": 15, "HL7": 5, "not understood": 5}
"""Per cent of the bytes [P]."""
PORTS = {"images": 104, "encrypted": 443, "web": 80, "HL7": 2575, "not understood": 6001}
UNIT = "265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R|||20260301120000+0000||||PMP{pump}^^{pump:016X}^EUI-64"


def hl7(dice: random.Random) -> Iterator[Turn]:
    """Reports of one pump, each acknowledged: five observations, of which the volumes change."""
    pump, rate = dice.randrange(1, 400), dice.randrange(1, 250)
    for number in range(dice.randrange(20, 200)):
        values: list[tuple[str, float]] = [
            ("157784^MDC_FLOW_FLUID_PUMP", rate),
            ("157884^MDC_VOL_FLUID_TBI", 500),
            ("157993^MDC_VOL_FLUID_DELIV_TOTAL", number * rate / 60),
        ]
        values += [("157864^MDC_VOL_FLUID_DELIV", number * rate / 60), ("157872^MDC_VOL_FLUID_TBI_REMAIN", 500 - number * rate / 60)]
        lines = "".join(
            f"OBX|{line}|NM|{name}^MDC|1.1.1.{line}|{value:.1f}|{UNIT.format(pump=pump)}\r" for line, (name, value) in enumerate(values, 1)
        )
        head = f"MSH|^~\\&|PMP{pump}^{pump:016X}^EUI-64|W|GW|W|20260301120{number % 10}00+0000||ORU^R01^ORU_R01|{pump}-{number}|P|2.6|||NE|AL"
        yield 0, f"\x0b{head}\rPID|||{pump}^^^H^MR\rOBR|1|||69986^MDC_DEV_PUMP_INFUS_VMD^MDC|||20260301\r{lines}\x1c\r".encode()
        yield 1, f"\x0bMSH|^~\\&|GW|W|PMP|W|20260301||ACK^R01^ACK|A{number}|P|2.6\rMSA|AA|{pump}-{number}\r\x1c\r".encode()


def images(dice: random.Random) -> Iterator[Turn]:
    """Stored objects of half a megabyte, as slices of MR and CT are."""
    yield from dicom_objects(dice, objects=dice.randrange(2, 12), size=lambda: 512 * 1024)


def web(dice: random.Random) -> Iterator[Turn]:
    """FHIR resources and pages, in clear."""
    for number in range(dice.randrange(2, 20)):
        yield 0, b"GET /fhir/Device/%d HTTP/1.1\r\nHost: ward.example\r\nUser-Agent: viewer/2\r\nAccept: application/fhir+json\r\n\r\n" % number
        body = b'{"resourceType":"Device","id":"%d","note":[{"text":"' % number + b"x" * dice.randrange(2_000, 100_000) + b'"}]}'
        head = b"HTTP/1.1 200 OK\r\nServer: made-up/1.0\r\nContent-Type: application/fhir+json\r\nContent-Length: %d\r\n\r\n" % len(body)
        yield 1, head + body


def encrypted(dice: random.Random) -> Iterator[Turn]:
    """A handshake of TLS 1.2 as far as it is in clear, and records (RFC 5246, 6.2, 7.4)."""
    hello = b"\3\3" + bytes(32) + b"\0\0\2\xc0\x2f\1\0"
    yield 0, b"\x16\3\1" + struct.pack(">H", len(hello) + 4) + b"\1" + len(hello).to_bytes(3) + hello
    answer = b"\3\3" + bytes(32) + b"\0\xc0\x2f\0"
    yield 1, b"\x16\3\3" + struct.pack(">H", len(answer) + 4) + b"\2" + len(answer).to_bytes(3) + answer
    yield from ((side, b"\x14\3\3\0\1\1") for side in (0, 1))
    for number in range(dice.randrange(2, 40)):
        size = dice.randrange(200, 16_384)
        yield number % 2, b"\x17\3\3" + struct.pack(">H", size) + dice.randbytes(size)


def noise(dice: random.Random) -> Iterator[Turn]:
    """What no decoder understands."""
    for number in range(dice.randrange(4, 20)):
        yield number % 2, dice.randbytes(dice.randrange(100, 20_000))


SAYS: dict[str, Callable[[random.Random], Iterator[Turn]]] = {
    "images": images,
    "encrypted": encrypted,
    "web": web,
    "HL7": hl7,
    "not understood": noise,
}


def mixed(packets: int, dice: random.Random, said: Counter[str]) -> Iterator[bytes]:
    """Frames of interleaved connections, always of the kind that has said least of its share. ``said`` counts bytes."""
    numbers, running = itertools.count(), {kind: list[Iterator[bytes]]() for kind in SHARES}
    while packets > 0:
        kind = min(SHARES, key=lambda one: said[one] / SHARES[one])
        while len(running[kind]) < AT_A_TIME:
            running[kind].append(frames_of(next(numbers), PORTS[kind], SAYS[kind](dice), dice))
        at = dice.randrange(AT_A_TIME)
        frames = running[kind][at]
        burst = list(itertools.islice(frames, dice.randrange(1, 12)))
        if not burst:
            running[kind].pop(at)
        if len(burst) > 2 and dice.random() < 0.05 * 4:
            place = dice.randrange(len(burst) - 1)
            burst[place], burst[place + 1] = burst[place + 1], burst[place]
        for frame in burst:
            for copy in (frame, frame) if dice.random() < 0.02 else (frame,):
                said[kind] += len(copy)
                packets -= 1
                yield copy


def written(path: Path, packets: int, seed: int) -> tuple[int, Counter[str]]:
    """Write the capture; how many packets it has, and the bytes of each kind."""
    dice, clock, count, said = random.Random(seed), 1_700_000_000_000_000, 0, Counter[str]()
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for frame in mixed(packets, dice, said):
            clock += dice.randrange(20, 400)
            file.write(struct.pack("<IIII", clock // 1_000_000, clock % 1_000_000, len(frame), len(frame)) + frame)
            count += 1
    return count, said


def ours(path: Path, *question: str) -> list[str]:
    """The command that understands a capture."""
    return [sys.executable, str(Path(__file__).with_name("conversations.py")), *question, "--read", str(path)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packets", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--runs", type=int, default=1)
    arguments.add_argument("--capture", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.capture or Path(folder, "mix.pcap")
        if options.capture:
            packets = options.packets
        else:
            packets, said = written(path, options.packets, options.seed)
            print(", ".join(f"{kind} {100 * size / said.total():.0f} %" for kind, size in said.items()))
        measure(path, packets, options.runs)


def measure(path: Path, packets: int, runs: int) -> None:
    """Print a line for each program and question."""
    size = path.stat().st_size
    print(f"{packets} packets, {size / 1e6:.0f} MB, best of {runs}; CPU seconds; the second figure leaves out starting")
    for question in (("--count",), ()):
        start = min(cost(ours(Path(os.devnull), *question)).seconds for _ in range(runs))
        one = min((cost(ours(path, *question)) for _ in range(runs)), key=lambda one: one.seconds)
        print(told(f"asepsis, {'the same question' if question else 'everything'}", packets, size, one.seconds, start))
    if shutil.which("tshark"):
        start = cost(["tshark", "--version"]).seconds
        one = min((cost(["tshark", "-n", "-r", str(path), *next(iter(TSHARK.values()))]) for _ in range(runs)), key=lambda one: one.seconds)
        print(told("tshark, fields of hl7 and dicom", packets, size, one.seconds, start))


def told(name: str, packets: int, size: int, seconds: float, start: float) -> str:
    """A line."""
    rest = seconds - start
    speeds = f"{packets / seconds:9,.0f} ({packets / rest:,.0f}) packets/s {size / seconds / 1e6:5.0f} ({size / rest / 1e6:.0f}) MB/s"
    return f"{name:32} {seconds:7.2f} s {speeds}"


if __name__ == "__main__":
    main()
