"""When a finding is what a label says, and what follows for recall, precision and pairs. The rule is the same for every tool.

A finding **matches** a label if its class is one of the label's classes, and one of its places is the label's: the innermost path ends in the
label's path at a path boundary (a label without path is the image itself), and where both name a line, they are at most ``NEAR`` apart.
A tool without classes (the peers) matches by place alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NEAR = 6
"""Lines: a tool may point at the block (``network={``) or at the secret in it."""
COUNTED = frozenset(
    [
        "wifi-secret-stored",
        "hard-coded-credential",
        "weak-password-hash",
        "private-key-shipped",
        "remote-maintenance-exposed",
        "unauthenticated-interface",
    ]
)
"""The classes for which everything that is not labelled is a false alarm: secrets, credentials, services."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path as the tool gives it, inside containers with ``!``, and a line."""

    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """What a tool says: ``weakness`` is empty where it knows no classes."""

    weakness: str
    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one image: labels found and missed, hits that are true or alarms, and whether the pair's own weakness is said of it."""

    found: tuple[str, ...]
    missed: tuple[str, ...]
    true: int
    alarms: tuple[Hit, ...]


def matches(hit: Hit, label: Mapping[str, Any], *, lines: bool = True) -> bool:
    """Whether a hit says what the label says."""
    if hit.weakness and hit.weakness not in label["classes"]:
        return False
    return any(_same_place(place, label, lines=lines) for place in hit.places)


def _same_place(place: Place, label: Mapping[str, Any], *, lines: bool) -> bool:
    inner = place.path.rsplit("!", 1)[-1]
    if label["path"] and inner != label["path"] and not inner.endswith("/" + label["path"]):
        return False
    return not lines or place.line is None or label["line"] is None or abs(place.line - label["line"]) <= NEAR


def score(hits: Sequence[Hit], labels: Mapping[str, Any]) -> Score:
    """Compare what was said of one image with its labels."""
    planted, true = labels["planted"], [*labels["planted"], *labels["also_true"]]
    found = tuple(name(label) for label in planted if any(matches(hit, label) for hit in hits))
    counted = [hit for hit in hits if not hit.weakness or hit.weakness in COUNTED]
    alarms = tuple(hit for hit in counted if not any(matches(hit, label) for label in true))
    return Score(found, tuple(name(label) for label in planted if name(label) not in found), len(counted) - len(alarms), alarms)


def name(label: Mapping[str, Any]) -> str:
    """A label in a line of a report."""
    return f"{'/'.join(label['classes'])} in {label['path'] or 'the image'}"


def told_apart(vulnerable: Score, mended: Sequence[Hit], planted: Sequence[Mapping[str, Any]], also: Sequence[Mapping[str, Any]]) -> bool:
    """A pair counts if everything planted is found, and nothing of it is still said of the mended twin, on whatever line."""
    still = [hit for hit in mended if any(matches(hit, label, lines=False) for label in planted) and not any(matches(hit, label) for label in also)]
    return not vulnerable.missed and not still
