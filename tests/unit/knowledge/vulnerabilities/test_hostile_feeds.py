"""Whatever stands in a feed, a format says documents or what is wrong, and raises nothing."""

import copy
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asepsis.knowledge.vulnerabilities.feed import Document
from tests.unit.knowledge.vulnerabilities import test_csaf, test_cve, test_nvd, test_osv
from tests.unit.knowledge.vulnerabilities.said import take

_CVE_ENTRY = {
    "vendor": "Acme",
    "product": "Player",
    "cpes": ["cpe:2.3:a:acme:player:1:*:*:*:*:*:*:*"],
    "packageURL": "pkg:npm/player",
    "collectionURL": "https://x",
    "packageName": "x",
    "programFiles": ["a.c"],
    "programRoutines": [{"name": "f"}],
    "defaultStatus": "affected",
    "versions": [
        {"version": "1", "lessThan": "2", "status": "affected", "versionType": "semver", "changes": [{"at": "1.5", "status": "unaffected"}]}
    ],
}
_TREE = {
    **test_csaf.pump(">= 1 | < 2", cpe="cpe:/a:x:y", purl="pkg:rpm/x/y@1", hashes=[{"file_hashes": [{"algorithm": "sha256", "value": "a" * 64}]}]),
    "full_product_names": [{"product_id": "P2", "name": "x"}],
    "relationships": [{"product_reference": "P1", "relates_to_product_reference": "P2", "full_product_name": {"product_id": "P3"}}],
}
FEEDS = {
    "cve": test_cve.record(
        _CVE_ENTRY, adp=[{"providerMetadata": {"shortName": "x"}, "affected": [_CVE_ENTRY], "metrics": [{"x": {"vectorString": "y"}}]}]
    ),
    "nvd 2": test_nvd.record(
        test_nvd.RUNNING_ON, metrics={"x": [{"cvssData": {"vectorString": "y"}}]}, weaknesses=[{"description": [{"value": "CWE-1"}]}]
    ),
    "nvd 1": test_nvd.old_record([test_nvd.OLD_RUNNING_ON]),
    "correction": {"_annotation": {"cve_id": "CVE-2024-0001"}, "cve": {"configurations": [test_nvd.RUNNING_ON]}},
    "osv": test_osv.record(
        affected=[test_osv.affected("Debian:11", "x", *test_osv.FIXED)], aliases=["CVE-2024-0001"], severity=[{"type": "x", "score": "y"}]
    ),
    "csaf": test_csaf.advisory(
        _TREE, {"known_affected": ["P1"], "fixed": ["P3"]}, flags=[{"label": "x", "product_ids": ["P1"]}], cwe={"id": "CWE-1"}
    ),
    "kev": {
        "catalogVersion": "1",
        "dateReleased": "2024-05-06",
        "vulnerabilities": [{"cveID": "CVE-2024-0001", "dateAdded": "2024-02-03", "cwes": ["CWE-1"]}],
    },
    "linux": {"CVE-2016-8645": {"3.12": {"fixed_version": "3.12.68"}}},
    "ends": {"generated_at": "2031-05-06", "result": [{"name": "openssl", "releases": [{"name": "9", "isEol": True, "eolFrom": "2031-02-03"}]}]},
}
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["", "*", "0", "n/a", "-", "9" * 5000, "1." * 3000 + "*", ">= 1 | <", "cpe:2.3:a:::", "pkg:", "vers:", "::", "2024-02-31", "\x00\u202e"]
    ),
    st.lists(st.one_of(st.none(), st.text(max_size=5), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
)


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


@pytest.mark.parametrize("name", FEEDS)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_value_of_any_kind_at_any_place_is_survived(name, data):
    changed = copy.deepcopy(FEEDS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([path for path in places(changed) if path]))
        inner = changed
        for step in way:
            inner = inner[step]
        inner[last] = data.draw(STRANGE)
    found, _ = take(json.dumps(changed))
    for document in found:
        assert msgspec.json.decode(msgspec.json.encode(document), type=Document) == document


@pytest.mark.parametrize("name", FEEDS)
def test_the_feeds_that_are_altered_here_say_something_when_they_are_not(name):
    found, wrong = take(json.dumps(FEEDS[name]))
    assert (len(found), wrong) == (1, [])


def test_a_carriage_return_in_a_table_costs_that_table_only_from_there_on():
    found, wrong = take("cveID,vendorProject,dateAdded\nCVE-2024-0001,A,2024-02-03\nCVE-2024-0002,A\rB,2024-02-03\n")
    assert [document.id for document in found] == ["CVE-2024-0001"]
    assert wrong == ["feed: line 3 is no row of a table, what follows was not read"]
