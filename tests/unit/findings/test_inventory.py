"""What a bill of materials lists: every part once, every executable, with its support and what it needs."""

from __future__ import annotations

from datetime import date

from asepsis.findings.inventory import inventory
from asepsis.findings.rule import Context, Facts
from asepsis.knowledge.load import load
from asepsis.model.facts import Component, Confidence, Fact, Linkage, OperatingSystem, Program, UnidentifiedProgram
from asepsis.model.inventory import Item, ItemKind, SupportLevel
from asepsis.model.software import MOST_DEPENDENCIES
from asepsis.model.where import Where

STATUS = "var/lib/dpkg/status"
CRYPTO, TOOL = "usr/lib/libcrypto.so.1.1", "usr/bin/openssl"
OPENSSL_CPE = "cpe:2.3:a:openssl:openssl:1.1.1n:*:*:*:*:*:*:*"


def items(*facts: Fact, as_of: date = date(2026, 1, 1)) -> dict[str, Item]:
    made = inventory(Facts(facts), Context(load(), as_of))
    assert len({item.id for item in made}) == len(made)
    return {item.name: item for item in made}


def package(name: str, version: str = "1.0-1", *, line: int = 1, product: str = "", depends: tuple[str, ...] = ()) -> Component:
    url = f"pkg:deb/debian/{name}@{version}?distro=debian-11"
    where = Where("e1", STATUS, line=line)
    return Component(where, name, version.partition("-")[0], product, "package list", Confidence.CONFIRMED, url, depends=depends)


def library(path: str = CRYPTO, digest: str = "aa" * 32) -> Component:
    url = "pkg:generic/openssl@1.1.1n"
    return Component(Where("e1", path, 9), "OpenSSL", "1.1.1n", "openssl", "version string", purl=url, cpe=OPENSSL_CPE, sha256=digest)


def test_a_library_and_its_only_package_are_one_item_with_both_witnesses():
    found = items(package("libssl1.1", "1.1.1n-0+deb11u3", product="openssl"), library())
    (item,) = found.values()
    assert (item.name, item.version, item.cpe) == ("libssl1.1", "1.1.1n-0+deb11u3", OPENSSL_CPE)
    assert item.methods == ("package list", "version string")
    assert [where.path for where in item.where] == [CRYPTO, STATUS]
    assert item.sha256 == ("aa" * 32,)


def test_where_two_packages_are_of_one_product_nothing_says_whose_the_library_is():
    found = items(package("libssl1.1", "1.1.1n-0", product="openssl"), package("openssl", "1.1.1n-0", line=9, product="openssl"), library())
    assert sorted(found) == ["OpenSSL", "libssl1.1", "openssl"]
    assert (found["OpenSSL"].purl, found["libssl1.1"].cpe) == ("pkg:generic/openssl@1.1.1n", "")


def test_one_package_in_two_lists_is_one_item_seen_twice():
    (item,) = items(package("zlib1g"), package("zlib1g", line=70)).values()
    assert [where.line for where in item.where] == [1, 70]


def test_every_executable_is_listed_with_its_digest_also_those_that_only_hold_a_part():
    found = items(
        UnidentifiedProgram(Where("e1", "opt/pumpd"), "bb" * 32, "ARM"),
        UnidentifiedProgram(Where("e1", "opt/old/pumpd"), "bb" * 32, "ARM"),
        Program(Where("e1", "opt/updater"), "cc" * 32, "ARM"),
        Program(Where("e1", CRYPTO), "aa" * 32, "ARM"),
        library("opt/updater", digest=""),
        library(),
    )
    assert {name: (item.kind, item.sha256) for name, item in found.items()} == {
        "OpenSSL": (ItemKind.PART, ("aa" * 32,)),
        "pumpd": (ItemKind.PROGRAM, ("bb" * 32,)),
        "updater": (ItemKind.PROGRAM, ("cc" * 32,)),
    }
    assert [where.path for where in found["pumpd"].where] == ["opt/old/pumpd", "opt/pumpd"]
    assert (found["updater"].linked, found["pumpd"].linked) == ((found["OpenSSL"].id,), ())


def test_the_program_that_is_an_operating_system_is_no_item_beside_it():
    found = items(OperatingSystem(Where("e1", "boot/vmlinux", 64), "Linux", "5.10.7-yocto", "linux"), Program(Where("e1", "boot/vmlinux"), "dd" * 32))
    (item,) = found.values()
    assert (item.kind, item.version, item.sha256) == (ItemKind.SYSTEM, "5.10.7", ("dd" * 32,))
    assert item.cpe == "cpe:2.3:o:linux:linux_kernel:5.10.7:*:*:*:*:*:*:*"


def test_declared_needs_are_resolved_by_name_in_the_same_ecosystem():
    npm = Component(Where("e1", "app/package-lock.json", line=3), "libc6", "9", purl="pkg:npm/libc6@9", method="lock file")
    found = items(package("tool", depends=("libc6", "debconf")), npm)
    assert (found["tool"].declared, found["tool"].unmet, found["tool"].dependencies_known) == ((), ("debconf", "libc6"), True)
    found = items(package("tool", depends=("libc6", "debconf")), package("libc6", line=9))
    assert (found["tool"].declared, found["tool"].unmet) == ((found["libc6"].id,), ("debconf",))


def test_of_a_part_of_whose_needs_the_rest_was_left_out_they_are_not_called_known():
    most = tuple(f"lib{number}" for number in range(MOST_DEPENDENCIES))
    assert not items(package("tool", depends=most))["tool"].dependencies_known
    assert items(package("tool", depends=most[1:]))["tool"].dependencies_known


def test_a_need_that_several_versions_could_meet_is_not_guessed():
    found = items(package("tool", depends=("lib",)), package("lib", "1.0-1", line=5), package("lib", "2.0-1", line=9))
    assert (found["tool"].declared, found["tool"].unmet) == ((), ("lib (several versions)",))


def test_a_program_is_linked_with_the_item_whose_file_has_the_librarys_name():
    found = items(
        library(),
        Program(Where("e1", CRYPTO), "aa" * 32),
        Linkage(Where("e1", CRYPTO), "libcrypto.so.1.1"),
        UnidentifiedProgram(Where("e1", "opt/pumpd"), "bb" * 32),
        Linkage(Where("e1", "opt/pumpd"), needs=("libcrypto.so.1.1", "libm.so.6")),
        UnidentifiedProgram(Where("e1", "other.img!opt/helper"), "cc" * 32),
        Linkage(Where("e1", "other.img!opt/helper"), needs=("libcrypto.so.1.1",)),
    )
    assert (found["pumpd"].linked, found["pumpd"].unmet) == ((found["OpenSSL"].id,), ("libm.so.6",))
    assert (found["helper"].linked, found["helper"].unmet) == ((), ("libcrypto.so.1.1",))


def test_parts_that_one_list_names_do_not_hold_each_other():
    """Each part of a bill of materials lies in the same file, and may carry a digest of its own."""
    first, second = (Component(Where("e1", "sbom.json"), name, "1", sha256=digest * 32) for name, digest in (("one", "aa"), ("two", "bb")))
    assert all(item.linked == () for item in items(first, second).values())


def test_support_is_compared_with_the_day_of_the_study():
    before, after = items(library(), as_of=date(2023, 9, 10))["OpenSSL"], items(library(), as_of=date(2023, 9, 12))["OpenSSL"]
    assert (before.support, before.end_of_support) == (SupportLevel.MAINTAINED, "2023-09-11")
    assert (after.support, after.end_of_support) == (SupportLevel.NO_LONGER, "2023-09-11")
    assert after.support_source.startswith("openssl 1.1.1 (endoflife.date")


def test_what_nobody_maintains_is_called_abandoned_and_says_who_says_so():
    boa = items(Component(Where("e1", "usr/sbin/boa"), "Boa", "0.94.13", "boa"))["Boa"]
    assert (boa.support, boa.end_of_support) == (SupportLevel.ABANDONED, "2005-02-23")
    assert boa.support_source.startswith("boa (general knowledge of boa.org")
    assert boa.support_source.endswith("[K]")


def test_a_package_that_is_no_listed_product_is_supported_as_long_as_its_distribution():
    item = items(package("some-tool"), as_of=date(2024, 1, 1))["some-tool"]
    assert (item.support, item.end_of_support[:4]) == (SupportLevel.MAINTAINED, "2024")
    assert item.support_source.startswith("as a package of debian 11: ")


def test_of_a_package_whose_project_says_nothing_of_support_its_distribution_does():
    """The C library lists years of releases and no ends; Debian 11 ends."""
    item = items(package("libc6", "2.31-13", product="glibc"), as_of=date(2030, 1, 1))["libc6"]
    assert (item.support, item.support_source[:24]) == (SupportLevel.NO_LONGER, "as a package of debian 1")


def test_of_a_language_package_with_a_products_name_no_support_is_known():
    redis = Component(Where("e1", "app/package.json"), "redis", "4.0.0", purl="pkg:npm/redis@4.0.0")
    item = items(redis)["redis"]
    assert (item.support, item.end_of_support, item.support_source) == (SupportLevel.UNKNOWN, "", "in no table of ends of support")


def test_an_id_is_the_same_whatever_else_is_in_the_device():
    assert items(package("zlib1g"))["zlib1g"].id == items(package("zlib1g", line=99), package("bash"))["zlib1g"].id


def test_a_digest_that_is_none_is_not_kept():
    assert items(library(digest="<script>"))["OpenSSL"].files == ()


def declared(name: str, url: str = "", *, path: str = "sbom.json", depends: tuple[str, ...] = ()) -> Component:
    return Component(Where("e1", path), name, "1", method="bill of materials", purl=url, depends=depends)


def test_a_bill_says_what_a_program_needs_in_every_ecosystem():
    parts = (declared("core", "pkg:npm/%40angular/core@1"), declared("openssl", "pkg:deb/debian/openssl@1"), declared("openssl", "pkg:npm/openssl@1"))
    made = inventory(Facts((*parts, declared("pumpd", depends=("core", "openssl")))), Context(load(), date(2026, 1, 1)))
    ids = {item.purl: item.id for item in made}
    (pumpd,) = (item for item in made if item.name == "pumpd")
    assert (pumpd.declared, pumpd.unmet) == ((ids["pkg:npm/%40angular/core@1"],), ("openssl (several versions)",))


def test_what_a_bill_needs_is_not_looked_for_in_another_bill():
    found = items(declared("core", "pkg:npm/core@1", path="other.json"), declared("pumpd", depends=("core",)))
    assert (found["pumpd"].declared, found["pumpd"].unmet) == ((), ("core",))


def test_a_package_of_haskell_or_lua_is_not_the_library_it_is_called_after():
    found = items(declared("zlib", "pkg:hackage/zlib@1"), declared("openssl", "pkg:luarocks/openssl@0.9.8"))
    assert {item.support_source for item in found.values()} == {"in no table of ends of support"}
