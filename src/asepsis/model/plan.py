"""Counter-measures, and the least set of them that stops every unacceptable harm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.device import Mark


class Actor(StrEnum):
    """Who can act."""

    MAKER = "maker"
    HOSPITAL = "hospital"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Cut:
    """A pattern over claims that a control takes away.

    ``args`` has one entry per argument: ``*`` any, ``this`` the device, ``a|b`` alternatives, ``!a|b`` anything but;
    inside an alternative ``*`` stands for any text (``CVE-*``), and case does not matter.

    ``zones`` narrows a claim about a flow or service (its second argument) to one that is in these zones only.
    """

    predicate: str
    args: tuple[str, ...]
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A counter-measure. ``cost`` 1…5 relative effort, ``loss`` clinical benefit lost 0…3, ``partial`` it only raises effort and is never a cut.

    ``scope`` is ``device`` (once for each device) or ``site`` (once for all). ``fda`` are the FDA 2026 control categories, ``iec62443`` IEC 62443-4-2
    requirements, ``mds2`` question ids of the maker's form. ``actors`` can each do it alone, but for those in ``needs``, without whom it
    cannot be done. ``last_resort`` is only taken when some harm cannot be stopped without it.
    """

    id: str
    title: str
    do: str
    actors: tuple[Actor, ...]
    cost: float
    loss: float
    lag: str
    cuts: tuple[Cut, ...]
    partial: bool = False
    scope: str = "device"
    fda: tuple[str, ...] = ()
    iec62443: tuple[str, ...] = ()
    mds2: tuple[str, ...] = ()
    attack_mitigations: tuple[str, ...] = ()
    loss_note: str = ""
    mark: Mark = Mark.PROPOSAL
    source: str = ""
    needs: tuple[Actor, ...] = ()
    last_resort: bool = False


@dataclass(frozen=True, slots=True)
class ChosenControl:
    """A control that the plan takes: on which ``device`` (empty for the site), by whom, and the ids of the paths it cuts."""

    id: str
    device: str
    title: str
    do: str
    actors: tuple[Actor, ...]
    cost: float
    loss: float
    lag: str
    cuts: tuple[str, ...]
    loss_note: str = ""


@dataclass(frozen=True, slots=True)
class Remaining:
    """A harm that stays derivable after the plan, and why no allowed control stops it."""

    device: str
    function: str
    effect: str
    level: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How the plan is known to be right.

    ``objective`` is cost + clinical loss of the plan, ``bound`` the proven lower bound, ``gap`` their relative distance (0 = smallest possible);
    ``rederived`` is the number of unacceptable harms derivable again after the controls are applied to the graph.
    """

    method: str
    objective: float
    bound: float
    gap: float
    harms_before: int
    rederived: int
    rules: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The choice. ``status`` is ``optimal``, ``feasible`` (with a gap), ``none-needed`` or ``no-plan``; what ``remains`` is always said.

    ``partial`` are controls that would raise the effort further without closing a path. ``forbidden`` and ``only`` repeat the user's wishes.
    """

    status: str
    controls: tuple[ChosenControl, ...]
    cost: float
    loss: float
    remains: tuple[Remaining, ...]
    proof: Proof
    partial: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
