"""Fuzz readers without atheris: mutate seeds a bounded number of times, always the same way.

    python fuzz/run.py [--times 2000] [--seed 1] [READER ...]

Seeds are the texts of the reader's cases (tests/cases/evidence) and, for binary formats, the target's own
``SEEDS``. The first input that breaks a promise is written to ``crash-READER`` in the current
directory, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "cases" / "evidence" / "readers"
PIECES = (b"\0", b"\n", b"=", b'"', b"'", b"{", b"}", b":", b"$", b"\\", b"\xff", b"A" * 5000, b"-----BEGIN PRIVATE KEY-----", b"\x30\x82")
SLOW_SECONDS = 10


def seeds(name: str) -> list[bytes]:
    """The inputs of the reader's cases, or a few bytes where it has none."""
    texts = [tomllib.loads(case.read_text("utf-8"))["text"].encode() for case in sorted(CASES.glob(f"*/{name}/*/case.toml"))]
    return [*texts, *getattr(importlib.import_module(f"fuzz_{name}"), "SEEDS", ())] or [b"".join(PIECES)]


def mutate(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Cut, flip, repeat, insert, or join with another seed."""
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        place = dice.randrange(len(changed) + 1)
        deed = dice.choice(("cut", "flip", "repeat", "insert", "join"))
        if deed == "cut":
            del changed[place : place + dice.randrange(1, 40)]
        elif deed == "flip" and changed:
            changed[min(place, len(changed) - 1)] = dice.randrange(256)
        elif deed == "repeat":
            changed[place:place] = changed[place : place + 60] * dice.randrange(1, 20)
        elif deed == "insert":
            changed[place:place] = dice.choice(PIECES)
        else:
            changed[place:] = dice.choice(others)[place:]
    return bytes(changed)


def fuzz(name: str, times: int, seed: int) -> bool:
    """True if the reader kept its promises."""
    target = importlib.import_module(f"fuzz_{name}").TestOneInput
    dice, known = random.Random(f"{name} {seed}"), seeds(name)
    for number in range(times):
        data = known[number] if number < len(known) else mutate(dice, dice.choice(known), known)
        start = time.monotonic()
        try:
            target(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the find
            print(f"{name}: {type(error).__name__} on input {number}: {error}", file=sys.stderr)
        else:
            if time.monotonic() - start < SLOW_SECONDS:
                continue
            print(f"{name}: input {number} took more than {SLOW_SECONDS} s", file=sys.stderr)
        Path(f"crash-{name}").write_bytes(data)
        return False
    return True


def main() -> int:
    """Fuzz the named readers, or all of them."""
    known = sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.py"))
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("readers", nargs="*")
    options = arguments.parse_args()
    unknown = sorted(set(options.readers) - set(known))
    if unknown:
        arguments.error(f"no such reader: {', '.join(unknown)}")
    readers = options.readers or known
    broken = [name for name in readers if not fuzz(name, options.times, options.seed)]
    print(f"{len(readers)} readers, {options.times} inputs each: {'broken: ' + ', '.join(broken) if broken else 'all promises kept'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
