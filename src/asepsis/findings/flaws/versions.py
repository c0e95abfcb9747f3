"""The order of versions: each ecosystem has its own, and a version of one is never compared by the rules of another.

Orders of package managers come from ``univers``; that of upstream releases, which no standard describes, is here. The NVD's ranges are of that
kind: numbers compare as numbers (1.2.9 before 1.2.10), a letter or ``p1`` after a number comes later (1.0.2k after 1.0.2), ``rc``, ``beta`` and
their like come earlier, zeros at the end say nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from asepsis.model.vulnerability import Affected, Range

Key: TypeAlias = Any
"""Something that compares with another key of the same scheme."""

UPSTREAM = "generic"
_LEAD = re.compile(r"^\s*v(?:er(?:sion)?)?[\s.]*(?=\d)")
"""``v1.4`` is 1.4."""
_TOKEN = re.compile(r"\d+|[a-z]+")
_BEFORE = ("dev", "devel", "snapshot", "nightly", "git", "alpha", "beta", "pre", "preview", "rc")
"""Words of versions before the release, in their order; a lone ``a`` or ``b`` after a number is a later one (OpenSSL 1.0.2a)."""
_UPDATES = frozenset({(1, 0, "p"), (1, 0, "pl"), (1, 0, "patch"), (1, 0, "sp"), (1, 0, "update"), (1, 0, "u")})
_CLASSES = {
    "deb": "DebianVersion",
    "rpm": "RpmVersion",
    "apk": "AlpineLinuxVersion",
    "alpine": "AlpineLinuxVersion",
    "alpm": "ArchLinuxVersion",
    "pypi": "PypiVersion",
    "npm": "SemverVersion",
    "semver": "SemverVersion",
    "cargo": "SemverVersion",
    "golang": "GolangVersion",
    "maven": "MavenVersion",
    "nuget": "NugetVersion",
    "gem": "RubygemsVersion",
    "composer": "ComposerVersion",
    "conan": "ConanVersion",
}
_MOST_CHARACTERS = 128


def upstream_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """A key for versions as makers write them. Anything at all has one: what is no number or word counts as nothing."""
    tokens = [_token(text) for text in _TOKEN.findall(_LEAD.sub("", version.lower())[:_MOST_CHARACTERS])]
    while tokens and tokens[-1] == (2, 0, ""):
        tokens.pop()
    return (*tokens, (0, 0, ""))


def _token(text: str) -> tuple[int, int, str]:
    """Words before the release come before its end (0), letters after it, numbers after letters."""
    if text.isdigit():
        return (2, int(text), "")
    if text in _BEFORE:
        return (-1, _BEFORE.index(text), "")
    return (1, 0, text)


@cache
def key(scheme: str, version: str) -> Key | None:
    """The version's place in its scheme's order; None when the scheme does not take it for a version."""
    name = _CLASSES.get(scheme)
    if name is None:
        return upstream_key(version) if re.search(r"\d", version) else None
    from univers import versions  # takes a tenth of a second, and most studies have no published flaws to compare

    try:
        return getattr(versions, name)(version[:_MOST_CHARACTERS])
    except (versions.InvalidVersion, ValueError, TypeError, AttributeError, IndexError):
        return None


def concerns(statement: Affected, version: str) -> bool | None:
    """Whether the statement speaks of ``version``: by a single version or by a range. None when that cannot be compared.

    A statement without versions and ranges speaks of all versions.
    """
    if not statement.ranges and not statement.versions:
        return True
    place = key(statement.scheme, version)
    if place is None:
        return None
    if version in statement.versions:
        return True
    answers = {_inside(statement.scheme, place, one) for one in statement.ranges}
    if True not in answers:
        answers |= {_equal(statement.scheme, version, place, one) for one in statement.versions}
    return True if True in answers else None if None in answers else False


def narrowed(statement: Affected, version: str) -> Affected:
    """The statement with only those of its versions and ranges that ``version`` lies in, if it lies in any: some list a hundred."""
    scheme, place = statement.scheme, key(statement.scheme, version)
    if place is None:
        return statement
    ranges = tuple(limits for limits in statement.ranges if _inside(scheme, place, limits))
    versions = tuple(text for text in statement.versions if _equal(scheme, version, place, text))
    return replace(statement, ranges=ranges, versions=versions) if ranges or versions else statement


def _equal(scheme: str, version: str, place: Key, other: str) -> bool | None:
    if version == other:
        return True
    theirs = key(scheme, other)
    return None if theirs is None else bool(place == theirs) or _is_update(place, theirs)


def _inside(scheme: str, place: Key, limits: Range) -> bool | None:
    """Between the limits; None when a limit that decides is no version."""
    bounds = [key(scheme, text) if text not in {"", "0", "*"} else "" for text in (limits.introduced, limits.fixed, limits.last)]
    introduced, fixed, last = bounds
    if any(bound != "" and bound is not None and _out(place, bound, number, limits) for number, bound in enumerate(bounds)):
        return False
    return None if introduced is None or fixed is None or last is None else True


def _out(place: Key, bound: Key, number: int, limits: Range) -> bool:
    """Whether the place lies beyond one bound: before the first version, from the mended one on, after the last one.

    Asked by ``<`` alone: other comparisons of univers' Alpine versions are those of texts, by which 1.5-r2 is not before 1.5-r10.
    """
    match number:
        case 0:
            return not bound < place if limits.introduced_excluded else bool(place < bound)
        case 1:
            return not place < bound
    return bool(bound < place) and not _is_update(place, bound)


def _is_update(place: Key, bound: Key) -> bool:
    """``7.2p1`` is an update of 7.2: the NVD's "7.2" and "up to 7.2" include it, because its names keep updates in a field of their own."""
    if not isinstance(place, tuple) or not isinstance(bound, tuple):
        return False
    end = len(bound) - 1
    return len(place) > end and place[end] in _UPDATES and place[:end] == bound[:end]
