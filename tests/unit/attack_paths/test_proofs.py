"""The cheapest proofs of an AND/OR graph, on graphs small enough to see."""

from __future__ import annotations

from asepsis.attack_paths.ground import ground
from asepsis.attack_paths.proofs import ALIKE, KEEP, best_proofs, in_order
from asepsis.model.attack import AttackGraph, Step
from asepsis.model.claim import claim
from tests.cases.attack_paths.worlds import claims, shuffled


def graph(leaves, steps, atoms=10):
    """Atoms 0…leaves-1 are claims; steps are (head, body, move)."""
    return AttackGraph(
        atoms=tuple(f"a{number}" for number in range(atoms)),
        leaves={number: claim("starts", f"z{number}") for number in range(leaves)},
        steps=tuple(Step(head, body, move) for head, body, move in steps),
        harms=(),
    )


def test_the_cheaper_of_two_ways_comes_first():
    proofs = best_proofs(graph(2, [(5, (0,), "dear"), (5, (1,), "cheap")]), [5], [7, 3])
    assert [(proof.cost, proof.steps) for proof in proofs[5]] == [(3, (1,)), (7, (0,))]


def test_a_step_that_two_branches_share_is_paid_once():
    shared = graph(1, [(5, (0,), "m"), (6, (5,), "m"), (7, (5,), "m"), (8, (6, 7), "m")])
    (proof,) = best_proofs(shared, [8], [10, 1, 1, 1])[8]
    assert proof.cost == 13


def test_a_detour_that_comes_back_is_no_second_proof():
    cycle = graph(1, [(5, (0,), "in"), (6, (5,), "on"), (5, (6,), "back"), (7, (6,), "goal")])
    assert [proof.steps for proof in best_proofs(cycle, [7], [1, 1, 1, 1])[7]] == [(0, 1, 3)]


def test_a_cycle_without_a_way_in_proves_nothing():
    assert best_proofs(graph(1, [(5, (6,), "m"), (6, (5,), "m")]), [5], [1, 1]) == {}


def test_a_proof_that_needs_more_than_a_cheaper_one_is_dropped():
    more = graph(2, [(5, (0,), "m"), (5, (0, 1), "m")])
    assert len(best_proofs(more, [5], [1, 2])[5]) == 1


def test_no_atom_is_proved_twice_in_one_proof():
    two_ways = graph(2, [(5, (0,), "a"), (5, (1,), "b"), (6, (5,), "m"), (7, (5,), "m"), (8, (6, 7), "m")])
    for proof in best_proofs(two_ways, [8], [1] * 5)[8]:
        heads = [two_ways.steps[step].head for step in proof.steps]
        assert len(heads) == len(set(heads))


def test_ways_that_only_swap_one_thing_do_not_fill_the_list():
    swaps = graph(40, [(50, (leaf,), "same") for leaf in range(39)] + [(50, (39,), "other")], atoms=51)
    proofs = best_proofs(swaps, [50], [1] * 39 + [2])[50]
    assert len(proofs) == ALIKE + 1 <= KEEP
    assert proofs[-1].steps == (39,)


def test_steps_are_told_after_what_they_rest_on():
    chain = graph(1, [(7, (6,), "c"), (5, (0,), "a"), (6, (5,), "b")])
    (proof,) = best_proofs(chain, [7], [1, 1, 1])[7]
    assert in_order(chain, proof, 7) == (1, 2, 0)


def test_the_graph_does_not_depend_on_the_order_of_claims():
    world = claims(
        "starts(touch)", "attached(d, touch)", "attached(d, device_network)", "secret(d, s1, wifi, cleartext)",
        "opens_network(s1, device_network)", "service(d, telnet, device_network, none)", "service_gives(d, telnet, control)",
        "harms(d, set-dose, command, 5)", "unguarded(d, set-dose, command, control)",
    )  # fmt: skip
    expected = ground(world)
    assert len(expected.harms) == 1
    assert all(ground(shuffled(world, seed)) == expected for seed in range(5))


def test_a_thousand_secrets_are_told_in_bounded_work():
    world = [*claims("starts(touch)", "attached(d, touch)", "attached(d, device_network)", "starts(device_network)")]
    for number in range(1000):
        world += claims(f"secret(d, s{number}, login, cleartext)", f"accepts(d, s{number}, ssh)")
    world += claims("service(d, ssh, device_network, password)", "service_gives(d, ssh, control)")
    world += claims("harms(d, set-dose, command, 5)", "unguarded(d, set-dose, command, control)")
    many = ground(world)
    (harm,) = many.harms
    assert len(best_proofs(many, [harm.atom], [1] * len(many.steps))[harm.atom]) == ALIKE


def test_the_cheapest_proof_is_found_however_little_may_be_tried(monkeypatch):
    monkeypatch.setattr("asepsis.attack_paths.proofs.MOST_TRIALS", 0)
    two_ways = graph(2, [(5, (0,), "dear"), (6, (1,), "cheap"), (5, (6,), "cheap")])
    assert [(proof.cost, proof.steps) for proof in best_proofs(two_ways, [5], [100, 1, 1])[5]] == [(2, (1, 2))]
