"""What the user gave, how much of it could be looked at, and what went wrong while looking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.where import Where


class EvidenceKind(StrEnum):
    """The kinds of evidence; a kind without a reader yet is refused with a clear line, never ignored."""

    FIRMWARE = "firmware"
    DIR = "dir"
    PCAP = "pcap"
    NETLOG = "netlog"
    BTSNOOP = "btsnoop"
    SBOM = "sbom"
    VEX = "vex"
    MDS2 = "mds2"
    DESIGN = "design"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One artefact. ``id`` is ``e1``, ``e2`` … in the order given; ``sha256`` of a directory covers names and bytes."""

    id: str
    kind: EvidenceKind
    name: str
    sha256: str
    bytes: int


def evidence_names(evidence: Iterable[Evidence]) -> dict[str, str]:
    """What reports call each piece, by its id: its name, with the id where two have the same name."""
    pieces = tuple(evidence)
    names = Counter(piece.name for piece in pieces)
    return {piece.id: piece.name if names[piece.name] == 1 else f"{piece.name} ({piece.id})" for piece in pieces}


class Cause(StrEnum):
    """Whose fault a problem is: the input's, a limit's, the permissions', the machine's, the network's or ours."""

    BROKEN_INPUT = "broken-input"
    LIMIT_REACHED = "limit-reached"
    NOT_PERMITTED = "not-permitted"
    MISSING_TOOL = "missing-tool"
    UNREACHABLE = "unreachable"
    OUR_BUG = "our-bug"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something could not be looked at. ``what`` happened; ``consequence`` is what the reader of a report now lacks.

    ``hides`` are the kinds of fact (class names) that may be missing because of it, and no others; empty if it may have hidden any.
    """

    cause: Cause
    where: Where | None
    what: str
    consequence: str
    hides: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[str, tuple[str, str, int, int, int], str, str, tuple[str, ...]]:
        """A stable order: by cause, then place, then text."""
        place = self.where.sort_key if self.where else ("", "", -1, -1, -1)
        return (self.cause.value, place, self.what, self.consequence, self.hides)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Packets of which nobody understood what they say: for one ``reason`` (``tcp port 6001``) how many, with how many bytes."""

    reason: str
    packets: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much could be looked at.

    ``bytes_total`` are the bytes of all evidence as given; ``bytes_understood`` those that lie in a recognised
    container or file format; ``bytes_read`` the bytes of all files that came out of them. ``programs`` counts
    executables, ``programs_identified`` those whose name and version were recognised. ``unopened`` names the containers and
    blobs that stayed shut; ``kinds_not_given`` the kinds of evidence that were not offered at all. ``packets`` counts those of all captures,
    ``packets_understood`` those of a protocol that this version knows; ``packets_left_out`` says what the others are, most bytes first.
    """

    bytes_total: int = 0
    bytes_understood: int = 0
    bytes_read: int = 0
    files: int = 0
    programs: int = 0
    programs_identified: int = 0
    unopened: tuple[str, ...] = ()
    kinds_not_given: tuple[EvidenceKind, ...] = ()
    packets: int = 0
    packets_understood: int = 0
    packets_left_out: tuple[LeftOut, ...] = ()

    @property
    def complete(self) -> bool:
        """True only if every byte given was understood."""
        return self.bytes_understood >= self.bytes_total and not self.unopened
