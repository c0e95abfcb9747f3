from dataclasses import replace

import pytest

from asepsis.reports.explain import UnknownIdError, explain, explain_plan
from tests.cases.reports import studies


def said(name, study=studies.PUMP):
    return "\n".join(explain(study, name))


def test_a_finding_is_explained_with_its_places_reasons_and_what_would_change_it():
    text = said("F-000000000001")
    assert "[firmware] pump-1.4.bin!rootfs.squashfs!etc/wpa_supplicant.conf:7" in text
    assert "Shown by: wpa_supplicant is started by inittab" in text
    assert "P-000000000002 to S5 · death, many patients" in text
    assert "raise it to “reachable”" in text
    assert "It falls or changes if this assumption is overridden: Whoever holds this passphrase" in text
    assert "The plan closes P-000000000002 by M03 Switch telnet off" in text


def test_a_finding_on_no_path_says_so():
    assert "Leads to no harm that could be derived" in said("F-000000000006")


def test_a_path_is_explained_step_by_step_with_its_rating_and_unverified_barriers():
    text = said("P-000000000003")
    assert "2. Change an infusion order on its way to the pump  [F-000000000004] T0830" in text
    assert "F-000000000004 Infusion orders travel unencrypted and unsigned: ward.pcap packet 42" in text
    assert "Rank 4: S5, feasibility medium, not acceptable" in text
    assert "A test that verifies this barrier could close it: A nurse confirms each order at the pump" in text


def test_a_weakness_that_another_finding_states_as_well_does_not_bring_the_path_down_alone():
    falls = "It falls if this weakness goes: F-000000000004"
    assert falls in said("P-000000000003")
    twin = replace(next(one for one in studies.PUMP.findings if one.id == "F-000000000004"), id="F-0000000000ff")
    paths = [replace(path, findings=(*path.findings, twin.id)) if path.id == "P-000000000003" else path for path in studies.PUMP.paths]
    study = replace(studies.PUMP, findings=(*studies.PUMP.findings, twin), paths=tuple(paths))
    assert "It falls if this weakness goes" not in said("P-000000000003", study)


def test_worst_case_answers_are_named_as_what_would_change_a_score():
    assert "Its scores may fall if this worst case is answered: XUI" in said("P-000000000001")


def test_a_control_is_explained_by_what_it_closes_and_who_else_closes_it():
    text = said("M12")
    assert "P-000000000004" in text
    assert "nothing else in the plan closes it" in text
    assert "(also closed by M03)" in text
    assert "Remote viewing from other wards needs an exception" in text
    assert "--forbid M12" in text


def test_what_each_party_can_do_alone_is_part_of_the_plan():
    text = "\n".join(explain_plan(studies.PUMP))
    assert "The maker alone: 3 fixes stop every unacceptable harm that was found." in text
    hospital = text[text.index("The hospital alone") : text.index("How this is known")]
    assert "1 fix stops 2 of 3 unacceptable harms that were found; 1 remains." in hospital
    assert "the hospital; once for the whole site; within weeks; effort 2 of 5; a little clinical benefit lost" in hospital
    assert "Remains: S5 The pump gives a dose that nobody ordered: What would stop it was left out: M03" in hospital


def test_a_control_of_one_party_alone_is_explained_though_the_plan_does_not_take_it():
    lines = explain(studies.PUMP, "M08")
    assert lines[0] == "It is not in the plan, but in what the maker alone can do"
    assert "  Who: the maker or the hospital; on infusion-pump; with the next release" in lines


def test_a_control_of_the_plan_is_explained_as_the_plan_takes_it():
    assert explain(studies.PUMP, "M12")[0] == "M12  Put the pumps behind an allow-list"


def test_unverified_barriers_are_said_with_what_follows():
    expected = "nobody has verified it: a nurse confirms each order at the pump. It makes this way rank lower, and changes no verdict until"
    assert expected in said("P-000000000003")


def test_controls_that_were_not_taken_are_explained_too():
    assert "never counted as a fix" in said("M22")
    assert "was forbidden" in said("M14")


def test_a_rule_is_explained_whatever_it_answered():
    assert "Found: F-000000000003" in said("default_password")
    assert "Could not tell: Whether update.sh checks a signature is not known" in said("unsigned_update")
    assert "Seen and dismissed, other: etc/ssl/ca.pem holds only a certificate" in said("private_key_shipped")
    assert "or the parts that could not be looked at" in said("private_key_shipped")


def test_a_beginning_is_enough_where_it_fits_only_one():
    assert explain(studies.PUMP, "wifi") == explain(studies.PUMP, "wifi_passphrase_in_clear")


def test_a_beginning_that_fits_several_names_them():
    with pytest.raises(UnknownIdError, match="fits 6 ids: F-000000000001"):
        explain(studies.PUMP, "F-")


@pytest.mark.parametrize("name", ["", "F-999", "\x1b[31m"])
def test_an_unknown_id_is_refused_in_one_printable_line(name):
    with pytest.raises(UnknownIdError) as refused:
        explain(studies.PUMP, name)
    assert str(refused.value).isprintable()


def test_every_line_about_a_hostile_study_is_printable():
    lines = [line for name in ("F-000000000001", "P-h1", "M03") for line in explain(studies.HOSTILE, name)]
    assert all(line.isprintable() for line in lines)


def test_the_whole_plan_is_explained_with_what_remains_how_it_is_known_and_what_it_cannot_cover():
    lines = explain_plan(studies.PUMP)
    text = "\n".join(lines)
    assert lines[0] == "2 fixes stop every unacceptable harm that was found; no allowed plan takes less work."
    assert "Closes P-000000000001, P-000000000002 and P-000000000005" in text
    assert "Remains: S2 A stranger reads the patient's infusion record: it is acceptable by the risk matrix" in text
    assert "Forbidden, as asked: M14" in text
    assert "of 3 unacceptable harms before, 0 can still be reached" in text
    assert "1 part could not be opened: pump-1.4.bin!data.ubi" in text


def test_every_line_about_a_hostile_plan_is_printable():
    assert all(line.isprintable() for line in explain_plan(studies.HOSTILE))
