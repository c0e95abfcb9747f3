"""What a child says about one file that it looked into: the pieces found, the bytes between them, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asepsis.guard import trouble
from asepsis.guard.trouble import Trouble

PADDING = "padding"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Piece:
    """A container inside a file, from ``start`` to ``end`` in bytes, known by the ``handler`` that opens it."""

    handler: str
    start: int
    end: int
    troubles: tuple[Trouble, ...] = ()

    @property
    def size(self) -> int:
        """In bytes."""
        return self.end - self.start

    @property
    def shut(self) -> bool:
        """Nothing came out of it."""
        return any(trouble.shut for trouble in self.troubles)


@dataclass(frozen=True, slots=True)
class Opened:
    """One file: ``path`` relative to the extraction directory, empty for the evidence itself.

    ``carved`` says that its pieces were cut out into files of their own. ``deep`` names the container that lies beyond ``unpack_depth``.
    """

    path: str
    size: int
    pieces: tuple[Piece, ...] = ()
    unknown: tuple[tuple[int, int], ...] = ()
    carved: bool = False
    deep: str = ""
    troubles: tuple[Trouble, ...] = ()

    @property
    def understood_bytes(self) -> int:
        """Bytes in pieces that opened and in padding."""
        return sum(piece.size for piece in self.pieces if not piece.shut)

    @property
    def mostly_container(self) -> bool:
        """At least half of it is pieces: what is left are gaps. Otherwise it is a file in which something was found."""
        return 2 * sum(piece.size for piece in self.pieces) >= self.size


def to_message(opened: Opened) -> dict[str, Any]:
    """For JSON."""
    return {
        "path": opened.path,
        "size": opened.size,
        "pieces": [[piece.handler, piece.start, piece.end, trouble.pack(piece.troubles)] for piece in opened.pieces],
        "unknown": [list(gap) for gap in opened.unknown],
        "carved": opened.carved,
        "deep": opened.deep,
        "troubles": trouble.pack(opened.troubles),
    }


def from_message(message: dict[str, Any]) -> Opened:
    """From JSON. Raises ``KeyError``, ``TypeError`` or ``ValueError`` if a child under attack says nonsense."""
    return Opened(
        path=str(message["path"]),
        size=int(message["size"]),
        pieces=tuple(Piece(str(handler), int(start), int(end), trouble.unpack(packed)) for handler, start, end, packed in message["pieces"]),
        unknown=tuple((int(start), int(end)) for start, end in message["unknown"]),
        carved=bool(message["carved"]),
        deep=str(message["deep"]),
        troubles=trouble.unpack(message["troubles"]),
    )
