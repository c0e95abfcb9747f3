"""How much of what was said somebody holds, whoever he is: the bytes and texts in his fields, and in those of what he has.

Every decoder bounds what it keeps of one conversation; with thousands of conversations that is still more than there is. What all of them hold
is measured here and not said by them, so that one that miscounts, or a new one, is bounded as well.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from types import GetSetDescriptorType, MemberDescriptorType

from asepsis.evidence.wire.packet import Conversation

_OURS = ("asepsis.", "tests.")
_DEEPEST = 6
"""A listener, its halves, their messages, the fields of these."""
_PIECE_COSTS = 56
"""Bytes of memory for a piece beside its content."""


def held(thing: object, deepest: int = _DEEPEST) -> int:
    """About how many bytes of memory; what is held twice counts twice."""
    if isinstance(thing, (bytes, bytearray, str)):
        return len(thing) + _PIECE_COSTS
    if not deepest or isinstance(thing, (int, type, Conversation)):
        return 0
    if isinstance(thing, dict):
        return sum(held(one, deepest - 1) for one in thing.values())
    if isinstance(thing, (list, tuple, set, frozenset, deque)):
        return sum(held(one, deepest - 1) for one in thing)
    if not type(thing).__module__.startswith(_OURS):
        return 0
    kind: type = type(thing)
    inside = [getattr(thing, name, None) for name in _fields(kind)]
    return held(getattr(thing, "__dict__", {}), deepest) + held(inside, deepest)


@lru_cache(maxsize=512)
def _fields(kind: type) -> tuple[str, ...]:
    """The fields that a class keeps outside ``__dict__``."""
    kinds = (MemberDescriptorType, GetSetDescriptorType)
    return tuple(name for one in kind.__mro__ for name, what in vars(one).items() if isinstance(what, kinds) and not name.startswith("__"))
