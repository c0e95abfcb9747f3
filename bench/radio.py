"""How fast recorded radio traffic is read: megabytes and records in a CPU second, with tshark beside where it is installed.

    python bench/radio.py [--records 200000] [--data 100] [--seed 1]

Two logs are made up, always the same for the same ``--seed``: ``small`` is what a pump and its app say (notifications, writes, events of the
controller, 20 bytes each), ``large`` has long ones (``--data`` bytes), as continuous readings and updates are. Both are held in memory. The best of
three runs counts.
"""

from __future__ import annotations

import argparse
import random
import shutil
import struct
import subprocess
import tempfile
import time
from io import BytesIO
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from asepsis.evidence.radio import capture
from asepsis.evidence.radio.look import Look
from asepsis.evidence.wire.notes import Notes
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.where import Where

RUNS = 3
START = 0x00DCDDB30F2F8000 + 1_700_000_000_000_000
_PEER = bytes.fromhex("010000eeffc0")


def log(records: int, data: int, seed: int) -> bytes:
    """A btsnoop log with packet types: one connection that is encrypted, then what is said on it."""
    dice = random.Random(seed)
    begin = [(1, b"\x04\x3e\x13\x01\x00\x40\x00\x00\x01" + _PEER + struct.pack("<HHHB", 24, 0, 500, 0)), (1, b"\x04\x08\x04\x00\x40\x00\x01")]
    made = [b"btsnoop\0" + struct.pack(">II", 1, 1002)]
    for number in range(records):
        way, packet = begin[number] if number < len(begin) else _said(dice, data)
        made.append(struct.pack(">IIIIQ", len(packet), len(packet), way | (packet[:1] != b"\x02") << 1, 0, START + number * 7_500) + packet)
    return b"".join(made)


def _said(dice: random.Random, data: int) -> tuple[int, bytes]:
    kind = dice.randrange(10)
    if kind < 4:
        return 1, b"\x04\x13\x05\x01\x40\x00\x01\x00"
    operation, way = (0x1B, 1) if kind < 8 else (0x52, 0)
    value = dice.randbytes(max(1, data - 12 + dice.randrange(8)))
    attribute = struct.pack("<BH", operation, 0x10 + dice.randrange(4)) + value
    return way, struct.pack("<BHHHH", 2, 0x40 | way << 13, len(attribute) + 4, len(attribute), 4) + attribute


def seconds(data: bytes) -> float:
    """CPU seconds for a whole look."""
    look = Look(lambda number: Where("e1", "log", packet=number or None), Redactor(b"k" * 16), Limits(), lambda _fact: None)
    began = time.process_time()
    look.frames(capture.frames(BytesIO(data), look.complaints.broken, look.not_radio, Notes()))
    look.finish()
    return time.process_time() - began


def tshark_seconds(data: bytes) -> float | None:
    """CPU seconds that tshark takes to find the operation of every attribute message; None where it is not installed."""
    program = shutil.which("tshark")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(data)
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run([program, "-r", str(path), "-T", "fields", "-e", "btatt.opcode"], check=False, capture_output=True)
        after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--data", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name, size in (("small", 20), ("large", options.data)):
        data = log(options.records, size, options.seed)
        took, other = min(seconds(data) for _ in range(RUNS)), tshark_seconds(data)
        beside = "" if other is None else f"; tshark {len(data) / other / 1e6:.2f} MB/s"
        print(f"{name}: {len(data) / 1e6:.1f} MB, {len(data) / took / 1e6:.1f} MB/s, {options.records / took:.0f} records/s{beside}")


if __name__ == "__main__":
    main()
