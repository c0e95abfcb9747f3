"""The inventory of a device's software: what a bill of materials lists, with the support of each item."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.fact import Confidence
from asepsis.model.where import Where


class ItemKind(StrEnum):
    """What an item is: a part with a name and a version, an operating system, or a program that nobody recognised as one of these."""

    PART = "part"
    SYSTEM = "operating-system"
    PROGRAM = "program"


class SupportLevel(StrEnum):
    """The level of support, in the words of the FDA's premarket guidance of 2026 (V.A.4).

    "Abandoned" is said of what the table of software without a maintainer names, and never concluded: that a maker left its software without saying
    so shows in no file.
    """

    MAINTAINED = "maintained"
    NO_LONGER = "no longer maintained"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A file that is the item itself, and its digest."""

    where: Where
    sha256: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the inventory.

    ``id`` is a hash of what names it: the same in every report of the same software. ``methods`` say how it was identified, ``where`` everywhere
    it was seen; a ``PROGRAM`` has no version, and its ``name`` is that of its file. ``declared`` are the ids of items that its package says it
    needs, ``linked`` of those that its file is linked with or holds, ``unmet`` the names of what it needs and is not told apart or not in
    this inventory; ``dependencies_known`` is False where nothing said what it needs. ``end_of_support`` is an ISO date (of what is
    abandoned, the last day on which somebody was seen to maintain it), or empty; ``support_source``
    says who says so, or why nothing is known.
    """

    id: str
    kind: ItemKind
    name: str
    version: str = ""
    supplier: str = ""
    purl: str = ""
    cpe: str = ""
    licence: str = ""
    architecture: str = ""
    files: tuple[ItemFile, ...] = ()
    methods: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY
    where: tuple[Where, ...] = ()
    declared: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    dependencies_known: bool = False
    support: SupportLevel = SupportLevel.UNKNOWN
    end_of_support: str = ""
    support_source: str = ""

    @property
    def sha256(self) -> tuple[str, ...]:
        """The digests of its files, each once."""
        return tuple(sorted({file.sha256 for file in self.files}))

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".strip()
