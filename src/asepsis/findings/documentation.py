"""Manuals and examples that lie in an image: nothing on the device reads them, so nothing in them is a way in.

What was read there is set aside before the rules are asked, and said: a dismissal names it, so that silence is explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from asepsis.findings.rule import RuleInfo
from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.facts import Fact, HostileContainer, Program, UnidentifiedProgram
from asepsis.model.where import Where

_MANUALS = re.compile(
    r"(?:^|[/!])(?:(?:usr|local|opt)/(?:[^/!]+/)*)?share/(?:doc|man|info|locale|help|gtk-doc|licenses)/|(?:^|[/!])usr/(?:doc|man|info)/"
)
"""Where the Filesystem Hierarchy Standard 3.0 (4.11) puts manuals, documentation and translations."""
_STAY = (HostileContainer, UnidentifiedProgram, Program)
"""What these say is of the evidence itself, wherever it lies."""


_LIBRARY_TEST = re.compile(r"(?:^|[/!])(?:dist-packages|site-packages|node_modules|gems)/(?:[^/!]+/){1,6}(?:tests?|testdata|fixtures)/")


def is_library_test(where: Where) -> bool:
    """Where package managers put libraries, and below it a folder of tests: nothing of the device reads it."""
    return _LIBRARY_TEST.search(where.path) is not None


def set_aside(facts: Iterable[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts that rules are asked about, and those that only manuals and examples show."""
    kept, aside = list[Fact](), list[Fact]()
    for fact in facts:
        (aside if not isinstance(fact, _STAY) and _MANUALS.search(fact.where.path) else kept).append(fact)
    return kept, aside


def dismissals(aside: Iterable[Fact], info: RuleInfo) -> Iterator[Dismissed]:
    """What was set aside of the kinds that a rule needs, once for each file."""
    files = {(type(fact), Where(fact.where.evidence, fact.where.path)) for fact in aside if type(fact) in info.needs}
    for kind, where in files:
        what = f"{kind.__name__} in a manual or example, which nothing on the device reads"
        yield Dismissed(info.id, Exemption.DOCUMENTATION, what, where)
