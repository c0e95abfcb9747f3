"""Fields of a message that may be too short for them."""

from __future__ import annotations


class Short(Exception):
    """A message ends before the field that was asked for."""


def number_at(data: bytes, place: int, size: int = 2) -> int:
    """A number of ``size`` bytes, least first. Raises ``Short``."""
    return int.from_bytes(cut(data, place, size), "little")


def six(data: bytes, place: int) -> bytes:
    """An address as it was sent. Raises ``Short``."""
    return cut(data, place, 6)


def cut(data: bytes, place: int, size: int) -> bytes:
    """``size`` bytes from ``place`` on. Raises ``Short``."""
    if place + size > len(data):
        raise Short
    return data[place : place + size]
