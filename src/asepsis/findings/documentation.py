"""Manuals and examples that lie in an image: nothing on the device reads them, so nothing in them is a way in.

What was read there is set aside before the rules are asked, and said: a dismissal names it, so that silence is explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from asepsis.findings.words import listed
from asepsis.model.facts import Fact, HostileContainer, UnidentifiedProgram

_MANUALS = re.compile(
    r"(?:^|[/!])(?:(?:usr|local|opt)/(?:[^/!]+/)*)?share/(?:doc|man|info|locale|help|gtk-doc|licenses)/|(?:^|[/!])usr/(?:doc|man|info)/"
)
"""Where the Filesystem Hierarchy Standard 3.0 (4.11) puts manuals, documentation and translations."""
_STAY = (HostileContainer, UnidentifiedProgram)
"""What these say is of the evidence itself, wherever it lies."""


def set_aside(facts: Iterable[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts that rules are asked about, and those that only manuals and examples show."""
    kept, aside = list[Fact](), list[Fact]()
    for fact in facts:
        (aside if not isinstance(fact, _STAY) and _MANUALS.search(fact.where.path) else kept).append(fact)
    return kept, aside


def words(aside: Sequence[Fact], needs: Sequence[type[Fact]]) -> tuple[str, ...]:
    """What was set aside of the kinds that a rule ``needs``, one line for each kind."""
    lines = []
    for kind in needs:
        places = sorted({fact.where.path for fact in aside if type(fact) is kind})
        if places:
            lines.append(f"{kind.__name__} in manuals and examples, which nothing on the device reads: {listed(places)}")
    return tuple(lines)
