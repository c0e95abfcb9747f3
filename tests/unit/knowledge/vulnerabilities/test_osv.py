"""OSV records: under which id they speak, of which package, in which versions."""

import pytest

from asepsis.model.vulnerability import Range
from tests.unit.knowledge.vulnerabilities.said import parts, take


def record(name="PYSEC-2024-1", *, affected=(), **more):
    return {"id": name, "modified": "2024-05-06T07:08:09.123456Z", "affected": list(affected), **more}


def affected(ecosystem, name, *events, kind="ECOSYSTEM", versions=(), **more):
    return {"package": {"ecosystem": ecosystem, "name": name, **more}, "ranges": [{"type": kind, "events": list(events)}], "versions": list(versions)}


FIXED = ({"introduced": "0"}, {"fixed": "1.2"})


@pytest.mark.parametrize(
    ("ecosystem", "name", "purl", "distro", "scheme"),
    [
        ("PyPI", "Foo_Bar", "pkg:pypi/foo-bar", "", "pypi"),
        ("npm", "@acme/player", "pkg:npm/@acme/player", "", "npm"),
        ("Maven", "org.acme:player", "pkg:maven/org.acme/player", "", "maven"),
        ("Go", "github.com/acme/player", "pkg:golang/github.com/acme/player", "", "golang"),
        ("crates.io", "player", "pkg:cargo/player", "", "semver"),
        ("Debian:11", "openssl", "pkg:deb/debian/openssl", "debian-11", "deb"),
        ("Debian", "openssl", "pkg:deb/debian/openssl", "", "deb"),
        ("Alpine:v3.18", "busybox", "pkg:apk/alpine/busybox", "alpine-3.18", "apk"),
        ("Ubuntu:Pro:18.04:LTS", "openssl", "pkg:deb/ubuntu/openssl", "ubuntu-18.04", "deb"),
        ("Red Hat:enterprise_linux:8::baseos", "openssl", "pkg:rpm/redhat/openssl", "redhat-8", "rpm"),
    ],
)
def test_an_ecosystem_becomes_a_package_url(ecosystem, name, purl, distro, scheme):
    (part,) = parts(record(affected=[affected(ecosystem, name, *FIXED)]))
    assert (part.purl, part.distro, part.scheme, part.ranges) == (purl, distro, scheme, (Range(fixed="1.2"),))


def test_the_package_url_of_the_record_itself_counts_without_what_follows_the_name():
    (part,) = parts(record(affected=[affected("Debian:12", "openssl", *FIXED, purl="pkg:deb/debian/openssl?arch=source")]))
    assert part.purl == "pkg:deb/debian/openssl"


def test_the_kernel_of_the_linux_ecosystem_is_known_by_its_cpe_name():
    (part,) = parts(record("CVE-2024-0001", affected=[affected("Linux", "Kernel", {"introduced": "4.1"}, {"fixed": "6.1.9"})]))
    assert part.cpe == "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*"


def test_a_package_of_no_ecosystem_that_devices_have_is_left_out():
    assert parts(record(affected=[affected("GIT", "", *FIXED), affected("Other", "x", *FIXED)])) == []


def test_events_open_and_close_ranges_and_the_last_may_stay_open():
    events = ({"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}, {"last_affected": "2.5"}, {"introduced": "3.0"}, {"limit": "*"})
    (part,) = parts(record(affected=[affected("PyPI", "x", *events)]))
    assert part.ranges == (Range(fixed="1.2"), Range("2.0", last="2.5"), Range("3.0"))


def test_commits_are_no_versions_and_tags_of_a_library_become_versions():
    tags = ("curl-7_71_0", "v1.2.3", "curl-8.0-rc1", "branch-of-somebody")
    (part,) = parts(record("OSV-2024-1", affected=[affected("OSS-Fuzz", "curl", {"introduced": "aaa"}, {"fixed": "bbb"}, kind="GIT", versions=tags)]))
    assert (part.purl, part.ranges) == ("pkg:generic/curl", ())
    assert part.versions == ("7.71.0", "1.2.3", "8.0-rc1", "branch-of-somebody")


def test_a_record_about_several_cves_speaks_for_each_and_keeps_its_own_name_as_an_alias():
    (document,), _ = take(record("DSA-1-1", affected=[affected("Debian:11", "x", *FIXED)], upstream=["CVE-2024-0002", "CVE-2024-0001"]))
    assert [part.vulnerability for part in document.affected] == ["CVE-2024-0001", "CVE-2024-0002"]
    assert [(flaw.id, flaw.aliases) for flaw in document.vulnerabilities] == [("CVE-2024-0001", ("DSA-1-1",)), ("CVE-2024-0002", ("DSA-1-1",))]


@pytest.mark.parametrize("name", ["DEBIAN-CVE-2024-0001", "CVE-2024-0001"])
def test_a_record_named_after_a_cve_speaks_under_it(name):
    (part,) = parts(record(name, affected=[affected("Debian:11", "x", *FIXED)]))
    assert part.vulnerability == "CVE-2024-0001"


def test_what_is_withdrawn_says_nothing_and_withdraws_no_cve():
    with_alias = record(affected=[affected("PyPI", "x", *FIXED)], aliases=["CVE-2024-0001"], withdrawn="2024-06-01T00:00:00Z")
    (document,), _ = take(with_alias)
    assert (document.vulnerabilities, document.affected) == ((), ())
    (alone,), _ = take({**with_alias, "aliases": []})
    assert [(flaw.id, flaw.withdrawn) for flaw in alone.vulnerabilities] == [("PYSEC-2024-1", True)]


def test_functions_and_files_that_the_database_names_are_kept():
    entry = {
        **affected("Go", "github.com/acme/x", *FIXED),
        "ecosystem_specific": {"imports": [{"path": "github.com/acme/x/y", "symbols": ["Parse"]}]},
    }
    (part,) = parts(record("GO-2024-1", affected=[entry]))
    assert (part.modules, part.functions) == (("github.com/acme/x/y",), ("Parse",))


YAML = """\
id: PYSEC-2024-1
modified: 2024-05-06T07:08:09Z
aliases: [CVE-2024-0001]
affected:
- package: {ecosystem: PyPI, name: x}
  ranges:
  - type: ECOSYSTEM
    events:
    - introduced: "0"
    - fixed: 1.10
  versions: []
"""


def test_yaml_is_read_and_a_version_stays_the_text_that_it_is():
    (part,) = parts(YAML)
    assert (part.vulnerability, part.ranges) == ("CVE-2024-0001", (Range(fixed="1.10"),))


def test_several_records_of_yaml_stand_in_one_file():
    found, wrong = take(f"# first\n{YAML}---\n# second\n{YAML.replace('-2024-1', '-2024-2', 1)}")
    assert ([document.id for document in found], wrong) == (["PYSEC-2024-1", "PYSEC-2024-2"], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (YAML + "a: &x 1\n", "feed: has an anchor or an alias in line 12, which no feed has"),
        (YAML + "a: " + "[" * 40 + "]" * 40 + "\n", "feed: is nested deeper than 32 in line 12"),
        (YAML + "a: {\n", "feed: is no YAML from line 13 on"),
        (YAML.encode() + b"a: \xff\n", "feed: is no YAML (or not UTF-8)"),
    ],
    ids=["anchor", "deep", "broken", "no utf-8"],
)
def test_yaml_that_no_feed_would_have_is_refused_with_its_line(text, said):
    assert take(text) == ([], [said])


def test_billions_of_laughs_are_refused_before_they_are_built():
    bomb = 'id: x\nmodified: y\na: &a ["x","x"]\nb: &b [*a,*a]\nc: [*b,*b]\n'
    assert take(bomb) == ([], ["feed: has an anchor or an alias in line 3, which no feed has"])


def test_a_range_of_a_kind_that_is_no_text_is_passed_over():
    entry = {**affected("PyPI", "x"), "ranges": [{"type": ["SEMVER"], "events": list(FIXED)}], "versions": ["1.0"]}
    (part,) = parts(record(affected=[entry]))
    assert (part.ranges, part.versions) == ((), ("1.0",))
