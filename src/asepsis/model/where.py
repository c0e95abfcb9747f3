"""Where a claim comes from: nothing is claimed without one."""

from __future__ import annotations

from dataclasses import dataclass

CHAIN = "!"
"""Stands between a container and its member: ``update.zip!rootfs.squashfs!etc/shadow``."""


@dataclass(frozen=True, slots=True)
class Where:
    """One place in the evidence.

    ``evidence`` is the id of an :class:`~asepsis.model.evidence.Evidence`; ``path`` the container chain, whose first
    element is the evidence's own name unless the evidence is a directory (then it is relative to that directory).
    ``offset`` counts bytes from 0, ``line`` and ``packet`` count from 1. Text is kept as read; exporters escape it.
    """

    evidence: str
    path: str
    offset: int | None = None
    line: int | None = None
    packet: int | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"{self.path}:{self.line}"
        if self.packet is not None:
            return f"{self.path} packet {self.packet}"
        if self.offset is not None:
            return f"{self.path}@{self.offset:#x}"
        return self.path

    @property
    def member(self) -> str:
        """The innermost file's own path, without its containers: ``etc/shadow``."""
        return self.path.rsplit(CHAIN, 1)[-1]

    @property
    def sort_key(self) -> tuple[str, str, int, int, int]:
        """Orders places the same way on every machine; a missing number sorts first."""
        return (self.evidence, self.path, _first(self.offset), _first(self.line), _first(self.packet))


def _first(number: int | None) -> int:
    return -1 if number is None else number
