"""Promises of the signatures: every part is told by what real programs print, by nothing else, and the engine can look for it cheaply."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from re import _constants, _parser  # type: ignore[attr-defined]  # the standard library's own parser of expressions
from typing import Any

import pytest

from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols.regex import check_repeats
from asepsis.evidence.readers.firmware.versions import VersionsReader
from asepsis.knowledge.load import load
from asepsis.knowledge.signatures import complaints, cpe_of, purl_of, shipped_signatures
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.signature import Says, Signature, SignatureExample
from tests.unit.evidence.reading import never, source_of

PARTS = shipped_signatures()
READER = VersionsReader()
EXAMPLES = [(part, number) for part in PARTS for number, _ in enumerate(part.example)]
SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*")


@cache
def patterns() -> PatternPass:
    return PatternPass([READER])


def told(example: SignatureExample) -> list[tuple[str, str]]:
    """Which parts a program with this text is said to be, with their versions."""
    source = source_of(b"\x7fELF\0" + example.text.encode("latin-1") + b"\0", example.path)
    facts: list[Component | OperatingSystem] = []
    for reader, matches in patterns().scan(source.buffer, never):
        reader.read_matches(source, matches, facts.append)  # type: ignore[arg-type]
    return [(fact.name, fact.version) for fact in facts]


@pytest.mark.parametrize(("part", "number"), EXAMPLES, ids=lambda value: value.id if isinstance(value, Signature) else str(value))
def test_every_example_tells_its_version_and_no_other_part(part: Signature, number: int):
    example = part.example[number]
    found = told(example)
    if example.version:
        assert found == [(part.name, example.version)]
    else:
        assert part.name not in {name for name, _ in found}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_every_signature_is_whole(part: Signature):
    assert list(complaints(part)) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "Open SSL"}, "id: must be small letters"),
        ({"cpe": "openssl"}, "cpe: must be vendor:product"),
        ({"says": ()}, "says: missing"),
        ({"library": "lib("}, "library: not a regular expression"),
        ({"says": (Says("no group of a version"),)}, "says.1.regex: needs a group"),
        ({"example": ()}, "example: needs at least one with"),
    ],
)
def test_a_signature_that_is_not_whole_is_told(change: dict[str, Any], complaint: str):
    assert any(text.startswith(complaint) for text in complaints(replace(PARTS[0], **change)))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_every_part_says_who_makes_it_and_under_which_licence(part: Signature):
    assert part.supplier
    assert SPDX.fullmatch(part.licence), part.licence
    version = next(example.version for example in part.example if example.version)
    assert purl_of(part, version).startswith("pkg:generic/")
    assert not part.cpe or re.fullmatch(r"cpe:2\.3:[ao](?::(?:[^:\\]|\\.)+){10}", cpe_of(part, version))


@pytest.mark.parametrize("part", [part for part in PARTS if part.product], ids=lambda part: part.id)
def test_products_are_in_the_tables_of_support_or_named_like_the_part(part: Signature):
    assert load().end_of_support(part.product, "1") is not None or part.product.replace("-", "_") in {part.id.replace("-", "_"), "wpa_supplicant"}


def literal_bytes(expression: str) -> int:
    """The longest run of single bytes that every match holds."""
    return _runs(_parser.parse(expression))[1]


def _runs(tokens: Iterable[tuple[object, Any]]) -> tuple[int, int, int, bool]:
    """Of single bytes: how many the tokens begin with, the longest run, how many they end with, whether there is nothing else."""
    lead = best = now = 0
    whole = True
    for kind, value in tokens:
        begins, longest, ends, all_of_it = _run_of(kind, value)
        now += begins
        best, lead = max(best, longest, now), lead + begins if whole else lead
        now = now if all_of_it else ends
        whole = whole and all_of_it
    return lead, best, now, whole


def _run_of(kind: object, value: Any) -> tuple[int, int, int, bool]:
    if kind is _constants.LITERAL:
        return 1, 1, 1, True
    if kind is _constants.SUBPATTERN:
        return _runs(value[3])
    if kind is _constants.BRANCH:
        branches = [_runs(branch) for branch in value[1]]
        return (*(min(branch[number] for branch in branches) for number in range(3)), all(branch[3] for branch in branches))  # type: ignore[return-value]
    return 0, 0, 0, False


WITHOUT_ANCHOR = frozenset({"dnsmasq/2", "dropbear/2", "iptables/2"})
"""Numbers alone, which count in files of one name only."""


@pytest.mark.parametrize("pattern", READER.patterns, ids=lambda pattern: pattern.name)
def test_every_expression_holds_four_fixed_bytes_and_is_confirmed_in_time(pattern):
    check_repeats(pattern.regex.pattern.decode())
    assert pattern.name in WITHOUT_ANCHOR or literal_bytes(pattern.expression.decode()) >= 4
    assert not pattern.expression.startswith((b".", b"[^", b"\\w", b"\\d"))


def test_names_of_cpe_and_purl_are_written_as_their_standards_say():
    ntp = next(part for part in PARTS if part.id == "ntp")
    assert cpe_of(ntp, "4.2.8p15") == "cpe:2.3:a:ntp:ntp:4.2.8:p15:*:*:*:*:*:*"
    assert purl_of(ntp, "4.2.8p15") == "pkg:generic/ntp@4.2.8p15"
    openssl = next(part for part in PARTS if part.id == "openssl")
    assert cpe_of(openssl, "1.0.2n") == "cpe:2.3:a:openssl:openssl:1.0.2n:*:*:*:*:*:*:*"
    assert purl_of(openssl, "3.0+fips") == "pkg:generic/openssl@3.0%2Bfips"
    assert cpe_of(openssl, "3.0+fips") == r"cpe:2.3:a:openssl:openssl:3.0\+fips:*:*:*:*:*:*:*"
