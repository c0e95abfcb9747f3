"""How often Python looks for garbage that holds on to itself: seldom, in processes that load much and then make many small things."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 20_000
"""How many more there must be before it looks; its own 700 are reached by every larger file."""


def look_seldom() -> None:
    """What is loaded by now stays, so nothing need be looked for in it again and again."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
