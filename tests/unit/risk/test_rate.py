"""Ranking, feasibility and overrides."""

import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asepsis.knowledge.risk_data import FEASIBILITY, feasibility_scale, load_matrix
from asepsis.model.rating import Answer
from asepsis.risk.feasibility import feasibility_of
from asepsis.risk.rate import rate, rating_assumptions
from tests.cases.risk.loader import case_of


def path_of(name, level=5, hops=(3.887,), *, many=False, claimed=(), effect="command"):
    """A path with one hop for each exploitability."""
    raw = {
        "device": "infusion-pump",
        "start": "device_network",
        "barriers_claimed": list(claimed),
        "harm": {"effect": effect, "level": level, "name": "Harm.", "many_patients": many},
        "step": [{"move": f"m{n}", "sentence": f"Hop {n}.", "exploitability": value} for n, value in enumerate(hops)],
    }
    return case_of(raw, name).path


BASE = case_of({"device": "infusion-pump", "start": "touch", "harm": {"effect": "stop", "level": 1, "name": "h"}})


def rated(*paths, **more):
    return rate(paths, (), BASE.device, BASE.site, **more)


def order(*paths):
    return [rating.path for rating in rated(*paths)]


def said(value, by="A. Analyst", date="2026-11-20", because="tested"):
    return Answer("q", value, because, by, date)


@pytest.mark.parametrize(
    ("hops", "level"),
    [((2.8,), "high"), ((2.79,), "medium"), ((1.2,), "medium"), ((1.19,), "low"), ((3.887, 0.9, 3.887), "low"), ((), "high"), ((0.0,), "low")],
)
def test_the_hardest_hop_gives_the_class(hops, level):
    assert rated(path_of("p", hops=hops))[0].feasibility == level


@pytest.mark.parametrize(("hops", "level"), [((3.887,), "medium"), ((2.0,), "low"), ((0.9,), "low")])
def test_claimed_barriers_lower_the_class_by_one_however_many_and_never_the_severity(hops, level):
    for claimed in (["confirm"], ["confirm", "limit", "watchdog"]):
        (rating,) = rated(path_of("p", hops=hops, claimed=claimed))
        assert (rating.feasibility, rating.severity) == (level, 5)
        assert any("never lowers the severity" in reason for reason in rating.reasons)


def test_a_claimed_barrier_alone_makes_no_harm_acceptable():
    (bare,) = rated(path_of("p", level=4, hops=(2.0,)))
    (claimed,) = rated(path_of("p", level=4, hops=(2.0,), claimed=["confirm"]))
    assert (bare.feasibility, bare.acceptable) == ("medium", False)
    assert (claimed.feasibility, claimed.acceptable) == ("low", False)


def test_learning_a_secret_that_is_in_every_unit_is_no_obstacle():
    learn = {"move": "learn", "sentence": "Reads the password out of another unit.", "exploitability": 0.915}
    use = {
        "move": "use",
        "sentence": "Logs in.",
        "exploitability": 3.887,
        "claims": ["accepts(d, s1, ssh)", "service(d, ssh, device_network, password)"],
    }
    secret = ["starts(second_hand_unit)", "secret(d, s1, login, cleartext)"]
    raw = {"device": "d", "start": "second_hand_unit", "harm": {"effect": "stop", "level": 4, "name": "h"}}
    own = case_of({**raw, "step": [{**learn, "claims": secret}, use]}, "own").rate()
    shared = case_of({**raw, "step": [{**learn, "claims": [*secret, "same_in_every_unit(d, s1)"]}, use]}, "shared").rate()
    assert (own.feasibility, own.weakest_hop) == ("low", "Reads the password out of another unit.")
    assert (shared.feasibility, shared.weakest_hop) == ("high", "Logs in.")
    assert (own.skill.partition(":")[0], shared.skill.partition(":")[0]) == ("practised", "basic")
    assert own.hops == shared.hops == 2


def test_using_a_shared_secret_at_the_device_still_asks_for_touch():
    claims = ["secret(d, s1, login, cleartext)", "same_in_every_unit(d, s1)", "accepts(d, s1, menu)", "service(d, menu, touch, password)"]
    step = {"move": "use", "sentence": "Types the code.", "exploitability": 0.915, "claims": claims}
    rating = case_of({"device": "d", "start": "touch", "harm": {"effect": "stop", "level": 4, "name": "h"}, "step": [step]}).rate()
    assert rating.feasibility == "low"


def test_the_product_orders_and_is_between_nothing_and_one():
    scale = feasibility_scale()
    assert feasibility_of(path_of("p", hops=(3.887, 3.887)), scale).product == 1.0
    assert feasibility_of(path_of("p", hops=(3.887, 1.9435)), scale).product == 0.5


def test_no_path_is_dropped_and_ranks_count_from_one():
    ratings = rated(*(path_of(f"p{level}", level) for level in range(1, 6)))
    assert [(rating.rank, rating.severity) for rating in ratings] == [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)]


def test_severity_comes_before_feasibility():
    assert order(path_of("easy", 4, (3.887,)), path_of("hard", 5, (0.5,))) == ["hard", "easy"]


def test_feasibility_comes_before_the_number_of_patients():
    assert order(path_of("hard-many", 5, (2.0,), many=True), path_of("easy-one", 5, (3.0,))) == ["easy-one", "hard-many"]


def test_many_patients_come_before_one():
    assert order(path_of("a-one", 5, (3.887,)), path_of("b-many", 5, (3.0,), many=True)) == ["b-many", "a-one"]


def test_what_is_not_accepted_comes_before_what_is():
    assert order(path_of("accepted", 4, (0.5,)), path_of("refused", 3, (3.887,))) == ["refused", "accepted"]


def test_among_equals_the_easier_then_the_shorter_then_the_id_decides():
    assert order(path_of("c", hops=(3.0,)), path_of("b", hops=(3.887, 3.887)), path_of("d", hops=(3.887,)), path_of("a", hops=(3.887, 3.887))) == [
        "d",
        "a",
        "b",
        "c",
    ]


def test_cvss_never_ranks():
    # The same two paths, one of them declared 0.0 and the other 10.0 by a person: the order stays.
    paths = [path_of("a", 5, (1.0,)), path_of("b", 4, (3.887,))]
    none = {f"a/cvss3.{letter}": said("N") for letter in "CIA"} | {f"b/cvss3.{letter}": said("H") for letter in "CIA"} | {"b/cvss3.S": said("C")}
    ratings = rated(*paths, overrides=none)
    scores = [next(scheme.score for scheme in rating.schemes if scheme.scheme == "cvss3") for rating in ratings]
    assert [rating.path for rating in ratings] == ["a", "b"]
    assert scores == [0.0, 10.0]


@settings(deadline=None)  # the first example loads the tables
@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 3.887), st.booleans()), min_size=1, max_size=8), st.randoms())
def test_the_order_of_the_input_changes_nothing(shapes, chance: random.Random):
    paths = [path_of(f"p{n}", level, (ease,), many=many) for n, (level, ease, many) in enumerate(shapes)]
    shuffled = list(paths)
    chance.shuffle(shuffled)
    assert rated(*paths) == rated(*shuffled)


@given(st.integers(1, 4), st.floats(0, 3.887), st.floats(0, 3.887), st.booleans())
def test_worse_harm_easier_hops_or_more_patients_are_never_accepted_where_less_is_refused(level, one, other, many):
    low, high = sorted((one, other))
    (milder,) = rated(path_of("p", level, (low,)))
    for worse in (path_of("p", level + 1, (low,)), path_of("p", level, (high,)), path_of("p", level, (low,), many=many)):
        (rating,) = rated(worse)
        assert milder.acceptable or not rating.acceptable
        assert FEASIBILITY.index(rating.feasibility) >= FEASIBILITY.index(milder.feasibility)


def test_no_paths_no_ratings():
    assert rated() == ()


def test_a_users_matrix_decides_and_is_named(tmp_path):
    text = 'title = "Ours"\nversion = "7"\nsource = "QMS 12"\nmany_patients_raise = 0\n[verdict]\n'
    row = '{ low = "acceptable", medium = "acceptable", high = "acceptable" }'
    (tmp_path / "ours.toml").write_text(text + "".join(f"{level} = {row}\n" for level in range(1, 6)))
    matrix = load_matrix(tmp_path / "ours.toml")
    (rating,) = rated(path_of("p"), matrix=matrix)
    assert rating.acceptable
    assert rating.reasons[-1] == "Acceptable by the risk matrix 'Ours'."
    assert any("Ours, version 7 [user]: QMS 12" in line for line in rating_assumptions(matrix))


def test_the_shipped_matrix_and_classes_are_named_as_assumptions():
    lines = rating_assumptions()
    assert any("risk matrix" in line and "[P]" in line for line in lines)
    assert any("feasibility classes" in line and "[P]" in line for line in lines)


# --- overrides -----------------------------------------------------------------------------------------------


def test_an_override_shows_who_when_why_and_what_it_replaced():
    (rating,) = rated(path_of("p"), overrides={"rubric.XACL": said("no", because="a race of two packets")})
    rubric = next(scheme for scheme in rating.schemes if scheme.scheme == "rubric")
    answer = next(answer for answer in rubric.answers if answer.question.startswith("XACL:"))
    assert (answer.value, answer.by, answer.date) == ("no", "A. Analyst", "2026-11-20")
    assert answer.because == "a race of two packets (instead of yes: no hop needs luck, a race or a special state)"
    assert next(scheme for scheme in rating.schemes if scheme.scheme == "cvss3").vector.split("/")[2] == "AC:H"


def test_an_override_for_one_path_leaves_the_others_and_beats_the_general_one():
    ratings = rated(path_of("a"), path_of("b"), overrides={"patient_harm.severity": said("3"), "a/patient_harm.severity": said("2")})
    assert {rating.path: rating.severity for rating in ratings} == {"a": 2, "b": 3}


def test_an_override_about_a_path_that_is_gone_is_no_error():
    assert rated(path_of("a"), overrides={"gone/patient_harm.severity": said("2")})[0].severity == 5


@pytest.mark.parametrize(
    ("key", "answer", "says"),
    [
        ("rubric.XYZ", said("no"), r"no scheme asks rubric\.XYZ"),
        ("XACL", said("no"), "no scheme asks XACL"),
        ("rubric.XACL", said("perhaps"), "'perhaps' is not one of no, unknown, yes"),
        ("rubric.XACL", said("no", by="evidence"), "needs the name of a person, a date and a reason"),
        ("rubric.XACL", said("no", date=""), "needs the name of a person, a date and a reason"),
        ("rubric.XACL", said("no", because=""), "needs the name of a person, a date and a reason"),
        ("patient_harm.severity", said("6"), "'6' is not one of"),
        ("cvss3.S", said("X"), "'X' is not one of C, U"),
        ("ssvc.deployer", said("defer"), "it follows from other answers"),
        ("patient_harm.verdict", said("acceptable"), "it follows from other answers"),
        ("rubric.XCP", said("low"), "'low' is not one of"),
    ],
)
def test_an_override_that_cannot_count_is_refused(key, answer, says):
    with pytest.raises(ValueError, match=says):
        rated(path_of("p"), overrides={key: answer})


# --- what a path shows ---------------------------------------------------------------------------------------


def vectors(claims, start="hospital_network", **more):
    raw = {"device": "infusion-pump", "start": start, "harm": {"effect": "stop", "level": 4, "name": "h"}, **more}
    raw["step"] = [{"move": "m", "sentence": "s.", "exploitability": 2.0, "claims": claims}]
    case = case_of(raw)
    return {scheme.scheme: scheme.vector for scheme in case.rate().schemes}


def test_a_secret_in_every_unit_is_public_and_leaves_the_network_vector():
    secret = ["secret(d, s1, login, cleartext)", "accepts(d, s1, ssh)", "service(d, ssh, device_network, password)"]
    held = vectors([*secret, "starts(second_hand_unit)"], start="second_hand_unit")["cvss3"]
    known = vectors([*secret, "same_in_every_unit(d, s1)", "starts(second_hand_unit)"], start="second_hand_unit")["cvss3"]
    assert held.startswith("CVSS:3.1/AV:P/AC:L/PR:N")
    assert known.startswith("CVSS:3.1/AV:N/AC:L/PR:N")


def test_control_of_the_device_reaches_everything_on_it():
    for claim in (
        "service_gives(infusion-pump, x, control)",
        "unsigned_update(infusion-pump, u, device_network)",
        "out_of_date(infusion-pump, c, device_network)",
    ):
        assert "/C:H/I:H/A:H" in vectors(["service(infusion-pump, x, device_network, none)", claim])["cvss3"]


def test_a_crash_alone_takes_availability_alone():
    assert "/C:N/I:N/A:H" in vectors(["vulnerable(infusion-pump, w, device_network, stop)"])["cvss3"]


def test_a_path_through_another_device_changes_the_scope():
    claims = ["service(gateway, x, device_network, none)", "commands(gateway, infusion-pump)"]
    assert "/S:C/" in vectors(claims)["cvss3"]
    assert "/SA:H" in vectors(claims)["cvss4"]


def test_a_supply_chain_entry_takes_the_worst_vector():
    assert vectors(["unsigned_update(infusion-pump, u, supply_chain)"], start="supply_chain")["cvss3"].startswith("CVSS:3.1/AV:N/AC:L/PR:N/UI:N")


def test_a_path_that_says_nothing_takes_the_worst_vector():
    assert vectors([])["cvss3"].startswith("CVSS:3.1/AV:N/AC:L/PR:N/UI:N")


def test_a_wide_network_that_leads_to_the_device_is_no_segmentation():
    claims = ["service(infusion-pump, x, device_network, none)"]
    apart, linked = {"links": []}, {"links": [["internet", "office"], ["office", "device_network"]]}
    assert "MAV:A" in vectors(claims, start="wifi_range", site=apart)["cvss3"]
    assert "MAV" not in vectors(claims, start="wifi_range", site=linked)["cvss3"]
    assert "MAV" not in vectors(claims, start="hospital_network", site=apart)["cvss3"]


def test_privacy_raises_the_confidentiality_requirement_and_therapy_the_others():
    record = vectors(["exposes_record(d, db, device_network)"], harm={"effect": "record", "level": 3, "name": "h"})["cvss3"]
    assert "/CR:H" in record
    assert "/IR:H" not in record
    therapy = vectors(["vulnerable(d, w, device_network, stop)"])["cvss3"]
    assert "/IR:H/AR:H" in therapy
    assert "/CR:" not in therapy


def test_rating_a_path_again_gives_the_same_bytes():
    paths = [path_of("a", hops=(1.1, 2.2, 3.3)), path_of("b", many=True)]
    assert repr(rated(*paths)) == repr(rated(*reversed(paths)))


def test_a_harm_of_another_level_is_another_rating():
    path = path_of("p")
    milder = replace(path, harm=replace(path.harm, level=1))
    assert rated(path)[0].acceptable is not rated(milder)[0].acceptable


def test_importing_the_stage_does_not_load_the_cvss_library():
    code = "import sys, asepsis.risk.rate; sys.exit('cvss' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
