"""What a path shows, in the terms that all schemes ask about: where it enters, what it needs, what it gives."""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.attack import PathStep
from asepsis.model.claim import VOCABULARY, Claim
from asepsis.model.device import Site
from asepsis.model.facts import Gives, Zone
from asepsis.risk.scheme import Case

ENTRIES = frozenset({"service", "flow", "vulnerable", "out_of_date", "unprotected", "unsigned_update", "exposes_record"})
"""Claims that say from which zone a device itself is touched."""

NETWORK_ZONES = frozenset({Zone.INTERNET.value, Zone.HOSPITAL_NETWORK.value, Zone.DEVICE_NETWORK.value})
"""Zones in which one speaks over IP."""

WIDE_ZONES = frozenset({Zone.INTERNET.value, Zone.HOSPITAL_NETWORK.value})
"""Network zones that segmentation keeps apart from the devices."""

UNIT_IN_HAND = frozenset({Zone.TOUCH.value, Zone.SECOND_HAND_UNIT.value})


def argument(claim: Claim, name: str) -> str | None:
    """The argument of a claim that the vocabulary calls ``name``."""
    names = VOCABULARY[claim.predicate]
    return claim.args[names.index(name)] if name in names else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A first touch of a device: by which claim, from which ``zone``, shown by which findings."""

    predicate: str
    subject: str
    zone: str
    findings: tuple[str, ...]

    def __str__(self) -> str:
        shown = f" [{', '.join(self.findings)}]" if self.findings else ""
        return f"{self.predicate.replace('_', ' ')} {self.subject} is reached from {self.zone.replace('_', ' ')}{shown}"


@dataclass(frozen=True, slots=True)
class PathView:
    """A path as the schemes see it. ``entries`` are in the order of the path."""

    start: str
    claims: tuple[Claim, ...]
    predicates: frozenset[str]
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry | None:
        """The first touch of a device."""
        return self.entries[0] if self.entries else None

    @property
    def zones(self) -> frozenset[str]:
        """Where the attacker stands on the way: the start, every start the path needs, and the zones of entry."""
        starts = {claim.args[0] for claim in self.claims if claim.predicate == "starts"}
        return frozenset({self.start, *starts, *(entry.zone for entry in self.entries)})

    @property
    def devices(self) -> frozenset[str]:
        """Every device the path touches."""
        return frozenset(arg for claim in self.claims for name in ("device", "other") if (arg := argument(claim, name)) is not None)

    @property
    def gives_control(self) -> bool:
        """Whether the attacker ends up running software, or logged in with full rights."""
        given = {argument(claim, "gives") for claim in self.claims}
        return Gives.CONTROL.value in given or not self.predicates.isdisjoint({"out_of_date", "unprotected", "unsigned_update"})

    @property
    def secret_is_public(self) -> bool:
        """Whether the secrets it uses are in every unit, so that having one counts as knowing it (clinical rule 2)."""
        shared = {claim.args[1] for claim in self.claims if claim.predicate == "same_in_every_unit"}
        used = {claim.args[1] for claim in self.claims if claim.predicate == "secret"}
        return bool(used) and used <= shared

    @property
    def needs_a_unit_in_hand(self) -> bool:
        """Whether the first act is on a unit one holds: reading a secret that is not public, or a way in that needs touch."""
        takes_secret = self.start in UNIT_IN_HAND and "secret" in self.predicates and not self.secret_is_public
        return takes_secret or (self.entry is not None and self.entry.zone in UNIT_IN_HAND)


def view(case: Case) -> PathView:
    """Gather what the steps of a path rest on."""
    steps = case.path.steps
    claims = tuple(dict.fromkeys(claim for step in steps for claim in step.claims))
    entries = tuple(dict.fromkeys(entry for step in steps for entry in _entries(step)))
    return PathView(case.path.start, claims, frozenset(claim.predicate for claim in claims), entries)


def _entries(step: PathStep) -> list[Entry]:
    return [
        Entry(claim.predicate, claim.args[1], argument(claim, "zone") or "", tuple(sorted(step.findings)))
        for claim in step.claims
        if claim.predicate in ENTRIES
    ]


def automatable(path: PathView, presence: frozenset[str]) -> tuple[str, str]:
    """SSVC's Automatable, yes or no, and why: no as soon as somebody has to be present at each unit."""
    near = sorted(path.zones & presence)
    if near:
        return "no", f"somebody has to be within {' and '.join(near).replace('_', ' ')}"
    return "yes", "every hop can be done from a network, against one unit after the other"


def is_segmented(path: PathView, site: Site) -> bool:
    """Whether the site keeps the entry's network apart: no link leads there from a wide network in which attackers may start."""
    entry = path.entry
    if entry is None or entry.zone not in NETWORK_ZONES or path.zones & WIDE_ZONES:
        return False
    return entry.zone not in _reached(site)


def _reached(site: Site) -> set[str]:
    reached = set(site.starts) & WIDE_ZONES
    while more := {link.to_zone for link in site.links if link.from_zone in reached} - reached:
        reached |= more
    return reached
