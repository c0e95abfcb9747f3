"""CVE records of format 5: which versions are affected, in the words of the standard."""

import pytest

from asepsis.knowledge.vulnerabilities.cve_versions import Stated, stated
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Range
from tests.unit.knowledge.vulnerabilities.said import parts, take

LINUX = "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*"


def record(*affected, state="PUBLISHED", adp=(), **cna):
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": "CVE-2024-0001", "state": state, "dateUpdated": "2024-05-06T07:08:09Z", "datePublished": "2024-01-02T00:00:00"},
        "containers": {"cna": {"affected": list(affected), "descriptions": [{"lang": "en-US", "value": "A flaw."}], **cna}, "adp": list(adp)},
    }


def version(text, status="affected", **more):
    return {"version": text, "status": status, **more}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([version("1.0", lessThan="1.2")], [Stated("affected", (Range("1.0", fixed="1.2"),))]),
        ([version("0", lessThanOrEqual="1.2")], [Stated("affected", (Range(last="1.2"),))]),
        ([version("unspecified", lessThan="1.2")], [Stated("affected", (Range(fixed="1.2"),))]),
        ([version("1.0", lessThan="*")], [Stated("affected", (Range("1.0"),))]),
        ([version("2.1")], [Stated("affected", versions=("2.1",))]),
        ([version("< 2.1")], [Stated("affected", (Range(fixed="2.1"),))]),
        ([version(">= 1.0, < 2.1")], [Stated("affected", (Range("1.0", fixed="2.1"),))]),
        ([version("0", lessThan="unspecified")], [Stated("unknown", (Range(),))]),
        ([version("n/a")], [Stated("unknown", (Range(),))]),
        ([version("1.0", status="perhaps")], [Stated("unknown", versions=("1.0",))]),
        ([version("abc123", versionType="git", lessThan="def456")], []),
        ([version("1.0", lessThan="2.0", versionType="semver")], [Stated("affected", (Range("1.0", fixed="2.0"),), semver=True)]),
    ],
)
def test_versions_as_written(versions, expected):
    assert list(stated({"versions": versions})) == expected


def test_changes_cut_a_range_where_its_status_changes():
    one = version("1.0", lessThan="3.0", changes=[{"at": "1.5", "status": "unaffected"}, {"at": "2.0", "status": "affected"}])
    assert list(stated({"versions": [one]})) == [
        Stated("affected", (Range("1.0", fixed="1.5"), Range("2.0", fixed="3.0"))),
        Stated("unaffected", (Range("1.5", fixed="2.0"),)),
    ]


def test_changes_of_a_single_version_reach_to_the_end():
    one = version("1.0", changes=[{"at": "1.5", "status": "unaffected"}])
    assert list(stated({"versions": [one]})) == [Stated("affected", (Range("1.0", fixed="1.5"),)), Stated("unaffected", (Range("1.5"),))]


def test_all_but_the_exceptions_are_affected_if_that_is_the_default():
    """The form of the kernel's own records."""
    entry = {
        "defaultStatus": "affected",
        "versions": [
            version("6.8"),
            version("0", status="unaffected", lessThan="6.8", versionType="semver"),
            version("6.12.23", status="unaffected", lessThanOrEqual="6.12.*", versionType="semver"),
            version("6.15", status="unaffected", lessThanOrEqual="*", versionType="original_commit_for_fix"),
        ],
    }
    affected, unaffected = stated(entry)
    assert affected == Stated("affected", (Range(),), ("6.8",))
    assert unaffected == Stated("unaffected", (Range(fixed="6.8"), Range("6.12.23", fixed="6.13"), Range("6.15")))


def test_a_default_beside_nothing_but_commits_says_nothing_of_versions():
    assert stated({"defaultStatus": "affected", "versions": [version("abc", versionType="git")]}) == ()


def test_the_kernel_is_known_without_a_cpe_name_and_its_files_are_kept():
    entry = {
        "vendor": "Linux",
        "product": "Linux",
        "programFiles": ["net/core/x.c"],
        "programRoutines": [{"name": "x_open"}],
        "versions": [version("6.8")],
    }
    (part,) = parts(record(entry))
    assert (part.cpe, part.scheme, part.modules, part.functions) == (LINUX, "generic", ("net/core/x.c",), ("x_open",))


def test_a_product_is_named_by_cpe_or_package_url_and_in_words_only_without():
    named = {"vendor": "Acme", "product": "Player", "versions": [version("1")]}
    with_cpe = {**named, "cpes": ["cpe:2.3:a:acme:player:1:*:*:*:*:*:*:*", "rubbish"]}
    packaged = {**named, "collectionURL": "https://registry.npm.example", "packageName": "@acme/player"}
    found = parts(record(with_cpe, packaged, named))
    assert [(part.cpe, part.purl, part.product) for part in found] == [
        ("cpe:2.3:a:acme:player:*:*:*:*:*:*:*:*", "", "Player"),
        ("", "pkg:npm/@acme/player", "Player"),
        ("", "", "Player"),
    ]


def test_nobodys_product_is_no_part():
    assert parts(record({"vendor": "n/a", "product": "n/a", "versions": [version("n/a")]})) == []


def test_a_part_without_a_version_is_under_investigation_and_never_called_affected():
    (part,) = parts(record({"vendor": "Acme", "product": "Pump", "versions": [version("unspecified")]}))
    assert part.status is VexStatus.UNDER_INVESTIGATION


def test_what_cisa_adds_stands_under_its_own_name_and_its_scores_count():
    score = {"cvssV3_1": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}
    adp = {
        "providerMetadata": {"shortName": "CISA-ADP"},
        "affected": [{"cpes": ["cpe:2.3:a:acme:player:*:*:*:*:*:*:*:*"], "versions": [version("1", lessThan="2")]}],
        "metrics": [score, {"other": {"type": "ssvc"}}],
        "problemTypes": [{"descriptions": [{"cweId": "CWE-295"}]}],
    }
    (document,), _ = take(record(adp=[adp]))
    assert [part.source for part in document.affected] == ["cve:cisa-adp"]
    (flaw,) = document.vulnerabilities
    assert (flaw.vectors, flaw.cwes, flaw.summary) == ((score["cvssV3_1"]["vectorString"],), (295,), "A flaw.")


def test_a_rejected_record_is_withdrawn():
    (document,), _ = take(record({"vendor": "Acme", "product": "Pump", "versions": [version("1")]}, state="REJECTED"))
    assert document.affected == ()
    assert document.vulnerabilities[0].withdrawn


def test_cpe_applicability_is_read_as_nvds_configurations():
    node = {"operator": "OR", "cpeMatch": [{"vulnerable": True, "criteria": LINUX, "versionStartIncluding": "6.1", "versionEndExcluding": "6.1.9"}]}
    (part,) = parts(record(cpeApplicability=[{"nodes": [node]}]))
    assert (part.cpe, part.ranges) == (LINUX, (Range("6.1", fixed="6.1.9"),))
