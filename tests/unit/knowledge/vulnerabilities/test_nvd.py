"""NVD's records: what is vulnerable is a part, what stands beside it is a condition."""

import pytest

from asepsis.model.vulnerability import Range
from tests.unit.knowledge.vulnerabilities.said import parts, take

KERNEL = "cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*"
PLAYER = "cpe:2.3:a:acme:player:*:*:*:*:*:*:*:*"


def match(name, *, vulnerable=True, **bounds):
    return {"vulnerable": vulnerable, "criteria": name, "matchCriteriaId": "x", **bounds}


def record(*configurations, **more):
    cve = {"id": "CVE-2024-0001", "vulnStatus": "Analyzed", "lastModified": "2024-05-06T07:08:09.123", "configurations": list(configurations), **more}
    return {"cve": {"descriptions": [{"lang": "en", "value": "A flaw."}], **cve}}


def group(*matches, operator="OR", negate=False):
    return {"operator": operator, "negate": negate, "cpeMatch": list(matches)}


def old_record(nodes, reject=False):
    return {
        "cve": {
            "CVE_data_meta": {"ID": "CVE-2024-0001"},
            "description": {"description_data": [{"lang": "en", "value": "** REJECT ** no." if reject else "A flaw."}]},
        },
        "configurations": {"nodes": nodes},
        "lastModifiedDate": "2024-05-06T07:08Z",
    }


RUNNING_ON = {"operator": "AND", "nodes": [group(match(PLAYER, versionEndExcluding="2.0")), group(match(KERNEL, vulnerable=False))]}
OLD_RUNNING_ON = {
    "operator": "AND",
    "children": [
        {"operator": "OR", "cpe_match": [{"vulnerable": True, "cpe23Uri": PLAYER, "versionEndExcluding": "2.0"}]},
        {"operator": "OR", "cpe_match": [{"vulnerable": False, "cpe23Uri": KERNEL}]},
    ],
}


@pytest.mark.parametrize("feed", [record(RUNNING_ON), old_record([OLD_RUNNING_ON])], ids=["2.0", "1.1"])
def test_the_kernel_something_runs_on_is_a_condition_and_no_part_with_the_flaw(feed):
    (part,) = parts(feed)
    assert part.cpe == PLAYER
    assert part.ranges == (Range(fixed="2.0"),)
    assert part.with_ == ((KERNEL,),)


def test_all_four_bounds_are_kept_and_single_versions_are_gathered():
    (part,) = parts(
        record(
            {
                "nodes": [
                    group(
                        match(PLAYER, versionStartIncluding="1.0", versionEndIncluding="1.4"),
                        match(PLAYER, versionStartExcluding="2.0", versionEndExcluding="2.6"),
                        match("cpe:2.3:a:acme:player:3.1:p2:*:*:*:*:*:*"),
                        match("cpe:2.3:a:acme:player:3.1:rc1:*:*:*:*:*:*"),
                        match("cpe:2.3:a:acme:player:-:*:*:*:*:*:*:*"),
                    )
                ]
            }
        )
    )
    assert part.ranges == (Range("1.0", last="1.4"), Range("2.0", fixed="2.6", introduced_excluded=True))
    assert part.versions == ("3.1p2", "3.1-rc1", "-")


def test_a_target_software_of_its_own_stays_in_the_name():
    found = parts(record({"nodes": [group(match(PLAYER), match("cpe:2.3:a:acme:player:*:*:*:*:*:windows:*:*"))]}))
    assert [part.cpe for part in found] == [PLAYER, "cpe:2.3:a:acme:player:*:*:*:*:*:windows:*:*"]


def test_two_vulnerable_parts_that_belong_together_are_each_the_others_condition():
    other = "cpe:2.3:a:acme:codec:*:*:*:*:*:*:*:*"
    found = parts(record({"operator": "AND", "nodes": [group(match(PLAYER)), group(match(other))]}))
    assert [(part.cpe, part.with_) for part in found] == [(PLAYER, ((other,),)), (other, ((PLAYER,),))]


def test_what_must_be_absent_is_neither_a_part_nor_a_condition():
    found = parts(record({"operator": "AND", "nodes": [group(match(PLAYER)), group(match(KERNEL), negate=True)]}))
    assert [(part.cpe, part.with_) for part in found] == [(PLAYER, ())]


def test_a_match_that_says_vulnerable_in_words_is_not_vulnerable():
    assert parts(record({"nodes": [group({**match(PLAYER), "vulnerable": "true"})]})) == []


@pytest.mark.parametrize("feed", [record(RUNNING_ON, vulnStatus="Rejected"), old_record([OLD_RUNNING_ON], reject=True)], ids=["2.0", "1.1"])
def test_a_rejected_record_is_withdrawn_and_names_no_part(feed):
    (document,), wrong = take(feed)
    assert wrong == []
    assert document.affected == ()
    assert [flaw.withdrawn for flaw in document.vulnerabilities] == [True]


def test_the_newest_score_leads_and_weaknesses_and_days_are_read():
    metrics = {
        "cvssMetricV2": [{"cvssData": {"vectorString": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}}],
        "cvssMetricV31": [{"cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
        "cvssMetricV40": [{"cvssData": {"vectorString": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}}, {"cvssData": 5}],
    }
    weaknesses = [{"description": [{"lang": "en", "value": "CWE-787"}, {"lang": "en", "value": "NVD-CWE-noinfo"}]}]
    (document,), _ = take(
        record(RUNNING_ON, metrics=metrics, weaknesses=weaknesses, published="2024-01-02T03:04:05.000", cisaExploitAdd="2024-02-03")
    )
    (flaw,) = document.vulnerabilities
    assert [vector[:8] for vector in flaw.vectors] == ["CVSS:4.0", "CVSS:3.1", "AV:N/AC:"]
    assert (flaw.cwes, flaw.published, flaw.modified, flaw.exploited_since) == ((787,), "2024-01-02", "2024-05-06", "2024-02-03")
    assert document.modified == "2024-05-06T07:08:09"


def test_a_correction_stands_under_a_source_of_its_own():
    (document,), _ = take({"_annotation": {"cve_id": "CVE-2024-0001", "modified": "2024-08-08T04:06:55"}, "cve": {"configurations": [RUNNING_ON]}})
    assert (document.source, document.id, document.affected[0].cpe) == ("nvd-overrides", "CVE-2024-0001", PLAYER)


def test_a_condition_of_very_many_names_is_none_and_an_and_of_very_many_parts_joins_nothing():
    many = [match(f"cpe:2.3:h:acme:board{number}:-:*:*:*:*:*:*:*", vulnerable=False) for number in range(501)]
    (part,) = parts(record({"operator": "AND", "nodes": [group(match(PLAYER)), group(*many)]}))
    assert part.with_ == ()
    wide = [match(f"cpe:2.3:a:acme:part{number}:*:*:*:*:*:*:*:*") for number in range(65)]
    assert {part.with_ for part in parts(record({"nodes": [group(*wide, operator="AND")]}))} == {()}
