"""Every observer, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.wire.observer import Means, Observer

OBSERVERS: tuple[Callable[[Means], Observer], ...] = ()
"""One file each; every capture gets new ones."""
