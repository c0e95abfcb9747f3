"""Whether `asepsis watch` keeps its memory over days: a made ward is fed to it as fast as it reads, and what its processes hold is printed.

    python bench/watch_memory.py [--packets 20_000_000] [--seconds 600]

The ward: pumps that report by HL7 over connections of their own, monitors, pictures, look-ups of names from ever new ports, strangers
from ever new addresses who connect in vain, now and then a flood. Days are minutes with later clocks and other strangers. Printed are
packets, days of the ward, packets a second, and the resident memory of the process that reads packets and of the one that tells alarms.
Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BEGIN = 1_700_000_000
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
PUMPS, LOOK_UPS, STRANGERS, WAVES, SEGMENTS = 40, 600, 400, 7200, 20_000
EACH = PUMPS * 8 + LOOK_UPS + STRANGERS + WAVES + SEGMENTS
SYN, ACK, PUSH, FIN = 0x02, 0x10, 0x18, 0x11


def ip(protocol: int, source: bytes, destination: bytes, payload: bytes) -> bytes:
    """An IPv4 packet in Ethernet (RFC 791); checksums are not looked at."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
    return b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0" + head + source + destination + payload


def tcp(source: bytes, destination: bytes, ports: tuple[int, int], numbers: tuple[int, int], flags: int, payload: bytes = b"") -> bytes:
    """A segment (RFC 9293)."""
    return ip(6, source, destination, struct.pack(">HHIIBBHHH", *ports, *numbers, 0x50, flags, 8192, 0, 0) + payload)


def udp(source: bytes, destination: bytes, ports: tuple[int, int], payload: bytes) -> bytes:
    """A datagram (RFC 768)."""
    return ip(17, source, destination, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload)


def minute(number: int) -> bytes:
    """The records of one minute."""
    frames: list[tuple[float, bytes]] = []
    server = bytes((10, 0, 0, 100))
    for i in range(PUMPS):
        frames += report(bytes((10, 0, 1, i)), server, 20_000 + number % 40_000, i, number)
    for i in range(LOOK_UPS):
        client, port = bytes((10, 0, 2, i % 250)), 1024 + (number * LOOK_UPS + i) % 64_000
        frames.append((i / 10, udp(client, b"\x0a\0\0\x01", (port, 53), b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x01a\0\0\x01\0\x01")))
    for i in range(STRANGERS):
        address = struct.pack(">I", 0xAC100000 + (number * STRANGERS + i) % 0xFFFFF)
        frames.append((i / 7, tcp(address, server, (1024 + i, 3000 + i % 7), (1, 0), SYN)))
    for i in range(WAVES):  # thirty monitors send their waves four times a second
        frames.append((i / 120, udp(bytes((10, 0, 4, i % 30)), server, (4000, 7000), b"w" * 120)))
    for i in range(SEGMENTS):  # pictures, over a connection that began long ago
        place = (number * SEGMENTS + i) * 100 % (1 << 32)
        frames.append((i / 340, tcp(bytes((10, 0, 5, 5)), server, (40_000, 11112), (place, 1), ACK, b"p" * 100)))
    for i in range(3000 if number % 360 == 359 else 0):  # every six hours
        frames.append((30 + i / 1000, tcp(bytes((10, 0, 3, 3)), server, (1024 + i, 2575), (1, 0), SYN)))
    frames.sort(key=lambda one: one[0])
    begin = BEGIN + 60 * number
    return b"".join(struct.pack("<IIII", begin + int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame for at, frame in frames)


def report(pump: bytes, server: bytes, port: int, i: int, number: int) -> list[tuple[float, bytes]]:
    """One report on a connection of its own, accepted, closed in order."""
    message = (
        f"\x0bMSH|^~\\&|PUMP^00122100000000{i:02}^EUI-64||DOC||20231114||ORU^R01^ORU_R01|{number}-{i}|P|2.6\r"
        f"OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC|1.1.0.0|||||||X|||||||A{i:04}\r\x1c\r"
    ).encode()
    answer = f"\x0bMSH|^~\\&|DOC||PUMP||20231114||ACK^R01|a{number}-{i}|P|2.6\rMSA|CA|{number}-{i}\r\x1c\r".encode()
    there, back, sent, got = (port, 3000), (3000, port), 1 + len(message), 1 + len(answer)
    segments = (
        tcp(pump, server, there, (0, 0), SYN), tcp(server, pump, back, (0, 1), SYN | ACK), tcp(pump, server, there, (1, 1), ACK),
        tcp(pump, server, there, (1, 1), PUSH, message), tcp(server, pump, back, (1, sent), PUSH, answer),
        tcp(pump, server, there, (sent, got), FIN), tcp(server, pump, back, (got, sent + 1), FIN), tcp(pump, server, there, (sent + 1, got + 1), ACK),
    )  # fmt: skip
    return [(1 + i + place / 100, segment) for place, segment in enumerate(segments)]


def resident(process: int) -> int:
    """MiB that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def child(process: int) -> int:
    """The process that reads packets: the one child."""
    return int(Path(f"/proc/{process}/task/{process}/children").read_text().split()[0])


def feed(watch: subprocess.Popen[bytes], minutes: int, seconds: float) -> None:
    """Minute after minute, with a line of figures twenty times in all."""
    assert watch.stdin
    watch.stdin.write(HEADER)
    began, every = time.monotonic(), max(1, minutes // 20)
    next_told = seconds / 20
    for number in range(minutes):
        watch.stdin.write(minute(number))
        passed = time.monotonic() - began
        if number % every == every - 1 or passed > next_told:
            next_told = passed + seconds / 20
            mib = f"{resident(child(watch.pid)):4} MiB reads, {resident(watch.pid):3} MiB tells"
            done = number * EACH
            print(f"{done:12,} packets  {number / 1440:6.2f} days  {done / passed:9,.0f} packets/s  {mib}", flush=True)
        if passed > seconds:
            break
    watch.stdin.close()


def main() -> None:
    """Feed it and look at it every so often."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--packets", type=int, default=20_000_000)
    asked.add_argument("--seconds", type=float, default=600)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path(folder, "alarms").open("wb") as alarms:
        state = Path(folder, "state.json")
        with subprocess.Popen([sys.executable, "-m", "asepsis", "watch", "-", "--state", state], stdin=subprocess.PIPE, stdout=alarms) as watch:
            feed(watch, given.packets // EACH, given.seconds)
        lines = Path(folder, "alarms").read_bytes().splitlines()
        print(f"{len(lines)} lines of JSON, a state file of {state.stat().st_size >> 10} KiB")


if __name__ == "__main__":
    main()
