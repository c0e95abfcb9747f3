"""KEV, EPSS, kernel branches, ends of support."""

from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Range
from tests.unit.knowledge.vulnerabilities.said import parts, take

ENTRY = {"cveID": "CVE-2024-0001", "dateAdded": "2024-02-03", "shortDescription": "Bad.", "knownRansomwareCampaignUse": "Known", "cwes": ["CWE-78"]}


def test_kev_is_of_the_day_of_its_catalogue():
    (document,), wrong = take({"catalogVersion": "x", "dateReleased": "2024-05-06T17:04:19.9796Z", "count": 1, "vulnerabilities": [ENTRY]})
    (flaw,) = document.vulnerabilities
    assert (wrong, document.source, document.modified) == ([], "kev", "2024-05-06T17:04:19")
    assert (flaw.exploited_since, flaw.ransomware, flaw.cwes, flaw.summary) == ("2024-02-03", True, (78,), "Bad.")


def test_kev_as_a_table_says_the_same():
    head = "cveID,vendorProject,product,dateAdded,shortDescription,knownRansomwareCampaignUse,cwes\n"
    rows = 'CVE-2024-0001,A,B,2024-02-03,"Bad, ""very""\nbad.",Unknown,"CWE-78, CWE-79"\nCVE-x,A,B,2024-02-03,,,\n'
    (document,), wrong = take("\ufeff" + head + rows)
    (flaw,) = document.vulnerabilities
    assert (document.modified, flaw.ransomware, flaw.cwes) == ("2024-02-03", False, (78, 79))
    assert wrong == ["feed: line 3: 'CVE-x' is no id of a CVE record"]


def test_epss_is_of_the_day_it_was_scored():
    found, wrong = take(
        "#model_version:v2023.03.01,score_date:2023-06-24T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0001,0.5,0.9\nCVE-2024-0002,7,1\n"
    )
    assert [(one.id, one.modified, one.vulnerabilities[0].epss) for one in found] == [("CVE-2024-0001", "2023-06-24T00:00:00", 0.5)]
    assert wrong == ["feed: line 4: no CVE id with a score between 0 and 1"]


def test_epss_without_a_head_takes_the_day_from_its_name():
    raw = b"cve,epss,percentile\nCVE-2024-0001,0.5,0.9\n"
    found, _ = take(raw, name="epss_scores-2023-06-24.csv.gz")
    assert found[0].modified == "2023-06-24"


def test_a_branch_of_the_kernel_is_affected_before_its_fixed_release_and_fixed_from_it_on():
    before, after = parts({"CVE-2016-8645": {"3.12": {"fixed_version": "3.12.68"}, "4.9": {"fixed_version": "4.9"}, "x": {"fixed_version": "4.1"}}})
    assert (before.status, before.ranges) == (VexStatus.AFFECTED, (Range("3.12", fixed="3.12.68"),))
    assert (after.status, after.ranges) == (VexStatus.FIXED, (Range("3.12.68", fixed="3.13"), Range("4.9", fixed="4.10")))


PAGE = """\
---
title: OpenSSL
permalink: /openssl
releases:
  - releaseCycle: "9.1"
    eol: 2031-02-03
    latestReleaseDate: 2030-01-02
---
"""


def test_a_product_page_is_of_the_day_of_its_newest_release():
    (document,), wrong = take(PAGE)
    (product,) = document.products
    assert (wrong, document.source, document.id, document.modified) == ([], "endoflife.date", "openssl", "2030-01-02")
    assert {line: day.isoformat() for line, day in product.ends.items()} == {"9.1": "2031-02-03"}


def test_products_that_the_table_does_not_have_are_left_out():
    assert take(PAGE.replace("/openssl", "/somebody-elses")) == ([], [])


def test_an_answer_of_the_interface_is_read():
    releases = [{"name": "9.2", "isEol": False, "eolFrom": None}, {"name": "9.1", "isEol": True, "eolFrom": "2031-02-03"}]
    answer = {"schema_version": "1.2.0", "generated_at": "2031-05-06T07:08:09+00:00", "result": [{"name": "openssl", "releases": releases}]}
    for one in (answer, {**answer, "result": answer["result"][0]}):
        (document,), wrong = take(one)
        (product,) = document.products
        assert (wrong, document.modified, product.supported) == ([], "2031-05-06T07:08:09", ("9.2",))
        assert list(product.ends) == ["9.1"]


def test_a_bundle_names_no_part_with_a_control_character():
    part = {"vulnerability": "CVE-2024-0001", "source": "nvd", "cpe": "cpe:2.3:a:x:y\x16z:*:*:*:*:*:*:*:*", "ranges": []}
    document = {"source": "nvd", "id": "CVE-2024-0001", "modified": "2024-05-06", "vulnerabilities": [], "products": [], "affected": [part]}
    assert take(document) == ([], ["feed (byte 0): makes no sense: a document of a bundle that names a part with a control character: CVE-2024-0001"])
    found, wrong = take(document | {"affected": [part | {"cpe": "cpe:2.3:a:x:yz:*:*:*:*:*:*:*:*"}]})
    assert (len(found), wrong) == (1, [])
