"""What matching asks of the knowledge of published flaws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from asepsis.model.vulnerability import Affected, Feed, Vulnerability


class FlawStore(Protocol):
    """Published flaws by the parts that they concern; read only."""

    def affecting(self, keys: Sequence[str]) -> Iterable[Affected]:
        """Every statement under any of the keys (``cpe:a:openbsd:openssh``, ``pkg:deb/debian/openssh``), in a fixed order."""

    def vulnerability(self, vulnerability_id: str) -> Vulnerability | None:
        """The flaw itself, or None when only a statement names it."""

    def feeds(self) -> Sequence[Feed]:
        """What was imported, and when."""
