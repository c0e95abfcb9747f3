"""The example of a declared design, from which a maker starts its own."""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).parent / "data" / "design" / "example.toml"


def example_design() -> str:
    """A commented design that can be read as it stands."""
    return EXAMPLE.read_text(encoding="utf-8")
