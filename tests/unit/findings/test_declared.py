"""Names and versions of a bill of materials against those of what was found."""

from __future__ import annotations

import pytest

from asepsis.findings.declared import Register, Verdict
from asepsis.model.facts import Component
from asepsis.model.where import Where


def part(name: str, version: str = "", **more: str) -> Component:
    return Component(Where("e1", "x"), name, version, **more)


def deb(name: str, version: str, full: str, upstream: str = "") -> Component:
    return part(name, version, purl=f"pkg:deb/debian/{name}@{full}" + (f"?upstream={upstream}" if upstream else ""))


def verdict(found: Component, *declared: Component) -> Verdict:
    return Register(declared, lambda _product: "").answer(found).verdict


SSL = deb("libssl1.1", "1.1.1n", "1.1.1n-0%2Bdeb11u3", "openssl")


@pytest.mark.parametrize(
    "declared",
    [
        SSL,
        part("whatever", "1.1.1n", purl="pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=arm64"),
        part("libssl1.1", "1.1.1n"),
        part("libssl1.1", "1.1.1n-0+deb11u3"),
        part("openssl", "1.1.1n"),
        deb("openssl", "1.1.1n", "1.1.1n-0%2Bdeb11u3"),
    ],
    ids=["itself", "by package URL", "by name", "by name and the packager's version", "by its source's name", "by its source package"],
)
def test_a_package_is_declared_by_any_name_that_stands_for_it(declared: Component):
    assert verdict(SSL, declared) is Verdict.SAME


@pytest.mark.parametrize(
    ("found", "declared"),
    [
        (part("ssl", "1.1.1n"), SSL),
        (part("libssl", "1.1.1n"), SSL),
        (part("libssl1.1-dev", "1.1.1n"), part("libssl1.1", "1.1.1n")),
        (deb("curl", "7.88.1", "7.88.1-10"), deb("libcurl4", "7.88.1", "7.88.1-10", "curl")),
        (part("core", "7.0.0"), part("@babel/core", "7.0.0", purl="pkg:npm/%40babel/core@7.0.0")),
        (part("redis", "4.0.0", purl="pkg:npm/redis@4.0.0"), part("redis", "4.0.0", purl="pkg:pypi/redis@4.0.0")),
        (part("redis", "4.0.0", purl="pkg:npm/redis@4.0.0"), part("redis", "4.0.0", cpe="cpe:2.3:a:redis:redis:4.0.0:*:*:*:*:*:*:*")),
        (part("one", "1", cpe="cpe:2.3:a:maker:thing:1:*:*:*:*:*:*:*"), part("two", "1", cpe="cpe:2.3:a:other:thing:1:*:*:*:*:*:*:*")),
    ],
)
def test_a_likeness_of_names_declares_nothing(found: Component, declared: Component):
    assert verdict(found, declared) is Verdict.UNDECLARED


def test_a_package_of_a_language_is_declared_by_a_bill_that_says_nothing_but_names():
    assert verdict(part("redis", "4.0.0", purl="pkg:npm/redis@4.0.0"), part("redis", "4.0.0")) is Verdict.SAME


def test_the_digest_of_the_file_decides_before_any_name():
    assert verdict(part("agent", "2.0", sha256="ab" * 32), part("agent", "1.0"), part("pump agent", "1.0", sha256="ab" * 32)) is Verdict.SAME


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("1.2.11", "1.2.11", Verdict.SAME),
        ("1.2.11", "v1.2.11", Verdict.SAME),
        ("1.2.11", "1.2.11-2", Verdict.SAME),
        ("1.2.11", "1:1.2.11-2+deb11u1", Verdict.SAME),
        ("1.2.11-1", "1.2.11-2", Verdict.OTHER_VERSION),
        ("1.2.11", "1.2.1", Verdict.OTHER_VERSION),
        ("1.2.11", "1.2.11-rc1", Verdict.OTHER_VERSION),
        ("1.2.11", "", Verdict.BY_NAME),
        ("", "1.2.11", Verdict.BY_NAME),
    ],
)
def test_versions_agree_as_texts_or_as_one_release_upstream(ours: str, theirs: str, expected: Verdict):
    assert verdict(part("zlib", ours), part("zlib", theirs)) is expected


def test_packages_of_one_kind_must_agree_in_what_their_packager_added():
    assert verdict(SSL, deb("libssl1.1", "1.1.1n", "1.1.1n-0%2Bdeb11u5", "openssl")) is Verdict.OTHER_VERSION


def test_an_epoch_that_only_one_side_writes_is_no_difference():
    assert verdict(deb("zlib1g", "1.2.11", "1:1.2.11-2"), deb("zlib1g", "1.2.11", "1.2.11-2")) is Verdict.SAME
    assert verdict(deb("zlib1g", "1.2.11", "1:1.2.11-2"), deb("zlib1g", "1.2.11", "2:1.2.11-2")) is Verdict.OTHER_VERSION


def test_a_source_package_never_contradicts_a_version():
    assert verdict(deb("libdevmapper", "1.02.175", "1.02.175-2", "lvm2"), deb("lvm2", "2.03.11", "2.03.11-2")) is Verdict.BY_NAME


def test_one_entry_in_the_same_version_is_enough():
    assert verdict(part("zlib", "1.2.11"), part("zlib", "1.2.8"), part("zlib", "1.2.11")) is Verdict.SAME
