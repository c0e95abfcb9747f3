"""The order of versions, and which versions a statement speaks of."""

from __future__ import annotations

from itertools import pairwise

import pytest

from asepsis.findings.flaws.versions import concerns, key
from asepsis.model.vulnerability import Affected, Range

ORDERED = {
    "generic": [
        "0.9.8", "0.9.8a", "0.9.8zh", "1.0.0", "1.0.2-beta1", "1.0.2", "1.0.2a", "1.0.2k", "1.0.2.1", "1.2rc1", "1.2", "1.2p1", "1.2p2",
        "1.2.9", "1.2.10", "2.9", "2.10-devel",
        "2.10",
    ],
    "deb": ["1.0~rc1-1", "1.0-1", "1.0-1+deb11u1", "1.0-1+deb11u2", "1.0-2", "1.2.9-1", "1.2.10-1", "1:0.5-1"],
    "rpm": ["1.0~rc1-1", "1.0-1", "1.0-2", "1.0^git1-1", "1.2.9-1", "1.2.10-1", "1:0.5-1"],
    "apk": ["1.2.9-r0", "1.2.9-r10", "1.2.10-r0"],
    "pypi": ["1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.9", "1.10", "1!0.5"],
    "npm": ["1.0.0-alpha.1", "1.0.0-rc.1", "1.0.0", "1.2.9", "1.2.10"],
    "maven": ["1.0-alpha-1", "1.0-SNAPSHOT", "1.0", "1.0.1", "1.9", "1.10"],
    "golang": ["v1.2.9", "v1.2.10"],
}  # fmt: skip


@pytest.mark.parametrize("scheme", ORDERED)
def test_each_scheme_has_its_own_order(scheme: str):
    keys = [key(scheme, version) for version in ORDERED[scheme]]
    assert None not in keys
    for number, (one, other) in enumerate(pairwise(keys)):
        assert one < other, ORDERED[scheme][number : number + 2]


def test_zeros_at_the_end_say_nothing_in_a_makers_version():
    assert key("generic", "1.2") == key("generic", "1.2.0")


def says(version: str, *, scheme: str = "generic", versions: tuple[str, ...] = (), **limits: str | bool) -> bool | None:
    ranges = (Range(**limits),) if limits else ()  # type: ignore[arg-type]
    return concerns(Affected("CVE-1", "test", scheme=scheme, ranges=ranges, versions=versions), version)


@pytest.mark.parametrize("scheme", ORDERED)
def test_each_scheme_takes_limits_in_its_own_order(scheme: str):
    for one, other in pairwise(ORDERED[scheme]):
        assert says(one, scheme=scheme, fixed=other) is True, (one, other)
        assert says(other, scheme=scheme, fixed=one) is False, (one, other)
        assert says(other, scheme=scheme, introduced=other, last=other) is True, other
        assert says(one, scheme=scheme, introduced=one, introduced_excluded=True) is False, one
        assert says(other, scheme=scheme, introduced=one, introduced_excluded=True) is True, (one, other)


def test_numbers_compare_as_numbers():
    assert says("1.2.10", introduced="1.2.9", fixed="1.3") is True
    assert says("1.2.10", fixed="1.2.9") is False
    assert says("1.2.9", fixed="1.2.10") is True


def test_limits_are_inclusive_or_exclusive_as_they_say():
    assert says("1.5", introduced="1.5", fixed="1.6") is True
    assert says("1.5", introduced="1.5", introduced_excluded=True, fixed="1.6") is False
    assert says("1.6", introduced="1.5", fixed="1.6") is False
    assert says("1.6", introduced="1.5", last="1.6") is True
    assert says("1.6.1", introduced="1.5", last="1.6") is False


def test_an_update_belongs_to_the_version_that_it_updates():
    assert says("7.2p1", last="7.2") is True
    assert says("7.2p1", versions=("7.2",)) is True
    assert says("7.2p1", fixed="7.2") is False
    assert says("7.20", versions=("7.2",)) is False


def test_epoch_and_tilde_count_where_the_package_manager_counts_them():
    assert says("1:1.0-1", scheme="deb", fixed="2.0-1") is False
    assert says("2.0~rc1-1", scheme="deb", fixed="2.0-1") is True


def test_what_cannot_be_compared_is_no_answer():
    assert says("unknown", fixed="2.0") is None
    assert says("not a version", scheme="npm", fixed="2.0.0") is None
    assert says("1.0", fixed="whatever") is None
    assert says("3.0", introduced="2.0", fixed="whatever") is None
    assert says("1.0", introduced="2.0", fixed="whatever") is False


def test_zero_as_the_first_version_means_all_before():
    assert says("0.0.1", introduced="0", fixed="1.0") is True
    assert says("1.0-1", scheme="deb", introduced="0", fixed="1.0-2") is True


def test_letters_of_openssl_follow_the_release_in_their_order():
    assert says("1.0.2k", introduced="1.0.2", fixed="1.0.2l") is True
    assert says("1.0.2k", introduced="1.0.2", fixed="1.0.2k") is False
    assert says("1.0.2zh", fixed="1.0.2zi") is True
    assert says("1.0.2zh", last="1.0.2u") is False


def test_days_are_compared_as_days():
    assert says("2022.83", fixed="2024.84") is True
    assert says("20190419", introduced="20180101", fixed="20190420") is True
    assert says("2019-04-19", fixed="2019-04-20") is True
    assert says("2019-12-01", fixed="2019-4-20") is False


@pytest.mark.parametrize("described", ["1.4-37-gdeadbee", "v1.4-37-gdeadbee", "1.4-37-g1234567-dirty"])
def test_what_git_describes_lies_after_the_release_and_before_the_next(described: str):
    assert says(described, fixed="1.4") is False
    assert says(described, introduced="1.4", fixed="1.5") is True
    assert says(described, introduced="1.5") is False
