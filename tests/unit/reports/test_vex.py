"""One model, three forms: valid, never not affected without a reason, and read again with the same verdicts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from asepsis.evidence.readers.advisories.csaf_vex import CsafVexReader
from asepsis.evidence.readers.advisories.cyclonedx_vex import CyclonedxVexReader
from asepsis.evidence.readers.advisories.openvex import OpenvexReader
from asepsis.findings.flaws.claims import Claims
from asepsis.findings.flaws.part import parts
from asepsis.findings.rule import Facts
from asepsis.model.facts import Component, Zone
from asepsis.model.software import Justification, VexStatus
from asepsis.reports.exporter import NothingToTell
from asepsis.reports.tell import tell
from asepsis.reports.vex import publisher_of, vex
from asepsis.reports.vex_words import AFFECTED_WITHOUT_A_CONTROL, CSAF_STATES, CYCLONEDX_JUSTIFICATIONS, CYCLONEDX_STATES
from tests.cases.reports.studies import FLAWS, HOSTILE, MENDED
from tests.unit.evidence.reading import read_file

READERS = {"openvex": OpenvexReader(), "cyclonedx-vex": CyclonedxVexReader(), "csaf": CsafVexReader()}
STATED = {
    "CVE-2099-1000": ("affected", None),
    "CVE-2099-1001": ("not_affected", "vulnerable_code_not_present"),
    "CVE-2099-1002": ("fixed", None),
    "CVE-2099-1003": ("under_investigation", None),
    "CVE-2099-1004": ("under_investigation", None),
}


def document(format_: str, study=FLAWS):
    return json.loads(tell(study, format_))


def test_every_form_has_a_word_for_every_state_and_reason():
    assert set(CYCLONEDX_STATES) == set(CSAF_STATES) == set(VexStatus)
    assert set(CYCLONEDX_JUSTIFICATIONS) == set(Justification)


def test_nothing_is_called_not_affected_without_a_reason():
    silent = FLAWS.vulnerabilities[-1]
    assert (silent.status, silent.against) == (VexStatus.NOT_AFFECTED, ())
    assert vex(FLAWS).statements[-1].status is VexStatus.UNDER_INVESTIGATION


def test_the_proof_says_what_was_seen_and_where():
    proof = vex(FLAWS).statements[1].proof
    assert "CONFIG_BT is not set (boot/config:12)" in proof
    assert "pump-1.4.bin!rootfs.squashfs!boot/config:12" in proof


def test_what_to_do_is_what_the_plan_says_of_the_paths_of_the_flaw():
    assert "(maker; M03)" in vex(FLAWS).statements[0].action
    without = replace(FLAWS, plan=replace(FLAWS.plan, controls=()))
    assert vex(without).statements[0].action == AFFECTED_WITHOUT_A_CONTROL


@pytest.mark.parametrize("other", [{"version": "7.2p"}, {"gives": ()}, {"zone": Zone.HOSPITAL_NETWORK}], ids=["version", "gives", "zone"])
def test_a_flaw_on_no_path_has_no_control_of_another_flaw_of_the_same_file(other: dict[str, object]):
    beside = replace(FLAWS.vulnerabilities[0], id="V-000000000009", vulnerability="CVE-2099-1009", **other)
    said = vex(replace(FLAWS, vulnerabilities=(*FLAWS.vulnerabilities, beside))).statements
    assert "(maker; M03)" in said[0].action
    assert said[-1].action == AFFECTED_WITHOUT_A_CONTROL


@pytest.mark.parametrize("format_", ["csaf", "cyclonedx-vex"])
def test_a_study_without_flaws_says_that_none_were_looked_for(format_: str):
    assert "published flaws were not looked for" in json.dumps(document(format_, MENDED))


def test_openvex_of_a_study_without_flaws_would_break_its_specification_and_is_not_written():
    with pytest.raises(NothingToTell, match="no published flaw was matched, and OpenVEX asks for at least one"):
        document("openvex", MENDED)


@pytest.mark.parametrize(
    ("given", "name", "namespace"),
    [
        ("Example Pumps <https://pumps.example>", "Example Pumps", "https://pumps.example"),
        ("Example Pumps", "Example Pumps", "https://asepsis.example"),
        ("", "Author not named (asepsis --publisher names one)", "https://asepsis.example"),
    ],
)
def test_the_publisher_is_whom_the_user_names(given: str, name: str, namespace: str):
    publisher = publisher_of({"publisher": given} if given else {})
    assert (publisher.name, publisher.namespace) == (name, namespace)


def test_ids_depend_on_what_is_said_and_on_nothing_else():
    assert vex(FLAWS).uuid == vex(replace(FLAWS, facts=FLAWS.facts)).uuid
    assert vex(FLAWS).uuid != vex(replace(FLAWS, vulnerabilities=FLAWS.vulnerabilities[:-1])).uuid


def other_device(study):
    return replace(study, evidence=(replace(study.evidence[0], name="other.bin", sha256="77" * 32), *study.evidence[1:]))


@pytest.mark.parametrize("format_", ["csaf", "cyclonedx-vex"])
def test_two_devices_without_flaws_have_documents_of_two_names(format_: str):
    def name(study):
        whole = document(format_, study)
        return whole.get("serialNumber") or whole["document"]["tracking"]["id"]

    assert name(MENDED) == name(replace(MENDED))
    assert name(MENDED) != name(other_device(MENDED))


def first_flaw(study, **other):
    return replace(study, vulnerabilities=(replace(study.vulnerabilities[0], **other), *study.vulnerabilities[1:]))


@pytest.mark.parametrize(
    "other",
    [
        first_flaw(FLAWS, vulnerability="CVE-2099-9999"),
        first_flaw(FLAWS, vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
        replace(
            FLAWS, vulnerabilities=(FLAWS.vulnerabilities[0], replace(FLAWS.vulnerabilities[1], justification=Justification.CODE_NOT_IN_EXECUTE_PATH))
        ),
        replace(FLAWS, coverage=replace(FLAWS.coverage, unopened=("pump.ubi",))),
        replace(FLAWS, tool=replace(FLAWS.tool, version="9")),
    ],
    ids=["flaw", "score", "reason", "gaps", "tool"],
)
def test_whatever_a_document_says_is_in_its_name(other):
    same = FLAWS if len(other.vulnerabilities) > 2 else replace(FLAWS, vulnerabilities=FLAWS.vulnerabilities[:2])
    assert vex(same).digest != vex(other).digest


@pytest.mark.parametrize("format_", READERS)
def test_what_is_written_is_read_again_and_says_the_same(format_: str):
    claims = read_file(READERS[format_], tell(FLAWS, format_), "own.json")
    assert {one.vulnerability: (one.status.value, one.justification and one.justification.value) for one in claims} == STATED
    assert {one.product_sha256 for one in claims} == {(FLAWS.evidence[0].sha256,)}


@pytest.mark.parametrize("format_", READERS)
def test_what_is_read_again_names_the_same_parts_exactly(format_: str):
    known = [Component(one.where[0], one.component, one.version, purl=one.purl, cpe=one.cpe) for one in FLAWS.vulnerabilities]
    claims = Claims(read_file(READERS[format_], tell(FLAWS, format_), "own.json"), {FLAWS.evidence[0].sha256})
    by_name = {part.name: part for part in parts(Facts(known))}
    for one in FLAWS.vulnerabilities:
        (weighed,) = claims.about([one.vulnerability], by_name[one.component])
        assert (weighed.exact, weighed.lacks) == (True, "")


@pytest.mark.parametrize("format_", READERS)
def test_a_hostile_study_is_read_again(format_: str):
    assert len(read_file(READERS[format_], tell(HOSTILE, format_), "own.json")) >= 1


# --- CSAF: score and weakness ---------------------------------------------------------------------------------------


def test_csaf_gives_the_score_and_the_weakness_of_a_flaw_that_is_open():
    flaw = document("csaf")["vulnerabilities"][0]
    assert flaw["cwe"] == {"id": "CWE-787", "name": "Out-of-bounds Write"}
    (score,) = flaw["scores"]
    assert (score["products"], score["cvss_v3"]["baseScore"], score["cvss_v3"]["baseSeverity"]) == (["P-1"], 9.8, "CRITICAL")


@pytest.mark.parametrize(
    ("vector", "said"),
    [
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", ("cvss_v3", 9.8)),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", ("cvss_v2", 7.5)),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
        ("CVSS:3.1/AV:N", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_csaf_scores_are_those_that_its_version_knows(vector: str, said: tuple[str, float] | None):
    study = replace(FLAWS, vulnerabilities=(replace(FLAWS.vulnerabilities[0], vector=vector),))
    scores = document("csaf", study)["vulnerabilities"][0].get("scores", [])
    assert [(key, score[key]["baseScore"]) for score in scores for key in score if key != "products"] == ([said] if said else [])


def test_what_is_closed_has_no_score_in_csaf():
    closed = replace(FLAWS.vulnerabilities[1], vector="AV:N/AC:L/Au:N/C:P/I:P/A:P")
    assert "scores" not in document("csaf", replace(FLAWS, vulnerabilities=(closed,)))["vulnerabilities"][0]


def test_a_weakness_whose_name_is_not_known_is_left_out_of_csaf():
    study = replace(FLAWS, vulnerabilities=(replace(FLAWS.vulnerabilities[0], cwes=(4,)),))
    assert "cwe" not in document("csaf", study)["vulnerabilities"][0]


# --- OpenVEX: the rules of its schema that documents can break, written anew -----------------------------------------

DOCUMENT_KEYS = {"@context", "@id", "author", "role", "timestamp", "last_updated", "version", "tooling", "statements"}
STATEMENT_KEYS = {
    "@id", "version", "vulnerability", "timestamp", "last_updated", "products", "status", "supplier", "status_notes", "justification",
    "impact_statement", "action_statement", "action_statement_timestamp",
}  # fmt: skip


@pytest.mark.parametrize("study", [FLAWS, HOSTILE], ids=["flaws", "hostile"])
def test_openvex_keeps_the_rules_of_its_schema(study):
    whole = document("openvex", study)
    assert {"@context", "@id", "author", "timestamp", "version", "statements"} <= set(whole) <= DOCUMENT_KEYS
    assert whole["statements"]
    for one in whole["statements"]:
        assert {"vulnerability", "status", "products"} <= set(one) <= STATEMENT_KEYS
        assert ("justification" in one) != ("impact_statement" in one) if one["status"] == "not_affected" else "justification" not in one
        assert ("action_statement" in one) == (one["status"] == "affected")
        for product in one["products"]:
            assert set(product) <= {"@id", "identifiers", "hashes", "subcomponents"}
            for part in product["subcomponents"]:
                assert set(part.get("identifiers", {})) <= {"purl", "@cpe22", "@cpe23"}
