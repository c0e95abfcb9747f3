"""Every control takes away exactly what it should, and not its neighbour."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from asepsis.attack_paths.ground import ground
from asepsis.knowledge.load import load
from asepsis.model.claim import VOCABULARY
from asepsis.plan.control import measures
from tests.cases.attack_paths.worlds import claims

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "plan" / "controls.toml").read_text("utf-8"))
CONTROLS = {control.id: control for control in load().controls()}
PARTIAL = {"M13", "M18", "M22", "M23", "M24", "M33"}


def test_the_catalogue_has_its_thirty_four_controls():
    assert set(CONTROLS) == {f"M{number:02}" for number in range(1, 35)}


def test_only_the_known_six_are_partial_and_only_the_others_have_a_case():
    assert {control.id for control in CONTROLS.values() if control.partial} == PARTIAL
    assert set(CASES) == set(CONTROLS) - PARTIAL


@pytest.mark.parametrize("control_id", sorted(CASES))
def test_a_control_cuts_what_it_should_and_not_its_neighbour(control_id):
    case, control = CASES[control_id], CONTROLS[control_id]
    graph = ground(claims(*case["cuts"], *case["spares"], *case.get("context", ())))
    found = measures(graph, [control])
    assert {graph.leaves[leaf] for measure in found for leaf in measure.leaves} == set(claims(*case["cuts"]))
    assert {measure.device for measure in found} == ({""} if control.scope == "site" else {"d"})


@pytest.mark.parametrize("control_id", sorted(CASES))
def test_every_pattern_of_a_control_has_a_claim_in_its_case(control_id):
    case = CASES[control_id]
    assert {cut.predicate for cut in CONTROLS[control_id].cuts} == {claim.predicate for claim in claims(*case["cuts"])}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_a_control_says_what_to_do_who_does_it_and_what_it_costs(control):
    assert control.do.endswith(".")
    assert control.actors
    assert set(control.needs) <= set(control.actors)
    assert 1 <= control.cost <= 5
    assert 0 <= control.loss <= 3
    assert bool(control.loss_note) == (control.loss > 0)
    assert set(control.fda) <= {"AN", "AZ", "CR", "IN", "CF", "EV", "RR", "UP"}
    assert control.fda
    assert control.cuts
    assert all(cut.predicate in VOCABULARY for cut in control.cuts)


def test_a_control_of_one_device_leaves_the_other_alone():
    graph = ground(claims("attached(a, device_network)", "attached(b, device_network)"))
    found = measures(graph, [CONTROLS["M14"]])
    assert [(one.device, [str(graph.leaves[leaf]) for leaf in one.leaves]) for one in found] == [
        ("a", ["attached(a, device_network)"]),
        ("b", ["attached(b, device_network)"]),
    ]
