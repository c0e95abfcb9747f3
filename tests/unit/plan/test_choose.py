"""Choosing: the smallest plan, with its proof, on worlds thought out by hand and on random graphs against exhaustive search."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asepsis.attack_paths.ground import ground
from asepsis.knowledge.load import load
from asepsis.model.attack import AttackGraph, Harm, HarmNode, Path, PathStep, Step
from asepsis.model.claim import claim
from asepsis.model.device import ClinicalLoss
from asepsis.model.facts import Effect
from asepsis.model.plan import Actor, Control, Cut
from asepsis.plan import choose as choosing
from asepsis.plan import solve as solving
from asepsis.plan.choose import PlanError, choose
from asepsis.plan.control import measures, priced
from asepsis.plan.horn import derivable
from asepsis.plan.solve import Solution, SolveError, solve
from tests.cases.attack_paths.worlds import claims, shuffled

WARD = claims(
    "starts(hospital_network)", "starts(touch)", "leads_to(hospital_network, device_network)",
    "attached(d, device_network)", "attached(d, touch)",
    "service(d, telnet, device_network, none)", "service_gives(d, telnet, control)",
    "service(d, uart, touch, none)", "service_gives(d, uart, control)",
    "harms(d, set-dose, command, 5)", "unguarded(d, set-dose, command, control)",
)  # fmt: skip
"""Two ways to one harm: telnet over the network, a console in the hand."""


def control(control_id, *cuts, cost=1.0, loss=0.0, actors=(Actor.MAKER,), **more):
    return Control(
        id=control_id, title=f"Title {control_id}", do=f"Do {control_id}.", actors=actors, cost=cost, loss=loss, lag="days", cuts=cuts, **more
    )


CLOSE_TELNET = control("C1", Cut("service", ("this", "telnet", "*", "*")), cost=2, actors=(Actor.MAKER, Actor.HOSPITAL))
SEGMENT = control("C2", Cut("leads_to", ("hospital_network", "device_network")), cost=3, actors=(Actor.HOSPITAL,), scope="site")
CLOSE_UART = control("C3", Cut("service", ("this", "uart", "touch", "*")), cost=3)
LIMIT = control("C4", Cut("unguarded", ("this", "*", "command", "*")), cost=9)
LOCK = control("C5", Cut("attached", ("this", "touch")), cost=0.5, partial=True, actors=(Actor.HOSPITAL,))
REPLACE = control("C9", Cut("harms", ("this", "*", "*", "*")), cost=1, actors=(Actor.HOSPITAL,), last_resort=True)
ALL = (CLOSE_TELNET, SEGMENT, CLOSE_UART, LIMIT, LOCK)


def plan_of(world=WARD, controls=ALL, **wishes):
    graph = ground(world)
    return choose(graph, [harm.atom for harm in graph.harms], controls, **wishes)


def chosen(plan):
    return [(one.id, one.device) for one in plan.controls]


def test_the_cheapest_set_that_closes_both_ways_is_chosen_and_proven():
    plan = plan_of()
    assert (plan.status, chosen(plan), plan.cost, plan.loss) == ("optimal", [("C1", "d"), ("C3", "d")], 5.0, 0.0)
    assert (plan.proof.objective, plan.proof.bound, plan.proof.gap) == (5.0, 5.0, 0.0)
    assert (plan.proof.harms_before, plan.proof.rederived, plan.remains) == (1, 0, ())


def test_clinical_loss_is_weighed_against_effort():
    cheap_but_harmful = control("C0", Cut("harms", ("this", "*", "*", "*")), cost=1, loss=3)
    assert chosen(plan_of(controls=(*ALL, cheap_but_harmful))) == [("C0", "d")]
    assert chosen(plan_of(controls=(*ALL, cheap_but_harmful), loss_weight=2.0)) == [("C1", "d"), ("C3", "d")]


def test_a_forbidden_control_is_not_used():
    plan = plan_of(forbid=frozenset({"C1"}))
    assert chosen(plan) == [("C2", ""), ("C3", "d")]
    assert plan.forbidden == ("C1",)


def test_only_those_who_may_act_are_asked_and_what_they_cannot_stop_remains_with_the_reason():
    plan = plan_of(only=frozenset({Actor.HOSPITAL}))
    assert (plan.status, chosen(plan), plan.only) == ("no-plan", [("C1", "d")], ("hospital",))
    (remaining,) = plan.remains
    assert remaining.why.startswith("It stays open only to somebody who starts here: touch. ")
    assert (remaining.device, remaining.function, remaining.effect, remaining.level) == ("d", "set-dose", "command", 5)
    assert "C3 Title C3 (the maker would have to act)" in remaining.why
    assert plan.proof.rederived == 1


def test_what_cannot_be_stopped_for_everybody_is_closed_from_as_many_places_as_can_be_at_the_least_work():
    plan = plan_of(controls=(CLOSE_TELNET, SEGMENT))
    assert chosen(plan) == [("C1", "d")]
    assert plan.proof.objective == 2.0
    assert plan.proof.rederived == 1
    assert chosen(plan_of(controls=(CLOSE_TELNET, SEGMENT), forbid=frozenset({"C1"}))) == [("C2", "")]


def test_no_last_resort_is_taken_to_close_some_places_only():
    elsewhere = control("C9", Cut("leads_to", ("hospital_network", "device_network")), actors=(Actor.HOSPITAL,), last_resort=True)
    plan = plan_of(controls=(elsewhere,))
    assert (plan.status, plan.controls) == ("no-plan", ())
    assert "It stays open only" not in plan.remains[0].why


def test_a_harm_that_needs_two_places_is_said_to_stay_open_only_to_who_is_in_both():
    world = claims(
        "starts(second_hand_unit)", "starts(device_network)", "attached(d, device_network)", "unit_obtainable(d)",
        "secret(d, s1, login, cleartext)", "same_in_every_unit(d, s1)", "accepts(d, s1, ssh)",
        "service(d, ssh, device_network, password)", "service_gives(d, ssh, control)",
        "service(d, telnet, device_network, none)", "service_gives(d, telnet, control)",
        "harms(d, set-dose, command, 5)", "unguarded(d, set-dose, command, control)",
    )  # fmt: skip
    plan = plan_of(world, (CLOSE_TELNET,))
    assert chosen(plan) == [("C1", "d")]
    assert plan.remains[0].why.startswith("It stays open only to somebody who starts at several places at once. ")


def test_a_graph_too_large_to_copy_is_planned_for_everybody_at_once(monkeypatch):
    monkeypatch.setattr("asepsis.plan.starts.MOST_RULES", 3)
    assert plan_of(only=frozenset({Actor.HOSPITAL})).controls == ()


def test_a_control_that_needs_somebody_else_is_not_for_one_alone():
    both = control("C6", Cut("harms", ("this", "*", "*", "*")), actors=(Actor.MAKER, Actor.HOSPITAL), needs=(Actor.MAKER,))
    assert plan_of(controls=(both,), only=frozenset({Actor.HOSPITAL})).status == "no-plan"
    assert chosen(plan_of(controls=(both,), only=frozenset({Actor.MAKER}))) == [("C6", "d")]


def test_a_partial_control_is_named_and_never_counted():
    plan = plan_of(controls=(CLOSE_TELNET, LOCK))
    assert plan.status == "no-plan"
    assert plan.partial == ("C5 Title C5",)
    assert "No counter-measure in the catalogue stops it." in plan.remains[0].why


def test_a_harm_that_can_be_stopped_is_stopped_even_if_another_cannot():
    world = (*WARD, *claims("vulnerable(d, packet, device_network, stop)", "harms(d, deliver, stop, 4)", "unguarded(d, deliver, stop, crash)"))
    plan = plan_of(world, (LIMIT,))
    assert (plan.status, chosen(plan)) == ("optimal", [("C4", "d")])
    assert [remaining.function for remaining in plan.remains] == ["deliver"]
    assert plan.proof.rederived == len(plan.remains) == 1


def test_the_last_resort_waits_until_nothing_else_stops_a_harm():
    assert chosen(plan_of(controls=(*ALL, REPLACE))) == [("C1", "d"), ("C3", "d")]
    assert chosen(plan_of(controls=(*ALL, REPLACE), only=frozenset({Actor.HOSPITAL}))) == [("C9", "d")]


def test_the_last_resort_for_one_device_is_none_for_another():
    world = claims(
        "starts(touch)", "attached(a, touch)", "attached(b, touch)",
        "service(a, uart, touch, none)", "service_gives(a, uart, control)", "service(b, telnet, touch, none)", "service_gives(b, telnet, control)",
        "harms(a, set-dose, command, 5)", "unguarded(a, set-dose, command, control)",
        "harms(b, set-dose, command, 5)", "unguarded(b, set-dose, command, control)",
    )  # fmt: skip
    assert chosen(plan_of(world, (CLOSE_TELNET, REPLACE))) == [("C1", "b"), ("C9", "a")]


def test_a_last_resort_that_does_not_help_either_is_not_taken():
    world = (*WARD[:5], *WARD[6:], *claims("vulnerable(d, p, touch, stop)", "harms(d, deliver, stop, 4)", "unguarded(d, deliver, stop, crash)"))
    useless = control("C9", Cut("service", ("this", "uart", "touch", "*")), cost=1, last_resort=True)
    plan = plan_of(world, (CLOSE_UART, CLOSE_TELNET, useless))
    assert [one.id for one in plan.controls if one.id == "C9"] == []
    assert [remaining.function for remaining in plan.remains] == ["deliver"]


def test_what_was_left_out_names_no_last_resort_where_something_else_would_do():
    (remaining,) = plan_of(controls=(*ALL, REPLACE), only=frozenset({Actor.CLINICIAN})).remains
    assert "C9" not in remaining.why
    assert "C1 Title C1" in remaining.why


def test_a_control_that_somebody_cannot_do_alone_names_those_who_must_act():
    both = control("C6", Cut("harms", ("this", "*", "*", "*")), actors=(Actor.MAKER, Actor.HOSPITAL), needs=(Actor.MAKER,))
    (taken,) = plan_of(controls=(both,)).controls
    assert taken.actors == (Actor.MAKER,)


def test_nothing_unacceptable_needs_nothing():
    plan = choose(ground(WARD), [], ALL)
    assert (plan.status, plan.controls, plan.remains, plan.proof.harms_before) == ("none-needed", (), (), 0)


def test_without_any_control_there_is_no_plan():
    assert plan_of(controls=()).status == "no-plan"


def test_a_site_wide_control_pays_once_for_many_devices():
    world = [*claims("starts(hospital_network)", "leads_to(hospital_network, device_network)")]
    for device in ("a", "b", "c"):
        world += claims(
            f"attached({device}, device_network)", f"service({device}, telnet, device_network, none)", f"service_gives({device}, telnet, control)",
            f"harms({device}, set-dose, command, 5)", f"unguarded({device}, set-dose, command, control)",
        )  # fmt: skip
    assert chosen(plan_of(world)) == [("C2", "")]
    assert chosen(plan_of(world, forbid=frozenset({"C2"}))) == [("C1", "a"), ("C1", "b"), ("C1", "c")]


def test_of_equal_plans_the_first_by_id_is_taken_whatever_the_order():
    twins = [control(f"C{number}", Cut("harms", ("this", "*", "*", "*")), cost=2) for number in (7, 3, 5)]
    assert chosen(plan_of(controls=twins)) == [("C3", "d")]
    assert chosen(plan_of(controls=twins[::-1])) == [("C3", "d")]


def test_the_order_of_claims_and_controls_does_not_matter():
    expected = plan_of()
    assert all(plan_of(shuffled(WARD, seed), ALL[seed:] + ALL[:seed]) == expected for seed in range(5))


def test_a_chosen_control_names_the_paths_it_closes():
    def path(path_id, *texts):
        step = PathStep("move", "A sentence.", "T0886", (), claims(*texts), 3.887)
        return Path(path_id, "touch", Harm("d", "set-dose", Effect.COMMAND, 5, "The pump gives too much."), (step,), ())

    by_telnet, by_uart = path("P-1", "service(d, telnet, device_network, none)"), path("P-2", "service(d, uart, touch, none)")
    plan = plan_of(paths=(by_telnet, by_uart))
    assert [(one.id, one.cuts) for one in plan.controls] == [("C1", ("P-1",)), ("C3", ("P-2",))]
    left = plan_of(controls=(CLOSE_TELNET,), paths=(by_telnet, by_uart))
    assert left.remains[0].name == "The pump gives too much."


def test_a_wrong_answer_of_the_solver_is_refused(monkeypatch):
    monkeypatch.setattr(choosing, "solve", lambda *_: Solution((), 0.0, 0.0, optimal=True))
    with pytest.raises(PlanError):
        plan_of()


def test_asking_the_solver_for_the_impossible_is_an_error():
    graph = ground(WARD)
    with pytest.raises(SolveError):
        solve(graph, [graph.harms[0].atom], measures(graph, [CLOSE_TELNET]), [1.0], 10.0)


def test_when_time_is_up_the_plan_is_still_one_and_its_gap_is_said(monkeypatch):
    monkeypatch.setattr(solving, "_run", lambda *_: None)
    plan = plan_of()
    assert (plan.status, plan.proof.rederived, plan.remains) == ("feasible", 0, ())
    assert plan.proof.gap > 0


@st.composite
def horn_graphs(draw):
    """Random Horn graphs with cycles: 5 claims (one attached(d, zN) each), 6 derived atoms, the last one or two of them harms."""
    leaves, derived = 5, 6
    atom = st.integers(0, leaves + derived - 1)
    bodies = st.lists(atom, min_size=1, max_size=3, unique=True).map(lambda body: tuple(sorted(body)))
    steps = draw(st.lists(st.tuples(st.integers(leaves, leaves + derived - 1), bodies), min_size=3, max_size=16, unique=True))
    return AttackGraph(
        atoms=tuple(f"a{number}" for number in range(leaves + derived)),
        leaves={number: claim("attached", "d", f"z{number}") for number in range(leaves)},
        steps=tuple(Step(head, body, "m") for head, body in sorted(steps)),
        harms=tuple(HarmNode(leaves + derived - 1 - number, "d", f"f{number}", Effect.STOP, 5 - number) for number in range(2)),
    )


cut_sets = st.lists(st.tuples(st.sets(st.integers(0, 4), min_size=1, max_size=3), st.integers(1, 4)), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(horn_graphs(), cut_sets)
def test_no_smaller_plan_exists(graph, cuts):
    controls = [
        control(f"C{number}", Cut("attached", ("this", "|".join(f"z{leaf}" for leaf in sorted(leaves)))), cost=cost)
        for number, (leaves, cost) in enumerate(cuts)
    ]
    goals = [harm.atom for harm in graph.harms]
    plan = choose(graph, goals, controls)
    everything = {leaf for leaves, _ in cuts for leaf in leaves}
    before, at_best = derivable(graph), derivable(graph, without=everything)
    stopped = [goal for goal in goals if before[goal] and not at_best[goal]]
    assert len(plan.remains) == sum(bool(at_best[goal]) for goal in goals) == plan.proof.rederived
    best = min(
        (sum(cuts[number][1] for number in some), some)
        for size in range(len(cuts) + 1)
        for some in combinations(range(len(cuts)), size)
        if not any(derivable(graph, without={leaf for number in some for leaf in cuts[number][0]})[goal] for goal in stopped)
    )
    assert plan.cost == best[0]
    assert [one.id for one in plan.controls] == [f"C{number}" for number in best[1]]


@settings(max_examples=100, deadline=None)
@given(horn_graphs(), st.sets(st.integers(0, 4)))
def test_forward_chaining_gives_the_least_model(graph, gone):
    holds = derivable(graph, without=gone)
    model = {leaf for leaf in graph.leaves if leaf not in gone}
    for _ in graph.atoms:
        model |= {step.head for step in graph.steps if set(step.body) <= model}
    assert {atom for atom in range(len(graph.atoms)) if holds[atom]} == model


def test_a_control_is_priced_by_what_it_takes_from_the_patients_of_this_kind_of_device():
    catalogue = load().controls()
    own = (ClinicalLoss("M15", 3.0, "Remote monitoring ends.", last_resort=True),)
    told = {control.id: control for control in priced(catalogue, own)}
    assert (told["M15"].loss, told["M15"].loss_note, told["M15"].last_resort) == (3.0, "Remote monitoring ends.", True)
    assert [one for one in catalogue if one.id != "M15"] == [told[one.id] for one in catalogue if one.id != "M15"]
