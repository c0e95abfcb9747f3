"""Fuzz readers without atheris: mutate seeds a bounded number of times, always the same way.

    python fuzz/run.py [--times 2000] [--seed 1] [--jobs 1] [--log FILE] [READER ...]

Seeds are the texts of the reader's cases (tests/cases/evidence) and, for binary formats, the target's own ``SEEDS``, in which a key may hold a
few random bytes. ``--times 0`` feeds the seeds alone, and asks that one of them gives a fact (unless the target says
``ONLY_PROBLEMS``): changes to what a reader sends away at once reach nothing. Each reader runs in a process of
its own. It is broken if it raises what it may not, takes more than ten CPU seconds for an input, needs
64 MiB more than after its first inputs, or dies; the input at fault is then written to ``crash-READER`` in the current directory (not by one that
died), and the exit code is 1. ``--log`` adds a line for each reader, separated by tabs: reader, inputs, CPU seconds, inputs in a second, growth
in KiB, what broke.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import multiprocessing
import random
import re
import resource
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "cases" / "evidence" / "readers"
PIECES = (
    b"\0",
    b"\n",
    b"=",
    b'"',
    b"'",
    b"{",
    b"}",
    b":",
    b"$",
    b"\\",
    b"\xff",
    b"A" * 300,
    b"-----BEGIN PRIVATE KEY-----",
    b"\x30\x82",
    b"\xff\xff\xff\xff",
)
WORD = re.compile(rb"[A-Za-z0-9_.-]{2,40}")
MOST_WORDS = 400
SLOW_SECONDS = 10
MOST_BYTES = 8192
"""Of a mutated input; short ones are read sooner, and what only long ones break is asked of readers in tests/unit/evidence/test_hostile_input.py."""
WARM_UP = 200
MOST_GROWTH_KIB = 64 * 1024


class TooSlow(Exception):
    """An input took too long."""


@dataclass(frozen=True)
class Outcome:
    """What fuzzing one reader came to."""

    reader: str
    inputs: int
    seconds: float
    growth: int
    broken: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The line of the log."""
        speed = self.inputs / max(self.seconds, 1e-6)
        return self.reader, str(self.inputs), f"{self.seconds:.2f}", f"{speed:.0f}", str(self.growth), self.broken


def seeds(name: str) -> list[bytes]:
    """The inputs of the reader's cases, or a few bytes where it has none; short ones first."""
    texts = [tomllib.loads(case.read_text("utf-8"))["text"].encode() for case in sorted(CASES.glob(f"*/{name}/*/case.toml"))]
    known = [*texts, *getattr(importlib.import_module(f"fuzz_{name}"), "SEEDS", ())] or [b"".join(PIECES)]
    return sorted(known, key=len)


class Mutator:
    """Makes inputs from ``known`` seeds: the same ones for the same ``seed``."""

    def __init__(self, known: Sequence[bytes], seed: str) -> None:
        """Short seeds are taken more often."""
        self.dice, self.known = random.Random(seed), known
        self.weights = list(itertools.accumulate(1 / (200 + len(data)) for data in known))
        words = dict.fromkeys(itertools.chain.from_iterable(WORD.findall(data[:MOST_BYTES]) for data in known))
        self.pieces = [*PIECES, *itertools.islice(words, MOST_WORDS)]
        self.deeds: tuple[Callable[[bytearray, int], None], ...] = (self._cut, self._flip, self._repeat, self._insert, self._insert, self._join)

    def inputs(self, times: int) -> Iterator[bytes]:
        """The seeds themselves, then changes to them."""
        yield from self.known[:times]
        for _ in range(times - len(self.known)):
            yield self._mutated()

    def _mutated(self) -> bytes:
        changed = bytearray(self._seed())
        for _ in range(1 + int(self.dice.random() * 5)):
            self.dice.choice(self.deeds)(changed, int(self.dice.random() * (len(changed) + 1)))
        return bytes(changed[:MOST_BYTES])

    def _seed(self) -> bytes:
        return self.dice.choices(self.known, cum_weights=self.weights)[0]

    def _cut(self, changed: bytearray, place: int) -> None:
        del changed[place : place + self.dice.randrange(1, 40)]

    def _flip(self, changed: bytearray, place: int) -> None:
        changed[place : place + 1] = bytes((self.dice.randrange(256),))

    def _repeat(self, changed: bytearray, place: int) -> None:
        changed[place:place] = changed[place : place + 60] * self.dice.randrange(1, 20)

    def _insert(self, changed: bytearray, place: int) -> None:
        changed[place:place] = self.dice.choice(self.pieces)

    def _join(self, changed: bytearray, place: int) -> None:
        changed[place:] = self._seed()[place:]


def fuzz(name: str, times: int, seed: int) -> Outcome:
    """Feed one reader until it breaks or all inputs are through."""
    module = importlib.import_module(f"fuzz_{name}")
    target = module.TestOneInput
    signal.signal(signal.SIGPROF, _too_slow)
    began, warm, number, broken = time.process_time(), 0, 0, ""
    known = seeds(name)
    for number, data in enumerate(Mutator(known, f"{name} {seed}").inputs(times) if times else known, 1):
        broken = _feed(target, data)
        warm = _peak() if number == WARM_UP else warm
        if number > WARM_UP and not broken and _peak() - warm > MOST_GROWTH_KIB:
            broken = "needed more and more memory"
        if broken:
            Path(f"crash-{name}").write_bytes(data)
            break
    broken = broken and f"{broken} (input {number})"
    if not (times or broken or importlib.import_module("harness").EMITTED or hasattr(module, "ONLY_PROBLEMS")):
        broken = "no seed gives a fact"
    return Outcome(name, number, time.process_time() - began, _peak() - warm if warm else 0, broken)


def _feed(target: Callable[[bytes], None], data: bytes) -> str:
    """Why an input broke the reader, or an empty string."""
    signal.setitimer(signal.ITIMER_PROF, SLOW_SECONDS)
    try:
        target(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the find
        return f"{type(error).__name__}: {error}".replace("\t", " ").replace("\n", " ")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _too_slow(*_: object) -> None:
    raise TooSlow(f"more than {SLOW_SECONDS} CPU seconds")


def _peak() -> int:
    """The most memory that this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def outcomes(readers: Sequence[str], times: int, seed: int, jobs: int) -> Iterator[Outcome]:
    """Each reader in a process of its own, ``jobs`` at a time, as they end."""
    importlib.import_module("asepsis.evidence.readers")  # once, before the processes part
    context = multiprocessing.get_context("fork")
    running: dict[Connection, str] = {}
    waiting = list(reversed(readers))
    while waiting or running:
        while waiting and len(running) < jobs:
            name = waiting.pop()
            ours, theirs = context.Pipe(duplex=False)
            context.Process(target=_in_child, args=(theirs, name, times, seed)).start()
            theirs.close()
            running[ours] = name
        for ended in wait(list(running)):
            assert isinstance(ended, Connection)
            yield _received(ended, running.pop(ended))


def _in_child(theirs: Connection, name: str, times: int, seed: int) -> None:
    theirs.send(fuzz(name, times, seed))


def _received(ended: Connection, name: str) -> Outcome:
    try:
        outcome = ended.recv()
    except EOFError:
        return Outcome(name, 0, 0, 0, "its process died")
    assert isinstance(outcome, Outcome)
    return outcome


def main() -> int:
    """Fuzz the named readers, or all of them."""
    known = sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.py"))
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--log", type=Path)
    arguments.add_argument("readers", nargs="*")
    options = arguments.parse_args()
    unknown = sorted(set(options.readers) - set(known))
    if unknown:
        arguments.error(f"no such reader: {', '.join(unknown)}")
    readers, broken = options.readers or known, []
    for outcome in outcomes(readers, options.times, options.seed, max(1, options.jobs)):
        print(f"{outcome.reader}: {outcome.inputs} inputs in {outcome.seconds:.1f} s", flush=True)
        if outcome.broken:
            broken.append(outcome.reader)
            print(f"{outcome.reader}: {outcome.broken}", file=sys.stderr, flush=True)
        if options.log:
            with options.log.open("a", encoding="utf-8") as log:
                log.write("\t".join(outcome.fields) + "\n")
    print(f"{len(readers)} readers, {options.times} inputs each: {'broken: ' + ', '.join(sorted(broken)) if broken else 'all promises kept'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
