"""How fast the pattern pass is, beside the pattern engine alone on the same bytes and the same core.

    python bench/pattern_pass.py [--megabytes 400] [--corpus DIRECTORY]

The corpus is copied into memory first (a mixture of the files of DIRECTORY, default /usr/lib), so that the disk plays no part. *Raw* scans
each file with the same compiled patterns and counts ends; *pass* is what the reading stage does: scan, confirm each end with ``re``, group by reader.
Both run three times on one thread; the best counts. ``with readers`` adds what the readers make of the matches.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from asepsis.evidence.patterns import BLOCK_BYTES, PatternPass
from asepsis.evidence.readers import PATTERN_READERS
from asepsis.guard.limits import MIB, STANDARD, LimitReached
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Fact
from asepsis.model.where import Where

RUNS = 3
TARGET = 0.5
SMALLEST = 1024


def never(limit: LimitReached) -> None:
    """For bytes in which no pattern may be noisy."""
    raise limit


def corpus(root: Path, megabytes: int) -> Iterator[tuple[str, bytes]]:
    """Files of ``root`` until there are ``megabytes`` of them, in the order of a hash of their names: a mixture, and always the same."""
    paths = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    left = megabytes * MIB
    for path in sorted(paths, key=lambda path: sha256(os.fsencode(path)).digest()):
        if left <= 0 or path.is_symlink() or not path.is_file() or path.stat().st_size < SMALLEST:
            continue
        data = path.read_bytes()
        left -= len(data)
        yield str(path), data


def raw(patterns: PatternPass, files: list[tuple[str, bytes]]) -> int:
    """The engine alone: end offsets only."""
    ends = 0

    def seen(*_: object) -> None:
        nonlocal ends
        ends += 1

    for _, data in files:
        view = memoryview(data)
        for start in range(0, len(view), BLOCK_BYTES):
            patterns.database.scan(view[start : start + BLOCK_BYTES], match_event_handler=seen, scratch=patterns.scratch)  # type: ignore[type-var]
    return ends


def whole(patterns: PatternPass, files: list[tuple[str, bytes]]) -> int:
    """What the reading stage does with the bytes."""
    return sum(len(matches) for _, data in files for _, matches in patterns.scan(memoryview(data), never))


def with_readers(patterns: PatternPass, files: list[tuple[str, bytes]]) -> int:
    """The pass and the readers of its matches."""
    facts: list[Fact] = []
    for path, data in files:
        source = BoundedSource(data, Where("e1", path), Redactor(b"0123456789abcdef"), STANDARD)
        for reader, matches in patterns.scan(source.buffer, never):
            with suppress(LimitReached):  # the reading stage says so and goes on
                reader.read_matches(source, matches, facts.append)
    return len(facts)


def best(work: Callable[[PatternPass, list[tuple[str, bytes]]], int], patterns: PatternPass, files: list[tuple[str, bytes]]) -> tuple[float, int]:
    """Seconds of the fastest of some runs, and what it counted."""
    times, counted = [], 0
    for _ in range(RUNS):
        start = time.perf_counter()
        counted = work(patterns, files)
        times.append(time.perf_counter() - start)
    return min(times), counted


PLANTED = (b"\0OpenSSL 1.0.2n  7 Dec 2017\0", b"\0BusyBox v1.23.2 (2017)\0", b"\0-----BEGIN RSA PRIVATE KEY-----\0", b"\0ftp://a:b@c.d\0")
EVERY = 16 * 1024


def planted(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The same files with a match written over every 16 KiB: far more than any image holds."""
    dense = []
    for path, data in files:
        changed = bytearray(data)
        for number, place in enumerate(range(0, len(changed) - 64, EVERY)):
            text = PLANTED[number % len(PLANTED)]
            changed[place : place + len(text)] = text
        dense.append((path, bytes(changed)))
    return dense


def compare(title: str, patterns: PatternPass, files: list[tuple[str, bytes]]) -> float:
    """Print the speeds on one corpus; the ratio of pass to engine."""
    megabytes = sum(len(data) for _, data in files) / 1e6
    print(f"{title}: {megabytes:.0f} MB in {len(files)} files, {patterns.size} patterns, one thread, best of {RUNS}")
    speeds = {}
    for name, work, unit in (("raw engine", raw, "ends"), ("pattern pass", whole, "matches"), ("with readers", with_readers, "facts")):
        seconds, counted = best(work, patterns, files)
        speeds[name] = megabytes / seconds
        print(f"  {name:13} {speeds[name]:8.0f} MB/s   {counted} {unit}")
    ratio = speeds["pattern pass"] / speeds["raw engine"]
    print(f"  pattern pass / raw engine = {ratio:.2f} (target {TARGET})")
    return ratio


def main() -> int:
    """Print the figures; 1 if the pass is slower than half of the engine."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--megabytes", type=int, default=400)
    arguments.add_argument("--corpus", type=Path, default=Path("/usr/lib"))
    options = arguments.parse_args()
    files = list(corpus(options.corpus, options.megabytes))
    patterns = PatternPass(PATTERN_READERS)
    raw(patterns, files[:1])  # compiles
    ratios = [compare("as found", patterns, files), compare("one match planted every 16 KiB", patterns, planted(files))]
    return 0 if min(ratios) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
