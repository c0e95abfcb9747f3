"""Whether a path hurts many patients, and why (domain facts 4.7, rule 11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asepsis.attack_paths.words import Words, quoted, roles_of
from asepsis.model.attack import AttackGraph, Step
from asepsis.model.facts import Zone

ONE_AT_A_TIME = frozenset({Zone.TOUCH.value, Zone.INDUCTIVE_RANGE.value})
"""Places where a secret has to be used on each unit by hand: that the secret is shared does not make it many patients at once."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What several devices or patients have in common, read once from the graph."""

    serving: frozenset[str]
    same_everywhere: frozenset[str]
    holders: dict[str, frozenset[str]]
    commanded: dict[str, frozenset[str]]
    reaching: frozenset[tuple[str, str]]


def shared_in(graph: AttackGraph) -> Shared:
    """Collect what is shared from the claims of ``graph``."""
    serving, everywhere, reaching = set(), set(), set()
    holders: defaultdict[str, set[str]] = defaultdict(set)
    commanded: defaultdict[str, set[str]] = defaultdict(set)
    for claim in graph.leaves.values():
        match claim.predicate, claim.args:
            case "serves_many", (device,):
                serving.add(device)
            case "same_in_every_unit", (_, secret):
                everywhere.add(secret)
            case "secret" | "accepts" | "identifies", (device, secret, *_):
                holders[secret].add(device)
            case "commands", (gateway, device):
                commanded[gateway].add(device)
            case "reaches_many", (device, thing):
                reaching.add((device, thing))
    return Shared(frozenset(serving), frozenset(everywhere), _frozen(holders), _frozen(commanded), frozenset(reaching))


def many_because(graph: AttackGraph, steps: Sequence[Step], shared: Shared, words: Words) -> tuple[str, ...]:
    """The reasons why the path made of ``steps`` hurts many patients, sorted; none if it does not."""
    return tuple(sorted({*_devices(graph, steps, shared, words), *_secrets(graph, steps, shared, words), *_things(graph, steps, shared)}))


def _devices(graph: AttackGraph, steps: Iterable[Step], shared: Shared, words: Words) -> Iterator[str]:
    used = {roles[name] for roles in (roles_of(step, graph) for step in steps) for name in ("device", "through") if name in roles}
    for device in used & shared.serving:
        yield f"One unit of {words.devices.get(device, quoted(device))} serves several patients."
    for gateway in {roles_of(step, graph).get("through", "") for step in steps} & set(shared.commanded):
        if len(shared.commanded[gateway]) > 1:
            yield f"{quoted(gateway)} commands {len(shared.commanded[gateway])} devices."


def _secrets(graph: AttackGraph, steps: Iterable[Step], shared: Shared, words: Words) -> Iterator[str]:
    """A shared secret counts where it is used from afar."""
    for step in steps:
        roles = roles_of(step, graph)
        secret = roles.get("secret", "")
        if graph.derived[step.head][0] == "has" or not secret or roles.get("stand") in ONE_AT_A_TIME:
            continue
        name = words.secrets.get(secret, "a password")
        if secret in shared.same_everywhere:
            yield f"{name[:1].upper()}{name[1:]} is the same in every unit: what works on one works on all."
        if len(shared.holders.get(secret, ())) > 1:
            yield f"{len(shared.holders[secret])} devices share {name}."


def _things(graph: AttackGraph, steps: Iterable[Step], shared: Shared) -> Iterator[str]:
    for step in steps:
        for claim in (graph.leaves[atom] for atom in step.body if atom in graph.leaves):
            for thing in claim.args[1:]:
                if (claim.args[0], thing) in shared.reaching:
                    yield f"One use of {quoted(thing)} reaches many units."


def _frozen(sets: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(members) for name, members in sets.items()}
