"""Packages of a tree: the distribution that they are of, and what a control file adds to the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asepsis.evidence.joined import join
from asepsis.evidence.protocols.purl import distribution, purl
from asepsis.evidence.readers.config.os_release import OsReleaseReader
from asepsis.evidence.readers.packages.dpkg_status import DpkgStatusReader
from asepsis.evidence.readers.packages.jar_manifest import JarManifestReader
from asepsis.evidence.readers.packages.maven_properties import MavenPropertiesReader
from asepsis.evidence.readers.packages.opkg_status import OpkgStatusReader
from asepsis.model.facts import Component, Fact, OperatingSystem, PackagedFiles, Program, UnidentifiedProgram
from asepsis.model.where import Where
from tests.unit.evidence.reading import read_file

DEBIAN = b'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="11"\n'
STATUS = b"Package: libssl1.1\nVersion: 1.1.1n-0+deb11u3\nSource: openssl\n"


def purls(facts: list[Fact]) -> list[str]:
    return [fact.purl for fact in join(facts) if isinstance(fact, Component)]


def test_a_package_is_of_the_distribution_of_its_tree():
    facts = read_file(DpkgStatusReader(), STATUS, "var/lib/dpkg/status") + read_file(OsReleaseReader(), DEBIAN, "usr/lib/os-release")
    assert purls(facts) == ["pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?distro=debian-11&upstream=openssl"]


def test_a_package_of_another_tree_or_without_a_release_stays_as_it_is():
    other = read_file(OsReleaseReader(), DEBIAN, "a.img!etc/os-release")
    assert purls([*read_file(DpkgStatusReader(), STATUS, "b.img!var/lib/dpkg/status"), *other]) == [
        "pkg:deb/libssl1.1@1.1.1n-0%2Bdeb11u3?upstream=openssl"
    ]


def test_the_release_outweighs_a_file_with_the_version_alone():
    files = {"etc/os-release": DEBIAN, "etc/debian_version": b"11.4\n"}
    system = [fact for path, text in files.items() for fact in read_file(OsReleaseReader(), text, path)]
    for order in (system, system[::-1]):
        assert "distro=debian-11&" in purls([*order, *read_file(DpkgStatusReader(), STATUS, "var/lib/dpkg/status")])[0]


def test_a_package_that_is_listed_and_has_a_control_file_is_one():
    control = b"Package: zlib\nVersion: 1.2.11-3\nLicense: Zlib\nSourceName: zlib-src\nCPE-ID: cpe:/a:gnu:zlib\nArchitecture: mips\n"
    listed = read_file(OpkgStatusReader(), b"Package: zlib\nVersion: 1.2.11-3\nArchitecture: mips\n", "usr/lib/opkg/status")
    own = read_file(OpkgStatusReader(), control, "usr/lib/opkg/info/zlib.control")
    (part,) = join([*listed, *own])
    assert isinstance(part, Component)
    assert (part.where.path, part.licence, part.cpe) == ("usr/lib/opkg/status", "Zlib", "cpe:2.3:a:gnu:zlib:1.2.11:*:*:*:*:*:*:*")
    assert part.purl == "pkg:opkg/zlib@1.2.11-3?arch=mips&upstream=zlib-src"
    assert join(own) == own


@pytest.mark.parametrize(
    ("system", "distro"),
    [
        (("Debian GNU/Linux", "12.4", "debian"), "debian-12"),
        (("Raspbian GNU/Linux", "10", "debian"), "raspbian-10"),
        (("Alpine Linux", "3.18.4", "alpine-linux"), "alpine-3.18.4"),
        (("Red Hat Enterprise Linux", "8.9", "rhel"), "redhat-8.9"),
        (("Linux", "5.10.1", "linux"), ""),
    ],
)
def test_only_distributions_have_packages(system: tuple[str, str, str], distro: str):
    assert distribution(OperatingSystem(Where("e1", "etc/os-release"), *system)) == distro


def test_what_is_no_name_gives_no_package_url():
    assert purl("deb", "", "1") == ""
    assert purl("deb", " / ", "1") == ""
    assert purl("deb", "a" * 300, "1") == ""
    assert purl("deb", "a\udcff", "1~x") == "pkg:deb/a%3F@1~x"


def test_an_archive_of_java_that_maven_names_is_one():
    manifest = b"Manifest-Version: 1.0\nImplementation-Title: Apache Log4j\nImplementation-Version: 1.2.17\n"
    (by_manifest,) = read_file(JarManifestReader(), manifest, "a/log4j-1.2.17.jar!META-INF/MANIFEST.MF")
    own = b"version=1.2.17\ngroupId=log4j\nartifactId=log4j\n"
    (by_maven,) = read_file(MavenPropertiesReader(), own, "a/log4j-1.2.17.jar!META-INF/maven/log4j/log4j/pom.properties")
    (other,) = read_file(MavenPropertiesReader(), own, "b/log4j-1.2.17.jar!META-INF/maven/log4j/log4j/pom.properties")
    assert join([by_manifest, by_maven]) == [by_maven]
    assert join([by_manifest, other]) == [by_manifest, other]
    shaded = replace(by_maven, version="9")
    assert join([by_manifest, shaded]) == [by_manifest, shaded]


def program(path: str) -> UnidentifiedProgram:
    return UnidentifiedProgram(Where("e1", path), "00")


LISTED = PackagedFiles(Where("e1", "r/var/lib/dpkg/info/pump.list"), "pump", ("usr/bin/pumpd", "lib/libpump.so.1"))
PUMP = Component(Where("e1", "r/var/lib/dpkg/status", line=1), "pump", "1.0", purl="pkg:deb/pump@1.0")


@pytest.mark.parametrize("path", ["r/usr/bin/pumpd", "r/bin/pumpd", "r/usr/lib/libpump.so.1"])
def test_a_program_that_a_package_brought_is_known(path: str):
    assert join([program(path), LISTED, PUMP]) == [Program(Where("e1", path), "00"), PUMP]


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("r/usr/bin/other", [LISTED, PUMP]),
        ("other/usr/bin/pumpd", [LISTED, PUMP]),
        ("r/usr/bin/pumpd", [LISTED]),
        ("r/usr/bin/pumpd", [LISTED, replace(PUMP, name="pumps")]),
        ("r/usr/bin/pumpd", [PUMP]),
    ],
)
def test_a_program_of_no_list_of_another_tree_or_of_a_package_that_nothing_names_is_not(path: str, others: list[Fact]):
    assert program(path) in join([program(path), *others])
    assert not any(isinstance(fact, PackagedFiles) for fact in join([program(path), *others]))


LIBRARY = Component(
    Where("e1", "usr/lib/libz.so.1"), "zlib", "1.2.13", "zlib", purl="pkg:generic/zlib@1.2.13", cpe="cpe:2.3:a:zlib:zlib:1.2.13:*:*:*:*:*:*:*"
)
ZLIB1G = b"Package: zlib1g\nVersion: 1:1.2.13.dfsg-1\nSource: zlib\n"


def zlib1g(*libraries: Component) -> Component:
    listed = read_file(DpkgStatusReader(), ZLIB1G, "var/lib/dpkg/status")
    brought = PackagedFiles(Where("e1", "var/lib/dpkg/info/zlib1g.list"), "zlib1g", ("lib/libz.so.1", "lib/libother.so.1"))
    return next(fact for fact in join([*listed, brought, *libraries]) if isinstance(fact, Component) and fact.name == "zlib1g")


def test_a_package_is_what_the_library_that_it_brought_says_of_itself():
    package = zlib1g(LIBRARY)
    assert (package.version, package.product, package.cpe) == (LIBRARY.version, LIBRARY.product, LIBRARY.cpe)


@pytest.mark.parametrize(
    "libraries",
    [
        (replace(LIBRARY, version="1.2.11"),),
        (replace(LIBRARY, where=Where("e1", "opt/libz.so.1")),),
        (LIBRARY, replace(LIBRARY, where=Where("e1", "usr/lib/libother.so.1"), product="other", cpe="")),
    ],
    ids=["another version", "not of the package", "two products in one package"],
)
def test_a_package_whose_programs_leave_a_doubt_stays_as_it_is(libraries):
    assert (zlib1g(*libraries).product, zlib1g(*libraries).cpe) == ("", "")
