from dataclasses import replace

import pytest

from asepsis.reports.sentences import alone_sentence, barriers_sentence, event, many_sentence, proof_sentence, when
from tests.cases.reports import studies


def test_several_barriers_are_them_and_the_sentence_says_what_follows():
    said = barriers_sentence(("A hardware watchdog restarts the pump", "A local alarm that needs no network."))
    assert said == (
        "In the way, but nobody has verified them: a hardware watchdog restarts the pump; a local alarm that needs no network. "
        "They make this way rank lower, and change no verdict until a test verifies them."
    )


def test_reasons_for_many_patients_are_clauses_of_one_sentence():
    said = many_sentence(("The password of ‘admin’ is the same in every unit: what works on one works on all.", "One server holds all orders."))
    assert said == (
        "Many patients at once: the password of ‘admin’ is the same in every unit: what works on one works on all; one server holds all orders."
    )


@pytest.mark.parametrize(
    ("lag", "said"), [("days", "within days"), ("days to weeks", "within days to weeks"), ("next release", "with the next release")]
)
def test_how_soon_is_said_in_english(lag, said):
    assert when(lag) == said


def test_what_happens_is_the_first_half_of_a_harm():
    assert event("The pump stops, or starts too late: a patient can die.") == "The pump stops, or starts too late"
    assert event("The infusion stops.") == "The infusion stops"


def test_a_party_that_stops_some_harms_is_told_how_many_remain():
    assert alone_sentence(studies.HOSPITAL_ALONE) == "1 fix stops 2 of 3 unacceptable harms that were found; 1 remains."
    assert alone_sentence(studies.MAKER_ALONE) == "3 fixes stop every unacceptable harm that was found."
    assert alone_sentence(replace(studies.MAKER_ALONE, controls=())).startswith("Nothing that they can do")


def test_a_plan_that_stops_nothing_claims_no_fix_in_its_proof():
    said = proof_sentence(replace(studies.PLAN.proof, rederived=3))
    assert said.startswith("Even with every allowed fix in the attack graph (41 rule instances), none of 3 unacceptable harms is stopped")
