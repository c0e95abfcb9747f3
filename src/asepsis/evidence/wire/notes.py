"""What a capture says besides its packets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_NAMES = 10_000


@dataclass(slots=True)
class Notes:
    """``names`` are those of pcapng's name blocks, by address: whoever captured looked them up, no device said so.

    ``comments`` and ``secrets`` (keys to decrypt with) are counted and never kept: people write patients' names into comments. ``dropped`` are
    packets that whoever captured could not keep up with, ``unknown_blocks`` blocks of a type that is not read.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    names_left_out: int = 0
    comments: int = 0
    secrets: int = 0
    dropped: int = 0
    unknown_blocks: int = 0

    def name(self, address: str, name: str) -> None:
        """Note a name, once, and not more than 10,000 in all."""
        known = self.names.get(address, [])
        if name in known:
            return
        if len(self.names) >= MOST_NAMES or len(known) >= MOST_NAMES // 100:
            self.names_left_out += 1
            return
        self.names.setdefault(address, []).append(name)

    def problems(self) -> Iterator[str]:
        """What of it makes the capture say less than it seems to."""
        if self.dropped:
            yield f"{self.dropped} packets are missing: whoever captured could not keep up with the traffic"
