"""Connect: from findings, device and site to the attack graph and the few paths through it that a person should read."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from asepsis.attack_paths.claims import NETWORK_SECRETS, consequent_claims, profile_claims, site_claims
from asepsis.attack_paths.ground import ground
from asepsis.attack_paths.many import Shared, many_because, shared_in
from asepsis.attack_paths.move import NO_OBSTACLE, Move, moves
from asepsis.attack_paths.proofs import Proof, best_proofs, in_order
from asepsis.attack_paths.words import Words, roles_of, words_for
from asepsis.model.attack import PATHS_PER_HARM, AttackGraph, Harm, HarmNode, Path, PathStep, Step
from asepsis.model.claim import Claim
from asepsis.model.device import BarrierState, Device, Site
from asepsis.model.facts import Zone
from asepsis.model.finding import Finding

HARDEST_START = (
    Zone.TOUCH,
    Zone.SUPPLY_CHAIN,
    Zone.SECOND_HAND_UNIT,
    Zone.INDUCTIVE_RANGE,
    Zone.BLUETOOTH_RANGE,
    Zone.RADIO_RANGE,
    Zone.WIFI_RANGE,
    Zone.DEVICE_NETWORK,
    Zone.HOSPITAL_NETWORK,
    Zone.INTERNET,
)
"""A path that needs two starting places is named after the one that is harder to get to."""

SILENT, START, FREE_HOP = 0.0, 0.5, 1.0
"""What a step costs whatever it does: a silent one is no hop, and a further place to be in costs more than it."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The attack graph, its paths (worst harm first, then most feasible), and which findings state which claim."""

    graph: AttackGraph
    paths: tuple[Path, ...]
    evidence: Mapping[Claim, tuple[str, ...]]


def connect(findings: Sequence[Finding], device: Device, site: Site, *, paths_per_harm: int = PATHS_PER_HARM) -> Connected:
    """Everything an attacker could do with what was found, and the shortest distinct paths to each harm.

    Findings in any order give the same result. Nothing is added that neither a finding nor profile nor site states.
    """
    evidence = _evidence(findings, device, site)
    stated = set(evidence)
    graph = ground({*stated, *profile_claims(device), *site_claims(site, device), *consequent_claims(stated, site, device)})
    teller = _teller(graph, findings, evidence, device)
    proofs = best_proofs(graph, [harm.atom for harm in graph.harms], teller.weights())
    paths = [path for harm in graph.harms for path in _chosen([teller.path(harm, proof) for proof in proofs[harm.atom]], paths_per_harm)]
    return Connected(graph, tuple(paths), evidence)


def ways_left(
    connected: Connected, findings: Sequence[Finding], device: Device, goals: Collection[int], without: Collection[int]
) -> tuple[Path, ...]:
    """The most feasible path to each of ``goals`` (atoms of harms) that stays when the leaves ``without`` are gone, worst harm first.

    Told or not among the paths of ``connected``: this is what a plan without one of its controls would leave open.
    """
    gone = frozenset(without)
    graph = replace(connected.graph, steps=tuple(step for step in connected.graph.steps if gone.isdisjoint(step.body)))
    teller = _teller(graph, findings, connected.evidence, device)
    proofs = best_proofs(graph, goals, teller.weights())
    return tuple(teller.path(harm, proofs[harm.atom][0]) for harm in graph.harms if harm.atom in proofs)


def with_paths(connected: Connected, more: Iterable[Path]) -> Connected:
    """The same graph with ``more`` paths told, each after those to its harm."""
    harms = {(harm.device, harm.function, harm.effect): place for place, harm in enumerate(connected.graph.harms)}
    paths = {path.id: path for path in [*connected.paths, *more]}
    ordered = sorted(paths.values(), key=lambda path: harms[path.harm.device, path.harm.function, path.harm.effect])
    return replace(connected, paths=tuple(ordered))


def _teller(graph: AttackGraph, findings: Sequence[Finding], evidence: Mapping[Claim, tuple[str, ...]], device: Device) -> _Teller:
    words = words_for(device, sorted(findings, key=lambda finding: finding.id))
    return _Teller(graph, words, evidence, device, shared_in(graph))


def _evidence(findings: Iterable[Finding], device: Device, site: Site) -> dict[Claim, tuple[str, ...]]:
    """Claim about this device → ids of the findings that state it."""
    found: defaultdict[Claim, set[str]] = defaultdict(set)
    for finding in findings:
        for claim in finding.claims:
            found[_placed(claim, finding, site).about(device.id)].add(finding.id)
    return {claim: tuple(sorted(ids)) for claim, ids in sorted(found.items())}


def _placed(claim: Claim, finding: Finding, site: Site) -> Claim:
    """A Wi-Fi secret opens the zone that the site says its network (the finding's subject) leads into."""
    if claim.predicate != "opens_network":
        return claim
    secret = claim.args[0]
    if not any(other.predicate == "secret" and other.args[1] == secret and other.args[2] in NETWORK_SECRETS for other in finding.claims):
        return claim
    return Claim("opens_network", (secret, site.wifi.get(finding.subject, site.wifi_default)))


def _chosen(paths: Sequence[Path], limit: int) -> list[Path]:
    """The ``limit`` paths that tell a reader most: new ways first, then the same way by other findings, then from another start.

    If several patients can be struck at once, one such path is among them, even if others are easier.
    """
    distinct = _first_by(paths, lambda path: (path.start, path.findings, tuple(step.move for step in path.steps)))
    distinct = [path for path in distinct if not any(_goes_further_than(path, other) for other in distinct)]
    ways = _first_by(distinct, lambda path: tuple(step.move for step in path.steps if step.findings))
    weaknesses = _first_by(distinct, lambda path: path.findings)
    many = [path for path in distinct if path.harm.many_patients][:1]
    ordered = list(dict.fromkeys(path.id for path in [*ways[:1], *many, *ways, *weaknesses, *distinct]))
    wanted = set(ordered[:limit])
    return [path for path in distinct if path.id in wanted]


def _goes_further_than(path: Path, other: Path) -> bool:
    """Whether ``path`` asks the attacker to be in more places than ``other`` does, for nothing: by the same findings, no easier, no more patients."""
    more_places = _starts(other) < _starts(path) and set(other.findings) <= set(path.findings)
    return more_places and _ease(other) >= _ease(path) and other.harm.many_patients >= path.harm.many_patients


def _starts(path: Path) -> set[str]:
    return {claim.args[0] for step in path.steps for claim in step.claims if claim.predicate == "starts"}


def _ease(path: Path) -> float:
    """The exploitability of the hardest hop."""
    return min(NO_OBSTACLE if _is_shared(step.claims) else step.exploitability for step in path.steps)


def _is_shared(claims: Iterable[Claim]) -> bool:
    """Whether a step learns what is in every unit: that is no obstacle (rubric rule 2)."""
    return any(claim.predicate == "same_in_every_unit" for claim in claims)


def _first_by(paths: Iterable[Path], key: Callable[[Path], object]) -> list[Path]:
    """The first path of each key, in order."""
    first: dict[object, Path] = {}
    for path in paths:
        first.setdefault(key(path), path)
    return list(first.values())


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells proofs as paths."""

    graph: AttackGraph
    words: Words
    evidence: Mapping[Claim, tuple[str, ...]]
    device: Device
    shared: Shared

    def weights(self) -> list[int]:
        """The cost of each ground step, so that the path whose hardest hop is easiest comes first, as rating sees it; then the shorter.

        One hop of a class costs more than all steps of easier classes together.
        """
        known = {move.id: move for move in moves()}
        difficulties = [self._difficulty(known[step.move], step) for step in self.graph.steps]
        rank = {difficulty: place for place, difficulty in enumerate(sorted(set(difficulties)))}
        return [(len(difficulties) + 1) ** rank[difficulty] for difficulty in difficulties]

    def _difficulty(self, move: Move, step: Step) -> float:
        """What it is, and by how much it is less exploitable than a free hop."""
        claims = [self.graph.leaves[atom] for atom in step.body if atom in self.graph.leaves]
        if move.silent:
            return START if any(claim.predicate == "starts" for claim in claims) else SILENT
        shared = _is_shared(claims)
        hop = NO_OBSTACLE if shared else move.exploitability(roles_of(step, self.graph).get("stand", ""))
        return FREE_HOP + NO_OBSTACLE - hop

    def path(self, node: HarmNode, proof: Proof) -> Path:
        """The proof in words."""
        by_head = {self.graph.steps[index].head: self.graph.steps[index] for index in proof.steps}
        ordered = [self.graph.steps[index] for index in in_order(self.graph, proof, node.atom)]
        known = {move.id: move for move in moves()}
        steps = tuple(self._told(known[step.move], step, by_head) for step in ordered if not known[step.move].silent)
        claims = {claim for step in steps for claim in step.claims}
        findings = tuple(sorted({finding for step in steps for finding in step.findings}))
        start = _start(claims)
        many = many_because(self.graph, ordered, self.shared, self.words)
        return Path(
            id=_path_id(node, start, steps, findings),
            start=start,
            harm=Harm(node.device, node.function, node.effect, node.level, self.words.harm(node.device, node.function, node.effect), bool(many)),
            steps=steps,
            findings=findings,
            barriers_claimed=self._barriers(claims),
            many_because=many,
        )

    def _told(self, move: Move, step: Step, by_head: Mapping[int, Step]) -> PathStep:
        roles = roles_of(step, self.graph)
        together = self._with_silent(step, by_head)
        claims = sorted({self.graph.leaves[atom] for one in together for atom in one.body if atom in self.graph.leaves})
        known = {other.id: other for other in moves()}
        return PathStep(
            move=move.id,
            sentence=self.words.sentence(move, roles),
            technique=move.technique,
            findings=tuple(sorted({finding for claim in claims for finding in self.evidence.get(claim, ())})),
            claims=tuple(claims),
            exploitability=move.exploitability(roles.get("stand", "")),
            assumes=tuple(sorted({text for one in together for text in known[one.move].assumes})),
        )

    def _with_silent(self, step: Step, by_head: Mapping[int, Step]) -> list[Step]:
        """The step and the silent ones below it, whose claims count to it."""
        silent = {move.id for move in moves() if move.silent}
        together = [step]
        for one in together:  # grows while it is read
            below = (by_head[atom] for atom in one.body if atom in by_head)
            together.extend(other for other in below if other.move in silent and other not in together)
        return together

    def _barriers(self, claims: Iterable[Claim]) -> tuple[str, ...]:
        """Barriers on the way that somebody claims and nobody verified."""
        ways = {claim.args for claim in claims if claim.predicate == "unguarded"}
        return tuple(
            sorted(
                barrier.title
                for barrier in self.device.barriers
                if barrier.state is BarrierState.CLAIMED
                and any((self.device.id, barrier.function, barrier.effect.value, route) in ways for route in barrier.routes)
            )
        )


def _start(claims: Iterable[Claim]) -> str:
    starts = {claim.args[0] for claim in claims if claim.predicate == "starts"}
    return next((zone.value for zone in HARDEST_START if zone.value in starts), min(starts, default=""))


def _path_id(node: HarmNode, start: str, steps: Iterable[PathStep], findings: Iterable[str]) -> str:
    parts = (node.device, node.function, node.effect.value, str(node.level), start, *(step.move for step in steps), "", *findings)
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return f"P-{digest[:12]}"
