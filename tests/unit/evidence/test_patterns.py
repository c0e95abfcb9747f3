"""The pattern pass: places, seams, overlaps, limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asepsis.evidence import patterns as module
from asepsis.evidence.patterns import Match, Pattern, PatternPass, blocks
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from tests.unit.evidence.reading import never


class Matches:
    info = ReaderInfo("matches", "", (), ())

    def __init__(self, *patterns: Pattern) -> None:
        self.patterns = patterns

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        raise NotImplementedError


WORD = Pattern("word", rb"key=[a-z]{1,8}", rb"key=([a-z]{1,8})", before=12, after=8)


def scan(data: bytes, *patterns: Pattern) -> list[Match]:
    return [match for _, matches in PatternPass([Matches(*patterns)]).scan(memoryview(data), never) for match in matches]


def test_a_match_has_its_place_its_text_and_its_groups():
    assert scan(b"xx key=abc; key=d", WORD) == [
        Match("word", 3, 10, b"key=abc", (b"abc",)),
        Match("word", 12, 17, b"key=d", (b"d",)),
    ]


def test_the_engine_sees_every_length_and_the_match_counts_once():
    assert [match.text for match in scan(b"key=abcdefgh", WORD)] == [b"key=abcdefgh"]


def test_what_says_something_only_beside_another_is_confirmed_where_that_one_is():
    other = Pattern("other", rb"user=[a-z]", beside="word")
    assert [match.text for match in scan(b"user=x key=abc", WORD, other)] == [b"user=x", b"key=abc"]
    assert scan(b"user=x key=", WORD, other) == []


def test_no_bytes_hold_no_match():
    assert scan(b"", WORD) == []


def test_look_arounds_of_the_confirmation_decide():
    pattern = Pattern("alone", rb"[0-9]{4}", rb"(?<![0-9])[0-9]{4}(?![0-9])", before=8, after=4)
    assert [match.start for match in scan(b"12345 6789 01", pattern)] == [6]


def test_case_blind_patterns_are_so_in_engine_and_confirmation():
    assert [match.text for match in scan(b"KeY=", Pattern("any", rb"key=", any_case=True))] == [b"KeY="]


def test_a_match_across_the_seam_of_two_blocks_is_found_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BLOCK_BYTES", 64)
    for place in range(40, 90):
        data = b"." * place + b"key=abc" + b"." * 40
        assert [match.start for match in scan(data, WORD)] == [place]


def test_a_pattern_that_matches_absurdly_often_is_said_once_and_drowns_no_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MATCHES_PER_FILE", 100)
    said: list[LimitReached] = []
    noise = b"a" * 200
    found = PatternPass([Matches(Pattern("a", rb"a"), WORD)]).scan(memoryview(noise + b" key=abc " + noise), said.append)
    assert [str(limit) for limit in said] == ["matches_per_file: 101 where 100 is allowed"]
    assert [match.start for _, matches in found for match in matches if match.pattern == "word"] == [201]


@given(size=st.integers(0, 10**9), overlap=st.integers(0, 4096))
def test_blocks_cover_everything_and_overlap(size: int, overlap: int):
    starts = list(blocks(size, overlap))
    assert starts == sorted(set(starts))
    assert not size or starts[0] == 0
    assert all(after - before <= module.BLOCK_BYTES - overlap for before, after in pairwise(starts))
    assert not size or starts[-1] + module.BLOCK_BYTES >= size


@given(parts=st.lists(st.sampled_from([b"key=ab", b"key=", b"k", b"\0\xff", b"=abc ", b"keykey=zz."])))
def test_the_pass_finds_what_re_finds(parts: list[bytes]):
    data = b"".join(parts)
    assert [match.start for match in scan(data, WORD)] == [found.start() for found in re.finditer(rb"key=([a-z]{1,8})", data)]


LONG = rb"(?<![a-z])(?P<q>[\"']?)key[ab]{0,3}=([a-z]{2,40})(?P=q)(?![a-z])"
"""Confirmed on windows that reach far beyond the end: the engine sees its first letter only."""


@given(parts=st.lists(st.sampled_from([b"key=", b"keyab=", b"x", b'"', b"'", b" ", b"b" * 39, b"zz", b"keykey=", b"\n" * 30]), max_size=40))
def test_a_long_window_is_given_up_early_only_where_nothing_begins(parts: list[bytes]):
    data = b"".join(parts)
    short, long = (Pattern("long", rb"key[ab]{0,3}=[a-z]", LONG, before=before, after=64) for before in (33, 32))
    assert 2 * short.before > short.after == 2 * long.before
    assert {match.text for match in scan(data, long)} == {match.text for match in scan(data, short)}


@pytest.mark.parametrize("confirm", [rb"(?i)KEY=(a|b)", rb"key=a|key=b"])
def test_a_long_window_knows_alternatives_and_flags_of_their_own(confirm: bytes):
    pattern = Pattern("long", rb"key=", confirm, before=8, after=64)
    assert [match.text for match in scan(b"key=c key=b" + b"." * 80 + b"key=a", pattern)] == [b"key=b", b"key=a"]
