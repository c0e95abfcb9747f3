"""A device profile: what it does for a patient, and what happens when that goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.facts import Effect, Zone


class Mark(StrEnum):
    """How well a fact is founded: read in a source, read second-hand, general knowledge, our own proposal, unverified, or the user's own."""

    VERIFIED = "V"
    SECOND_HAND = "V2"
    KNOWLEDGE = "K"
    PROPOSAL = "P"
    UNVERIFIED = "U"
    USER = "user"


ASSUMPTIONS = frozenset({Mark.KNOWLEDGE, Mark.PROPOSAL, Mark.UNVERIFIED})
"""Marks that must be shown to the user as assumptions and can be overridden."""


class BarrierState(StrEnum):
    """Whether a barrier was only said to be there, or was shown by a test."""

    CLAIMED = "claimed"
    VERIFIED = "verified"


ROUTES = ("order", "control", "false-data", "crash")
"""How an effect is brought about; see :data:`asepsis.model.claim.VOCABULARY`."""


@dataclass(frozen=True, slots=True)
class HarmEntry:
    """What an ``effect`` on a ``function`` does to a patient. ``level`` 1…5 is S1 negligible … S5 death (ISO/TR 24971's five steps).

    ``sentence`` says it in words a clinician uses: "The pump gives a dose that nobody ordered".
    """

    effect: Effect
    level: int
    sentence: str
    mark: Mark = Mark.PROPOSAL
    source: str = ""

    def __post_init__(self) -> None:
        """Levels are 1…5."""
        if not 1 <= self.level <= 5:  # noqa: PLR2004
            raise ValueError(f"harm level must be 1 to 5, not {self.level}")


@dataclass(frozen=True, slots=True)
class Function:
    """A clinical function (``set-dose``, ``pace``, ``alarm``, ``image``, ``record`` …) and its harms."""

    id: str
    title: str
    harms: tuple[HarmEntry, ...]


@dataclass(frozen=True, slots=True)
class Barrier:
    """Something between an attack and the patient: it guards ``function``/``effect`` against ``routes``."""

    id: str
    title: str
    function: str
    effect: Effect
    routes: tuple[str, ...]
    state: BarrierState = BarrierState.CLAIMED
    source: str = ""

    def __post_init__(self) -> None:
        """Only known routes."""
        unknown = sorted(set(self.routes) - set(ROUTES))
        if unknown:
            raise ValueError(f"barrier {self.id}: unknown route {', '.join(unknown)}; known are {', '.join(ROUTES)}")


@dataclass(frozen=True, slots=True)
class Interface:
    """A way to the device that its kind usually has: ``zone`` it is reached from."""

    name: str
    zone: Zone
    mark: Mark = Mark.PROPOSAL


MOST_LOSS = 3.0
"""The end of the scale of clinical loss."""


@dataclass(frozen=True, slots=True)
class ClinicalLoss:
    """What a counter-measure takes from the patients of this kind of device, in the place of what the catalogue says for all kinds.

    ``loss`` is 0 (none) … 3 (high), ``note`` says what is lost. ``last_resort``: it is only taken where some harm cannot be stopped without it.
    """

    control: str
    loss: float
    note: str
    last_resort: bool = False
    mark: Mark = Mark.PROPOSAL
    source: str = ""

    def __post_init__(self) -> None:
        """Losses are 0…3, and one above 0 says what is lost."""
        if not 0 <= self.loss <= MOST_LOSS:
            raise ValueError(f"loss of {self.control} must be 0 to {MOST_LOSS:g}, not {self.loss:g}")
        if self.loss and not self.note.strip():
            raise ValueError(f"loss of {self.control} must say in its note what is lost")


@dataclass(frozen=True, slots=True)
class Device:
    """A profile. ``patients_per_unit`` above 1 makes every harm of it many-patient. ``source`` and ``date`` (ISO) say where it comes from.

    ``losses`` are those of counter-measures that cost its patients other than the catalogue says.

    ``maker``, ``model`` and ``version`` (of its software) name the very device in a bill of materials; shipped profiles leave them empty.
    """

    id: str
    title: str
    functions: tuple[Function, ...]
    barriers: tuple[Barrier, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    losses: tuple[ClinicalLoss, ...] = ()
    patients_per_unit: int = 1
    on_a_person: bool = False
    source: str = ""
    date: str = ""
    note: str = ""
    maker: str = ""
    model: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two zones of a site: whoever stands in ``from_zone`` can send to ``to_zone``."""

    from_zone: str
    to_zone: str


@dataclass(frozen=True, slots=True)
class Site:
    """The surroundings: where attackers may start, which zones lead to which, where the device is attached.

    ``wifi`` maps an SSID to the zone it opens; an SSID that is not listed opens ``wifi_default``. ``units_obtainable`` says whether an
    attacker can get hold of another unit of the same model (second-hand, stolen, bought).
    """

    name: str
    starts: tuple[str, ...]
    links: tuple[Link, ...]
    attached: tuple[str, ...]
    wifi: dict[str, str]
    wifi_default: str = Zone.DEVICE_NETWORK.value
    units_obtainable: bool = True
    source: str = ""
