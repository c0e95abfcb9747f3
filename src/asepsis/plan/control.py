"""Which claims a counter-measure takes away: a control becomes measures, one for each device it is done on, or one for the site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache

from asepsis.model.attack import AttackGraph
from asepsis.model.claim import THIS, Claim
from asepsis.model.device import ClinicalLoss
from asepsis.model.plan import Control, Cut

ANY = "*"

Zones = Mapping[tuple[str, str], frozenset[str]]
"""(device, flow or service) → the zones it is in."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A control done on one ``device`` (empty: on the site), and the leaves of the graph it takes away."""

    control: Control
    device: str
    leaves: frozenset[int]

    @property
    def key(self) -> tuple[str, str]:
        """Sorts measures by control, then device."""
        return (self.control.id, self.device)


def priced(controls: Iterable[Control], losses: Iterable[ClinicalLoss]) -> tuple[Control, ...]:
    """The controls at what they take from the patients of one kind of device: its own losses in the place of the catalogue's."""
    own = {loss.control: loss for loss in losses}
    return tuple(
        replace(control, loss=own[control.id].loss, loss_note=own[control.id].note, last_resort=own[control.id].last_resort)
        if control.id in own
        else control
        for control in controls
    )


def measures(graph: AttackGraph, controls: Iterable[Control]) -> tuple[Measure, ...]:
    """Every control on every device where it takes at least one claim away, sorted by control and device."""
    by_predicate: defaultdict[str, list[tuple[int, Claim]]] = defaultdict(list)
    for index, claim in graph.leaves.items():
        by_predicate[claim.predicate].append((index, claim))
    zones = _zones(graph)
    found: list[Measure] = []
    for control in controls:
        taken: defaultdict[str, set[int]] = defaultdict(set)
        for cut in control.cuts:
            for device, index in _taken(cut, by_predicate[cut.predicate], zones):
                taken[device if control.scope == "device" else ""].add(index)
        found.extend(Measure(control, device, frozenset(leaves)) for device, leaves in taken.items())
    return tuple(sorted(found, key=lambda measure: measure.key))


def _taken(cut: Cut, leaves: Sequence[tuple[int, Claim]], zones: Zones) -> Iterator[tuple[str, int]]:
    """The leaves that a cut fits, each with the device that stands where the pattern says ``this``."""
    tests = tuple((place, _pattern(pattern)) for place, pattern in enumerate(cut.args) if pattern not in {ANY, THIS})
    own = [place for place, pattern in enumerate(cut.args) if pattern == THIS]
    for index, claim in leaves:
        args = claim.args
        if all(test(args[place]) for place, test in tests) and len({args[place] for place in own}) <= 1 and _lies_in(cut, args, zones):
            yield (args[own[0]] if own else "", index)


def _lies_in(cut: Cut, args: tuple[str, ...], zones: Zones) -> bool:
    """Whether all zones of the flow or service are among the cut's: a flow that also runs elsewhere is not protected."""
    if not cut.zones:
        return True
    known = zones.get((args[0], args[1]), frozenset())
    return bool(known) and known <= set(cut.zones)


def _zones(graph: AttackGraph) -> Zones:
    zones: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for claim in graph.leaves.values():
        if claim.predicate in {"flow", "service"}:
            zones[claim.args[0], claim.args[1]].add(claim.args[2])
    return {thing: frozenset(where) for thing, where in zones.items()}


@cache
def _pattern(pattern: str) -> Callable[[str], bool]:
    """A test for one argument; see :class:`asepsis.model.plan.Cut`."""
    wanted = not pattern.startswith("!")
    alternatives = tuple(part.casefold() for part in pattern.removeprefix("!").split("|"))

    @cache
    def test(value: str) -> bool:
        return any(fnmatchcase(value.casefold(), part) for part in alternatives) is wanted

    return test
