"""CSAF advisories: the product tree flat, statuses as statements."""

import pytest

from asepsis.knowledge.vulnerabilities.names import keys_of
from asepsis.model.software import Justification, VexStatus
from asepsis.model.vulnerability import Range
from tests.unit.knowledge.vulnerabilities.said import parts, take

DIGEST = "a" * 64


def branch(category, name, *children, product=None):
    return {"category": category, "name": name, **({"branches": list(children)} if children else {}), **({"product": product} if product else {})}


def product(product_id, name="", **helper):
    return {"product_id": product_id, "name": name or product_id, **({"product_identification_helper": helper} if helper else {})}


def advisory(tree, status, *, document=None, **flaw):
    return {
        "document": {
            "csaf_version": "2.0",
            "title": "A pump",
            "publisher": {"name": "Acme"},
            "tracking": {"id": "ACME-1", "status": "final", "current_release_date": "2024-05-06T07:08:09Z"},
            **(document or {}),
        },
        "product_tree": tree,
        "vulnerabilities": [{"cve": "CVE-2024-0001", "product_status": status, **flaw}],
    }


def pump(version, category="product_version_range", **helper):
    return {"branches": [branch("vendor", "Acme", branch("product_name", "Pump", branch(category, version, product=product("P1", **helper))))]}


@pytest.mark.parametrize(
    ("version", "ranges", "versions"),
    [
        ("<= 2.3.6", (Range(last="2.3.6"),), ()),
        ("< 1.11.00", (Range(fixed="1.11.00"),), ()),
        (">= 1.1 | <= 1.3.2", (Range("1.1", last="1.3.2"),), ()),
        ("<= U61 |<= L81", (Range(last="U61"), Range(last="L81")), ()),
        ("vers:all/*", (Range(),), ()),
        ("vers:semver/>=1.0|<2.0|5.1", (Range("1.0", fixed="2.0"),), ("5.1",)),
        ("1.1 | 1.2", (), ("1.1", "1.2")),
        ("12.x", (Range("12", fixed="13"),), ()),
        ("<= 12.2.x.x", (Range(fixed="12.3"),), ()),
        ("prior to 3.1", (Range(fixed="3.1"),), ()),
        ("3.1 and earlier", (Range(last="3.1"),), ()),
    ],
)
def test_versions_in_a_makers_words(version, ranges, versions):
    (part,) = parts(advisory(pump(version), {"known_affected": ["P1"]}))
    assert (part.vendor, part.product, part.ranges, part.versions) == ("Acme", "Pump", ranges, versions)
    assert (part.source, part.status) == ("csaf:Acme", VexStatus.AFFECTED)


def test_each_status_is_told_and_a_reason_stands_with_not_affected_only():
    names = ("known_affected", "known_not_affected", "fixed", "under_investigation", "recommended")
    tree = {"full_product_names": [product(name, cpe="cpe:/a:acme:player:1.0") for name in names]}
    flags = [{"label": "vulnerable_code_not_present", "product_ids": list(names)}, {"label": "nonsense", "product_ids": list(names)}]
    found = parts(advisory(tree, {name: [name] for name in names}, flags=flags))
    assert [(part.status, part.because) for part in found] == [
        (VexStatus.AFFECTED, None),
        (VexStatus.NOT_AFFECTED, Justification.CODE_NOT_PRESENT),
        (VexStatus.FIXED, None),
        (VexStatus.UNDER_INVESTIGATION, None),
    ]
    assert {(part.cpe, part.versions) for part in found} == {("cpe:2.3:a:acme:player:*:*:*:*:*:*:*:*", ("1.0",))}


def test_what_nobody_will_look_at_is_as_open_as_what_somebody_looks_at():
    """CSAF 2.1 has a word for it."""
    assert [part.status for part in parts(advisory(pump("1.0"), {"unknown": ["P1"]}))] == [VexStatus.UNDER_INVESTIGATION]


def test_first_and_last_mean_from_here_on_and_up_to_here():
    status = {"first_affected": ["P1"], "last_affected": ["P1"], "first_fixed": ["P1"]}
    found = parts(advisory(pump("2.0", "product_version"), status))
    assert [part.ranges for part in found] == [(Range("2.0"),), (Range(last="2.0"),), (Range("2.0"),)]


def test_a_package_fixed_in_a_distribution_is_fixed_in_what_is_newer_and_names_what_it_is_part_of():
    tree = {
        "full_product_names": [product("base", cpe="cpe:/o:acme:linux:8"), product("pkg", purl="pkg:rpm/acme/openssl@1.1.1k-9.el8?arch=x86_64")],
        "relationships": [
            {
                "category": "default_component_of",
                "product_reference": "pkg",
                "relates_to_product_reference": "base",
                "full_product_name": product("base:pkg"),
            }
        ],
    }
    (part,) = parts(advisory(tree, {"fixed": ["base:pkg"]}))
    assert (part.purl, part.scheme, part.ranges, part.with_) == ("pkg:rpm/acme/openssl", "rpm", (Range("1.1.1k-9.el8"),), (("cpe:/o:acme:linux:8",),))


def test_a_digest_of_a_file_is_a_name_too():
    hashes = [{"filename": "pump.bin", "file_hashes": [{"algorithm": "sha256", "value": DIGEST.upper()}, {"algorithm": "md5", "value": "0"}]}]
    (part,) = parts(advisory(pump("2.0", "product_version", hashes=hashes), {"known_affected": ["P1"]}))
    assert part.sha256 == (DIGEST,)


def test_model_numbers_are_names_and_serial_numbers_a_condition_but_an_open_number_names_nothing():
    helper = {"model_numbers": ["P-3000", "P-4*", "P-50?0"], "serial_numbers": ["0001"]}
    (part,) = parts(advisory(pump("2.0", "product_version", **helper), {"known_affected": ["P1"]}))
    assert (part.models, part.serials) == (("P-3000",), ("0001",))
    assert list(keys_of(part)) == ["product:pump", "product:p 3000"]


def test_scores_weakness_and_advisory_are_kept():
    flaw = {"scores": [{"cvss_v3": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}], "cwe": {"id": "CWE-306", "name": "x"}}
    (document,), _ = take(advisory(pump("1"), {"known_affected": ["P1"]}, **flaw))
    (told,) = document.vulnerabilities
    assert (document.source, document.id, document.modified) == ("csaf:Acme", "ACME-1", "2024-05-06T07:08:09")
    assert (told.id, told.aliases, told.cwes, len(told.vectors), told.summary) == ("CVE-2024-0001", ("ACME-1",), (306,), 1, "A pump")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"csaf_version": "9.0"}, "makes no sense: CSAF '9.0' is not known, only 2.x"),
        ({"tracking": {}}, "makes no sense: an advisory without an id"),
        ({"tracking": {"id": "ACME-1", "status": "draft"}}, "makes no sense: ACME-1 is a draft"),
    ],
)
def test_what_is_no_final_advisory_is_refused(document, said):
    assert take(advisory(pump("1"), {"known_affected": ["P1"]}, document=document)) == ([], [f"feed (byte 0): {said}"])


def test_ids_that_no_tree_names_are_passed_over():
    assert parts(advisory({}, {"known_affected": ["P1", 5, None]})) == []
