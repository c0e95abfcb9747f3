"""Every reader against what nobody should send: only the agreed exceptions, in bounded time, whatever comes.

The hostile samples are made from each reader's own ordinary case, so that the reader is really reached.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asepsis.evidence.reader import Malformed, NotThisFormat, Reader
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import OutOfBounds
from asepsis.model.facts import Fact
from tests.unit.evidence.reading import search, source_of
from tests.unit.evidence.test_reader_cases import CASES, load

AGREED = (NotThisFormat, Malformed, OutOfBounds, LimitReached)
SECONDS = 20
"""More than any of these takes by a factor of ten; a reader that hangs is stopped."""
NAMED = {reader.info.name: reader for reader in FILE_READERS}
WITH_CASES = sorted(name for name in NAMED if list(CASES.glob(f"*/{name}/ordinary/case.toml")))


PIECES = [
    b"-----BEGIN RSA PRIVATE KEY-----",
    b"-----END RSA PRIVATE KEY-----",
    b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n",
    b"AAAA\n",
    b"\0\0\0\7ssh-rsa\0\0\0\1",
    b"\0\0\0\x0bssh-ed25519\0\0\0\x40",
    b"\x30\x82\x01\x00\x02\x01\x00\x02\x82\x01",
    b"\x30\x20\x02\x01\x00\x30\x05\x06\x03",
    b"\xff" * 40,
    b"root:$1$abcdefgh$",
    b"a" * 22,
    b":12:",
    b"http://a:",
    b"b@c",
    b"OpenSSL 1.0.2",
    b"  1",
    b"\0",
]
"""Pieces of what the patterns look for."""


@pytest.fixture(autouse=True)
def _bounded_time() -> Iterator[None]:
    def over(*_: object) -> None:
        raise AssertionError("the reader did not end")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def ordinary(name: str) -> tuple[str, bytes]:
    case = load(next(iter(CASES.glob(f"*/{name}/ordinary/case.toml"))).parent)
    return case["path"], case["text"].encode()


def truncations(data: bytes) -> Iterator[bytes]:
    yield from (data[:end] for end in range(0, len(data), max(1, len(data) // 40)))


def flips(data: bytes) -> Iterator[bytes]:
    dice = random.Random(len(data))
    for _ in range(60):
        changed = bytearray(data)
        for _ in range(dice.randrange(1, 8)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        yield bytes(changed)


def very_large_entries(data: bytes) -> Iterator[bytes]:
    yield data.replace(b"=", b"=" + b"A" * 1_000_000, 1) + b"\n"
    yield data + b"B" * 1_000_000
    yield b"\n".join([data] * 200)
    yield data.replace(b"\n", b"\n" * 2000)
    yield b":" * 1_000_000
    yield b"{" * 200_000
    yield b"'" * 200_000 + b'"' * 200_000


def odd_bytes(data: bytes) -> Iterator[bytes]:
    yield b""
    yield b"\0" * 4096
    yield b"\n" * 4096
    yield data.replace(b"\n", b"\0")
    yield data.replace(b"\n", b"\r")
    yield data.replace(b"a", b"\xff\xfe")
    yield b"\xef\xbb\xbf" + data
    yield data.decode().encode("utf-16")
    yield random.Random(7).randbytes(20_000)


def survive(reader: Reader, path: str, data: bytes) -> list[Fact]:
    """Read whatever the reader says of it; nothing but the agreed exceptions may come out."""
    facts: list[Fact] = []
    reader.recognises(path, data[:4096])
    with suppress(*AGREED):
        reader.read(source_of(data, path), facts.append)
    return facts


@pytest.mark.parametrize("hostile", [truncations, flips, very_large_entries, odd_bytes])
@pytest.mark.parametrize("name", WITH_CASES)
def test_a_reader_ends_with_facts_or_an_agreed_exception(name: str, hostile) -> None:
    path, data = ordinary(name)
    for sample in hostile(data):
        for fact in survive(NAMED[name], path, sample):
            assert fact.where.path == path
            assert fact.where.line is None or 1 <= fact.where.line <= sample.count(b"\n") + sample.count(b"\0") + sample.count(b"\xff") + 1


@pytest.mark.parametrize("reader", FILE_READERS, ids=lambda reader: reader.info.name)
@settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_at_all(reader: Reader, data: bytes) -> None:
    survive(reader, "etc/x", data)


@pytest.mark.parametrize("reader", PATTERN_READERS, ids=lambda reader: reader.info.name)
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(parts=st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_mixture_of_what_patterns_look_for(reader, parts: list[bytes]) -> None:
    search(reader, b"".join(parts), "bin/x")


REPEATED = (b'\\"', b'"', b"${", b"$(", b"&a;", b"1.", b"/*a", b"<!--", b"<a>", b"[", b"{a", b"if ", b"key=", b" ", b"\\\n", b"a\n", b"-----BEGIN ")
"""What makes a regex look again and again at the same text, or a loop at the same line."""
MOST_CPU_SECONDS = 8
"""For 300,000 bytes; about 1 for the slowest reader that goes straight through, minutes for one that does not."""


@pytest.mark.slow
@pytest.mark.parametrize("reader", FILE_READERS, ids=lambda reader: reader.info.name)
def test_the_time_of_a_reader_grows_with_the_length_of_its_file_only(reader: Reader) -> None:
    signal.alarm(0)
    path, data = ordinary(reader.info.name) if reader.info.name in WITH_CASES else ("etc/x", b"")
    mixed = random.Random(1).choices(b"ab= \n\"'{}[]<>:;,./\\$-#", k=100_000)
    for hostile in (bytes(mixed), *((data if keep else b"") + piece * (300_000 // len(piece)) for piece in REPEATED for keep in (False, True))):
        start = time.process_time()
        survive(reader, path, hostile)
        assert time.process_time() - start < MOST_CPU_SECONDS, hostile[-20:]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in WITH_CASES if b"=" in ordinary(name)[1]])
def test_the_time_of_a_reader_grows_with_the_length_of_a_value_only(name: str) -> None:
    path, data = ordinary(name)
    before, sign, after = data.partition(b"=")
    for hostile in (b"a" + b" " * 600_000 + b"b", b" " * 600_000, b"a " * 300_000, b"=" * 600_000, b"a,b;" * 150_000):
        start = time.process_time()
        survive(NAMED[name], path, before + sign + hostile + after)
        assert time.process_time() - start < MOST_CPU_SECONDS, hostile[:10]


def test_the_hostile_samples_reach_the_readers():
    reached = {name for name in WITH_CASES if survive(NAMED[name], *ordinary(name))}
    assert reached == set(WITH_CASES)
    assert Path(CASES).is_dir()
