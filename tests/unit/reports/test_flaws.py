"""What is told of published flaws: in four lists, on the first screen, in the report and by ``explain``."""

from dataclasses import replace

import pytest

from asepsis.model.attack import PATHS_PER_HARM
from asepsis.model.software import VexStatus
from asepsis.reports.explain import UnknownIdError, explain
from asepsis.reports.exporters.html import HtmlExporter
from asepsis.reports.exporters.sarif import SarifExporter
from asepsis.reports.flaws import NOT_ASSESSED, by_part, flaws, sentence
from asepsis.reports.summary import summary
from tests.cases.reports.studies import EMPTY, FEEDS, FLAWED, MENDED, PUMP


def ids(matches):
    return [match.vulnerability for match in matches]


def said(name, study=FLAWED):
    return "\n".join(explain(study, name))


def test_each_flaw_is_in_one_list_and_those_used_in_attacks_lead():
    found = flaws(FLAWED)
    assert ids(found.on_path) == ["CVE-2099-1004", "CVE-2099-1003"]
    assert ids(found.used) == ["CVE-2099-1005"]
    assert ids(found.undecided) == ["CVE-2099-1002"]
    assert ids(found.closed) == ["CVE-2099-1001", "CVE-2099-1006"]
    assert [path.id for path in found.ways(found.on_path[0])] == ["P-000000000007"]


def test_a_flaw_lies_on_a_way_only_if_the_way_rests_on_what_it_gives_from_where():
    other = tuple(replace(match, gives=()) if match.vulnerability == "CVE-2099-1004" else match for match in FLAWED.vulnerabilities)
    assert ids(flaws(replace(FLAWED, vulnerabilities=other)).on_path) == ["CVE-2099-1003"]


def test_two_versions_of_one_part_are_told_apart():
    newer = tuple(replace(match, version="1.1.1") if match.vulnerability == "CVE-2099-1004" else match for match in FLAWED.vulnerabilities)
    assert ids(flaws(replace(FLAWED, vulnerabilities=newer)).on_path) == ["CVE-2099-1003"]


def test_where_not_all_ways_are_told_none_is_called_on_no_way():
    ways = tuple(replace(FLAWED.paths[-1], id=f"P-{number}") for number in range(PATHS_PER_HARM))
    assert "1 in use but on no way;" in sentence(FLAWED)
    assert "1 in use but on no way that is told;" in sentence(replace(FLAWED, paths=ways))


def test_the_first_screen_says_all_four_numbers_and_names_what_is_used_in_attacks():
    lines = " ".join(" ".join(summary(FLAWED, [])).split())
    assert (
        "Published flaws: 6 by version: 2 on a way to harm, CVE-2099-1004 known to be used in attacks; 1 in use but on no way; 1 undecided; 2 closed"
        in lines
    )


@pytest.mark.parametrize(("name", "said"), [("CVE-2099-1002", "1 undecided"), ("CVE-2099-1005", "1 in use but on no way")])
def test_what_is_used_in_attacks_is_named_wherever_it_stands_open(name: str, said: str):
    known = tuple(replace(match, exploited_since="2099-02-03" if match.vulnerability == name else "") for match in FLAWED.vulnerabilities)
    assert f"{said}, {name} known to be used in attacks" in sentence(replace(FLAWED, vulnerabilities=known))


@pytest.mark.parametrize("study", [PUMP, MENDED, EMPTY])
def test_without_a_store_every_report_says_that_nothing_was_looked_for(study):
    assert NOT_ASSESSED in summary(study, [])
    page = HtmlExporter().write(study).decode()
    assert "Not assessed: no published flaws were imported" in page
    assert "found by version" not in page
    assert '"assessed": false' in SarifExporter().write(study).decode()
    with pytest.raises(UnknownIdError, match="not assessed"):
        explain(study, "CVE-2099-1004")


def test_that_none_is_known_is_said_of_what_was_recognised_only():
    study = replace(PUMP, knowledge=replace(PUMP.knowledge, feeds=FEEDS))
    assert "Published flaws: none is known of the parts that were recognised, by their versions" in summary(study, [])
    assert "what was not recognised was not looked up" in HtmlExporter().write(study).decode()


def test_where_no_part_was_recognised_the_zeros_are_no_health():
    study = replace(EMPTY, knowledge=replace(EMPTY.knowledge, feeds=FEEDS))
    assert "Published flaws: not assessed, for no part was recognised with its version" in summary(study, [])
    assert "The zeros say nothing about the device" in HtmlExporter().write(study).decode()
    assert "The zeros say nothing" not in HtmlExporter().write(FLAWED).decode()


def test_the_report_lists_the_closed_ones_with_what_closed_them():
    page = HtmlExporter().write(FLAWED).decode()
    assert "net/bluetooth was not compiled: CONFIG_BT is not set" in page
    assert "1 by evidence of the device and 1 by the maker" in page
    assert page.index("CVE-2099-1004</bdi> <strong") < page.index("CVE-2099-1003</bdi>")
    assert '<a href="#path-' in page[page.index('id="flaws"') : page.index('id="evidence"')]


def test_a_finding_known_to_be_used_in_attacks_leads_among_those_of_the_same_harm():
    page = HtmlExporter().write(FLAWED).decode()
    evidence = page[page.index('id="evidence"') :]
    assert evidence.index("OpenSSL 1.0.2k is used") < evidence.index("The passphrase of the Wi-Fi network")


def test_a_flaw_is_explained_with_reasons_places_and_where_it_leads():
    text = said("CVE-2099-1004")
    for words in (
        "CVE-2099-1004 in OpenSSL 1.0.2k",
        "Known to be used in attacks since 2099-05-01 (CISA KEV)",
        "open: this device has it, decided by evidence of the device",
        "from 1.0.2 before 1.0.2l (nvd)",
        "Whether the part is used: it listens for others",
        "control of the device, a stopped device and reading or altering what is kept; on the medical-device network",
        "usr/lib/libssl.so.1.0.2",
        "P-000000000007 S5: The pump gives a dose that nobody ordered",
        "Assumed: CVE-2099-1004: what it gives",
    ):
        assert words in text


def test_a_closed_flaw_is_explained_by_what_closed_it():
    text = said("CVE-2099-1001")
    assert "closed: this device does not have it, decided by evidence of the device" in text
    assert "Reason as VEX says it: vulnerable code not present" in text
    assert "CONFIG_BT is not set (boot/config:12)" in text
    assert "Leads to" not in text


def test_an_undecided_flaw_is_explained_by_what_would_settle_it():
    assert "Evidence about this would settle it: which part of the kernel holds it is not known" in said("V-000000001002")


def test_a_part_is_explained_by_all_its_flaws():
    for name in ("OpenSSL", "OpenSSL 1.0.2k"):
        text = said(name)
        assert "4 published flaws by version" in text
        assert "On a way to harm: 2" in text
        assert "CVE-2099-1004 (KEV)" in text
        assert "Example Pumps says fixed" in text


def test_a_flaw_that_nothing_was_matched_to_is_not_called_absent():
    with pytest.raises(UnknownIdError, match="or is not in the knowledge that was imported"):
        explain(FLAWED, "CVE-2099-9999")


def test_the_number_of_another_flaw_is_not_a_beginning():
    longer = tuple(replace(one, vulnerability="CVE-2099-10041") if one.vulnerability == "CVE-2099-1004" else one for one in FLAWED.vulnerabilities)
    with pytest.raises(UnknownIdError, match="CVE-2099-1004 concerns no part"):
        explain(replace(FLAWED, vulnerabilities=longer), "CVE-2099-1004")


@pytest.mark.parametrize("beginning", ["CVE-2099", "CVE-2099-100"])
def test_a_beginning_that_fits_several_flaws_is_not_called_absent(beginning: str):
    with pytest.raises(UnknownIdError, match=f"{beginning} fits 6 ids"):
        explain(FLAWED, beginning)


def test_a_flaw_asked_by_another_number_is_not_called_absent():
    with pytest.raises(UnknownIdError, match="kept under its CVE number"):
        explain(FLAWED, "GHSA-2222-3333-4444")


def test_undecided_flaws_are_grouped_by_part_and_by_what_keeps_them_open():
    ((label, (group,)),) = by_part(match for match in FLAWED.vulnerabilities if match.status is VexStatus.UNDER_INVESTIGATION)
    assert (label, group.number, group.because) == ("Linux 4.14.98", 1, ("which part of the kernel holds it is not known",))
