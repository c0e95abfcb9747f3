"""SSVC's tables, and its own worked example."""

from itertools import product

import pytest

from asepsis.knowledge.load import KnowledgeError
from asepsis.knowledge.ssvc_data import decision_tables, load_tables, ssvc
from asepsis.risk.path_view import automatable, view
from asepsis.risk.scheme import Case
from tests.cases.risk.loader import ROOT, case_of, load_case

FIRST_EDITION = ROOT / "schemes" / "ssvc" / "the_worked_example_of_cve_2018_14781_by_the_first_edition" / "tables.toml"
RISING = ["defer", "scheduled", "out-of-cycle", "immediate"]


def test_the_worked_example_comes_out_by_the_tree_it_was_decided_by():
    # CERT/CC: proof of concept (Wireshark-like replay), small exposure, MEF failure, hazardous: "mitigate out-of-cycle".
    assert load_tables(FIRST_EDITION)["deployer"].decide("poc", "small", "MEF fail", "hazardous") == "out-of-cycle"


def test_our_answers_to_the_worked_example_are_those_of_the_analyst():
    folder = ROOT / "rate" / "under_rated_by_cvss" / "cve_2018_14781_a_replayed_bolus"
    rating = next(scheme for scheme in load_case(folder).rate().schemes if scheme.scheme == "ssvc")
    answers = {answer.question.partition(":")[0]: answer.value for answer in rating.answers}
    # "hazardous" (fatal, plausibly preventable) of the first edition is "critical" (loss of a life) of the second.
    analyst = {"exploitation": "public poc", "exposure": "small", "mission": "mef failure", "safety": "critical"}
    assert {point: answers[point] for point in analyst} == analyst
    # The second edition's tree asks human impact and automatable instead and comes out a step lower.
    assert ssvc().tables["deployer"].decide("public poc", "small", "no", "high") == "scheduled" == answers["deployer"]


@pytest.mark.parametrize(
    ("table", "values", "outcome"),
    [
        ("deployer", ("none", "small", "no", "medium"), "defer"),
        ("deployer", ("none", "open", "yes", "very high"), "out-of-cycle"),
        ("deployer", ("public poc", "open", "yes", "high"), "out-of-cycle"),
        ("deployer", ("active", "open", "no", "very high"), "immediate"),
        ("deployer", ("active", "controlled", "yes", "low"), "out-of-cycle"),
        ("supplier", ("none", "laborious", "partial", "minimal"), "defer"),
        ("supplier", ("public poc", "laborious", "total", "significant"), "immediate"),
        ("supplier", ("public poc", "laborious", "partial", "significant"), "out-of-cycle"),
        ("supplier", ("active", "super effective", "partial", "minimal"), "immediate"),
        ("human_impact", ("critical", "degraded"), "medium"),
        ("human_impact", ("marginal", "mission failure"), "very high"),
        ("utility", ("yes", "concentrated"), "super effective"),
        ("public_safety", ("marginal",), "significant"),
        ("bod_26_04", ("no", "yes", "yes", "total"), "3 days"),
        ("bod_26_04", ("yes", "no", "yes", "total"), "3 days and a forensic check"),
        ("bod_26_04", ("no", "no", "yes", "total"), "60 days"),
        ("bod_26_04", ("yes", "no", "no", "total"), "14 days"),
    ],
)
def test_a_row_of_the_published_tables(table, values, outcome):
    assert ssvc().tables[table].decide(*values) == outcome


@pytest.mark.parametrize("name", ["deployer", "supplier", "human_impact", "bod_26_04"])
def test_a_worse_input_never_gives_a_milder_outcome(name):
    tables = ssvc()
    table = tables.tables[name]
    order = {
        "human_impact": list(tables.values["human_impact"]),
        "bod_26_04": ["with the next upgrade", "60 days", "14 days", "3 days", "3 days and a forensic check"],
    }.get(name, RISING)
    scales = [tables.values[point] for point in table.inputs]
    for values in product(*scales):
        for place, scale in enumerate(scales):
            worse = scale.index(values[place]) + 1
            if worse < len(scale):
                raised = (*values[:place], scale[worse], *values[place + 1 :])
                assert order.index(table.decide(*raised)) >= order.index(table.decide(*values)), (values, raised)


def test_every_zone_has_an_exposure():
    from asepsis.model.facts import Zone

    assert set(ssvc().exposure) == {zone.value for zone in Zone}


@pytest.mark.parametrize(
    ("attack_vector_of_the_advisory", "zone", "cisa_says"),
    [("N", "device_network", "yes"), ("A", "bluetooth_range", "no"), ("A", "radio_range", "no"), ("P", "touch", "no")],
)
def test_automatable_agrees_with_cisas_marks_on_the_advisories_of_2026(attack_vector_of_the_advisory, zone, cisa_says):
    case = case_of(
        {
            "device": "d",
            "start": zone,
            "harm": {"effect": "stop", "level": 3, "name": "It stops."},
            "step": [{"move": "m", "sentence": "s.", "exploitability": 2.8, "claims": [f"vulnerable(d, w, {zone}, stop)"]}],
        }
    )
    value, because = automatable(view(Case(case.path, (), case.device, case.site, {})), ssvc().presence)
    assert (value, bool(because)) == (cisa_says, True)


def test_a_table_with_a_hole_is_refused():
    raw = {"values": {"a": ["x", "y"], "b": ["u", "v"]}, "tables": {"t": {"inputs": ["a", "b"], "letters": {"d": "do"}, "rows": [["x", "dd"]]}}}
    with pytest.raises(KnowledgeError, match="table t has 2 different rows where 4 are needed"):
        decision_tables(raw, "mine.toml")


def test_a_table_with_an_unexplained_letter_is_refused():
    raw = {"values": {"a": ["x"], "b": ["u", "v"]}, "tables": {"t": {"inputs": ["a", "b"], "letters": {"d": "do"}, "rows": [["x", "dq"]]}}}
    with pytest.raises(KnowledgeError, match="impossible row"):
        decision_tables(raw, "mine.toml")


def test_a_file_that_holds_no_tables_is_refused(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("[tables]\nt = 3\n")
    with pytest.raises(KnowledgeError, match=r"^mine\.toml: not a file of decision tables"):
        load_tables(file)


def test_values_outside_a_table_are_refused():
    with pytest.raises(ValueError, match="the table deployer has no row for none, tiny"):
        ssvc().tables["deployer"].decide("none", "tiny", "no", "low")
