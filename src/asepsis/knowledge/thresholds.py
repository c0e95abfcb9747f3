"""The thresholds of `asepsis watch`: a site's own from a TOML file, and the text to start that from."""

from __future__ import annotations

from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, read_table
from asepsis.model.thresholds import Thresholds, meanings

MOST = 1_000_000_000
_HEAD = """\
# Thresholds for `asepsis watch --thresholds FILE`: from when on traffic is told as an attack on availability, or as a silence.
# All are proposals of this project [P]. Keep what differs, and leave out the rest.
"""


def load_thresholds(path: Path) -> Thresholds:
    """What a TOML file states; what it does not state stays as shipped.

    Raises ``KnowledgeError`` in one line naming file and key: bad TOML, unknown keys, no whole number, a number outside 1…1,000,000,000.
    """
    thresholds = build(read_table(path), Thresholds, path)
    for name, _, _ in meanings():
        if not 1 <= getattr(thresholds, name) <= MOST:
            raise KnowledgeError(f"{path}: {name}: must be from 1 to {MOST}, not {getattr(thresholds, name)}")
    return thresholds


def thresholds_toml() -> str:
    """All of them with their meaning, as a text that ``load_thresholds`` reads."""
    lines = (f"{name} = {number}".ljust(28) + f"# {meaning}" for name, number, meaning in meanings())
    return _HEAD + "\n" + "\n".join(lines) + "\n"
