"""Passwords that protect nothing: the ones that tools set by themselves or that everybody tries first. No I/O, bounded work.

They are generic and public: Java's ``keytool`` documents ``changeit``, and its users follow. The list is our proposal [P].
"""

from __future__ import annotations

from collections.abc import Iterator

USUAL = ("", "changeit", "password", "changeme", "secret", "123456", "12345678", "1234", "keystore", "test", "admin", "default", "pass", "key")
"""In the order in which they are tried."""
MOST_ITERATIONS = 2_000_000
"""Of key derivations, over everything that is tried in one file: about two seconds."""
LEAST_ITERATIONS = 1000
"""What a try counts at least: there is more to it than the derivation."""


class Tries:
    """The passwords that may still be tried in one file."""

    def __init__(self, iterations: int = MOST_ITERATIONS) -> None:
        """``iterations`` of a key derivation that may be spent."""
        self._left = iterations

    def at(self, iterations: int) -> Iterator[str]:
        """As many of the usual passwords as may be tried where each costs ``iterations``."""
        for password in USUAL:
            self._left -= max(iterations, LEAST_ITERATIONS)
            if self._left < 0:
                self._left += max(iterations, LEAST_ITERATIONS)
                return
            yield password


def said(password: str) -> str:
    """How a password that opened something is spoken of: never itself, generic as it is."""
    return "a password that everybody tries first" if password else "an empty password"
