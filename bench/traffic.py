"""How fast traffic is read: packets and megabytes in a CPU second, on a capture that is made up, always the same for the same ``--seed``.

    python bench/traffic.py [--packets 180000] [--bytes 1100] [--seed 1]

The capture is one of connections of a hospital network: segments of TCP with ``--bytes`` of payload on average, an acknowledgement now and then, a
few datagrams of UDP. It is held in memory, so that the disk plays no part. Each stage adds to the one before; the best of three runs counts.
"""

from __future__ import annotations

import argparse
import random
import struct
import time
from collections.abc import Callable, Iterator
from io import BytesIO

from asepsis.evidence.wire import capture, link
from asepsis.evidence.wire.internet import Internet
from asepsis.guard.limits import MIB

RUNS = 3
PORTS = (2575, 104, 443, 80, 8080, 11112)
START = 1_700_000_000_000_000
_ETHERNET = bytes.fromhex("020000000001020000000002 0800")
_FILE = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)


def traffic(packets: int, payload: int, seed: int) -> bytes:
    """A pcap file of so many packets."""
    dice, made, clock = random.Random(seed), [_FILE], START
    content = dice.randbytes(64 * 1024)
    sequences: dict[tuple[int, int], int] = {}
    for number in range(packets):
        clock += dice.randrange(20, 400)
        host, port = dice.randrange(1, 200), dice.choice(PORTS)
        length = 0 if number % 16 == 0 else min(1460, max(1, int(dice.gauss(payload, 200))))
        place = dice.randrange(len(content) - 1460)
        frame = (
            udp(host, content[place : place + length])
            if number % 32 == 1
            else tcp(host, port, sequences.get((host, port), 1), content[place : place + length])
        )
        sequences[host, port] = (sequences.get((host, port), 1) + length) & 0xFFFFFFFF
        made.append(struct.pack("<IIII", clock // 1_000_000, clock % 1_000_000, len(frame), len(frame)) + frame)
    return b"".join(made)


def ipv4(host: int, protocol: int, payload: bytes) -> bytes:
    head = struct.pack("!BBHHHBBH4B4B", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0, 10, 0, 1, host, 10, 0, 2, 9)
    return _ETHERNET + head + payload


def tcp(host: int, port: int, sequence: int, payload: bytes) -> bytes:
    return ipv4(host, 6, struct.pack("!HHIIBBHHH", 40000 + host, port, sequence, 1, 0x50, 0x18, 8192, 0, 0) + payload)


def udp(host: int, payload: bytes) -> bytes:
    return ipv4(host, 17, struct.pack("!HHHH", 40000 + host, 514, 8 + len(payload), 0) + payload)


def never(packet: int, what: str) -> None:
    """For traffic in which nothing is broken."""
    raise AssertionError(f"packet {packet}: {what}")


def records(data: bytes) -> int:
    return sum(1 for _ in capture.records(BytesIO(data), never))


def networks(data: bytes) -> int:
    network = link.network
    return sum(network(record[2], record[3]) is not None for record in capture.records(BytesIO(data), never))


def packets(data: bytes) -> int:
    packet = Internet(never).packet
    return sum(packet(record) is not None for record in capture.records(BytesIO(data), never))


STAGES: tuple[tuple[str, Callable[[bytes], int]], ...] = (("records", records), ("+ network", networks), ("+ packet", packets))


def measured(data: bytes, number: int) -> Iterator[str]:
    """A line for each stage."""
    for name, stage in STAGES:
        best = float("inf")
        for _ in range(RUNS):
            began = time.process_time()
            assert stage(data) == number
            best = min(best, time.process_time() - began)
        yield f"{name:12} {number / best:12,.0f} packets/s {len(data) / best / MIB:9,.0f} MiB/s"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packets", type=int, default=180_000)
    arguments.add_argument("--bytes", type=int, default=1100)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    data = traffic(options.packets, options.bytes, options.seed)
    print(f"{options.packets} packets, {len(data) / MIB:.0f} MiB, seed {options.seed}")
    for line in measured(data, options.packets):
        print(line)


if __name__ == "__main__":
    main()
