"""Small worlds written as text: ``secret(d, s1, wifi, cleartext)`` becomes a claim."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from random import Random

from asepsis.model.claim import Claim, claim

MOVE_CASES = Path(__file__).parent / "moves"

_CLAIM = re.compile(r"(?P<predicate>\w+)\((?P<args>.*)\)")


def claims(*texts: str) -> tuple[Claim, ...]:
    """The claims that ``texts`` state; an argument holds no ``, ``."""
    return tuple(_claim(text) for text in texts)


def shuffled(items: Iterable[Claim], seed: int) -> list[Claim]:
    """The items in another order, the same for the same ``seed``."""
    ordered = sorted(items)
    Random(seed).shuffle(ordered)
    return ordered


def _claim(text: str) -> Claim:
    match = _CLAIM.fullmatch(text)
    assert match is not None, text
    return claim(match["predicate"], *match["args"].split(", "))
