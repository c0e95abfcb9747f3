"""What is imported can be looked up; what is broken leaves the last good state."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from asepsis.knowledge.load import load, load_with_store
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities import importing, writer
from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.importing import import_files
from asepsis.knowledge.vulnerabilities.names import cpe_key, product_key, purl_key
from asepsis.knowledge.vulnerabilities.place import store_path
from asepsis.knowledge.vulnerabilities.status import status_lines, warnings
from asepsis.knowledge.vulnerabilities.store import open_store
from asepsis.model.vulnerability import Affected, Feed, Vulnerability
from tests.unit.knowledge.vulnerabilities import test_nvd, test_osv
from tests.unit.knowledge.vulnerabilities.test_other_feeds import PAGE

TODAY = date(2026, 11, 25)
SSH = "cpe:2.3:a:openbsd:openssh:*:*:*:*:*:*:*:*"


def filled(path: Path, *documents: Document) -> Path:
    with writer.changed(path) as into:
        for document in documents:
            into.add(document)
        into.told("f" * 64, {})
    return path


def nvd(name: str, modified: str, cpe: str = SSH, **more) -> Document:
    return Document("nvd", name, modified, (Vulnerability(name, sources=("nvd",), **more),), (Affected(name, "nvd", cpe=cpe),))


def give(tmp_path: Path, name: str, value: object) -> Path:
    path = tmp_path / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (cpe_key("cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*"), "cpe:a:openbsd:openssh"),
        (cpe_key("cpe:/a:OpenBSD:openssh:7.4p1"), "cpe:a:openbsd:openssh"),
        (cpe_key(r"cpe:2.3:a:acme:c\+\+:1.0"), "cpe:a:acme:c++"),
        (cpe_key("cpe:/a:acme:c%2b%2b"), "cpe:a:acme:c++"),
        (cpe_key(r"cpe:2.3:a:acme:a\:b:1.0:*:*:*:*:*:*:*"), "cpe:a:acme:a:b"),
        (purl_key("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3?distro=debian-11&upstream=x"), "pkg:deb/debian/openssl"),
        (purl_key("pkg:npm/%40acme/player@1.0"), "pkg:npm/@acme/player"),
        (purl_key("pkg:npm/@acme/player"), "pkg:npm/@acme/player"),
        (purl_key("pkg:pypi/Foo_Bar.baz@2"), "pkg:pypi/foo-bar-baz"),
        (product_key("Infusomat®  Space-P"), "product:infusomat space p"),
    ],
)
def test_a_key_is_the_same_however_a_part_is_written(made, key):
    assert made == key


def test_statements_are_found_by_key_in_a_stable_order(tmp_path):
    store = open_store(filled(tmp_path / "s", nvd("CVE-2024-0002", "2024"), nvd("CVE-2024-0001", "2024")))
    assert store is not None
    assert [part.vulnerability for part in store.affecting(["cpe:a:openbsd:openssh", "cpe:a:x:y"])] == ["CVE-2024-0001", "CVE-2024-0002"]
    assert list(store.affecting([])) == []
    assert list(store.affecting([f"pkg:deb/debian/{number}" for number in range(2000)] + ["cpe:a:openbsd:openssh"])) != []


def test_the_newer_of_two_documents_counts_whatever_the_order(tmp_path):
    new, old = nvd("CVE-2024-0001", "2024-05-06"), nvd("CVE-2024-0001", "2024-05-05", cpe="cpe:2.3:a:x:y:*:*:*:*:*:*:*:*")
    for number, order in enumerate(((old, new), (new, old))):
        store = open_store(filled(tmp_path / f"s{number}", *order))
        assert store is not None
        assert list(store.affecting(["cpe:a:x:y"])) == []
        assert len(list(store.affecting(["cpe:a:openbsd:openssh"]))) == 1


def test_a_flaw_is_put_together_from_all_that_speak_of_it(tmp_path):
    osv = Document(
        "osv:ghsa", "GHSA-1", "2024", (Vulnerability("CVE-2024-0001", ("GHSA-1",), "From GHSA.", (79,), ("CVSS:4.0/AV:N/AC:L",), "2024-01-01"),)
    )
    kev = Document("kev", "CVE-2024-0001", "2024", (Vulnerability("CVE-2024-0001", exploited_since="2024-02-03", ransomware=True, sources=("kev",)),))
    first = nvd("CVE-2024-0001", "2024", summary="From NVD.", cwes=(78,), vectors=("AV:N/AC:L/Au:N/C:P/I:P/A:P",), published="2024-01-02")
    store = open_store(filled(tmp_path / "s", osv, kev, first))
    assert store is not None
    flaw = store.vulnerability("GHSA-1")
    assert (flaw.id, flaw.summary, flaw.cwes, flaw.published) == ("CVE-2024-0001", "From NVD.", (78, 79), "2024-01-01")
    assert (flaw.exploited_since, flaw.ransomware, flaw.aliases) == ("2024-02-03", True, ("GHSA-1",))
    assert store.vulnerability("CVE-1999-9999") == Vulnerability("CVE-1999-9999")


def test_a_withdrawn_flaw_affects_nothing_whoever_repeats_it(tmp_path):
    gone = Document("cve", "CVE-2024-0001", "2024", (Vulnerability("CVE-2024-0001", withdrawn=True, sources=("cve",)),))
    store = open_store(filled(tmp_path / "s", nvd("CVE-2024-0001", "2024"), gone))
    assert store is not None
    assert list(store.affecting(["cpe:a:openbsd:openssh"])) == []
    assert store.vulnerability("CVE-2024-0001").withdrawn


def test_a_correction_takes_the_place_of_what_nvd_says(tmp_path):
    other = Document(
        "nvd-overrides", "CVE-2024-0001", "", affected=(Affected("CVE-2024-0001", "nvd-overrides", cpe="cpe:2.3:a:x:y:*:*:*:*:*:*:*:*"),)
    )
    store = open_store(filled(tmp_path / "s", nvd("CVE-2024-0001", "2024"), other))
    assert store is not None
    assert [part.source for part in store.affecting(["cpe:a:openbsd:openssh", "cpe:a:x:y"])] == ["nvd-overrides"]


def test_importing_tells_what_was_taken_and_what_was_not(tmp_path):
    good, bad = give(tmp_path, "a.json", test_nvd.record(test_nvd.RUNNING_ON)), give(tmp_path, "b.json", b'{"cve": ')
    done = import_files(tmp_path / "s", [good, bad], today=TODAY)
    assert (done.taken, done.complete) == ({"nvd": 1}, False)
    assert [problem.what for problem in done.problems] == ["b.json (byte 0): is cut short"]
    store = open_store(tmp_path / "s")
    assert store is not None
    (feed,) = store.feeds()
    assert (feed.name, feed.date, feed.records, len(feed.sha256)) == ("nvd", "2024-05-06", 1, 64)
    again = import_files(tmp_path / "s", [good], today=TODAY)
    assert (again.taken, again.older) == ({"nvd": 1}, {})


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"cve": {"id": "x", "descriptions": []}}'])
def test_an_import_of_nothing_leaves_the_store_as_it_was(tmp_path, content):
    path = filled(tmp_path / "s", nvd("CVE-2024-0001", "2024"))
    before = path.read_bytes()
    with pytest.raises(KnowledgeError, match="nothing was imported: x"):
        import_files(path, [give(tmp_path, "x", content)], today=TODAY)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == [".s.lock", "s", "x"]


def test_a_day_that_lies_ahead_counts_as_no_day(tmp_path):
    record = test_nvd.record(test_nvd.RUNNING_ON, lastModified="2999-01-01T00:00:00")
    import_files(tmp_path / "s", [give(tmp_path, "a.json", record)], today=TODAY)
    newer = import_files(tmp_path / "s", [give(tmp_path, "a.json", test_nvd.record(test_nvd.RUNNING_ON))], today=TODAY)
    assert newer.taken == {"nvd": 1}


def test_a_reading_process_that_dies_leaves_what_it_said_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "CHILD", "tests.unit.knowledge.vulnerabilities.dying")
    done = import_files(tmp_path / "s", [give(tmp_path, "a.json", b"{}"), give(tmp_path, "b.json", b"{}")], today=TODAY)
    assert done.taken == {"nvd": 1}
    assert [problem.what for problem in done.problems] == ["b.json: ended the reading process (ZeroDivisionError)"]


def test_two_imports_at_once_are_refused_and_the_leftovers_of_a_killed_one_are_removed(tmp_path):
    (tmp_path / ".importing-s.left").write_bytes(b"x")
    with writer.changed(tmp_path / "s") as into:
        into.add(nvd("CVE-2024-0001", "2024"))
        with pytest.raises(KnowledgeError, match="another import is running"), writer.changed(tmp_path / "s"):
            pass
    assert sorted(one.name for one in tmp_path.iterdir()) == [".s.lock", "s"]


def test_a_failure_in_the_middle_leaves_the_last_good_state(tmp_path):
    path = filled(tmp_path / "s", nvd("CVE-2024-0001", "2024"))
    before = path.read_bytes()
    broken = Document("nvd", "CVE-2024-0003", "2024", (object(),))
    with pytest.raises(AttributeError):
        filled(path, nvd("CVE-2024-0002", "2024"), broken)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 500])
def test_what_is_no_store_is_neither_read_nor_overwritten(tmp_path, content):
    path = tmp_path / "s"
    path.write_bytes(content)
    with pytest.raises(KnowledgeError):
        open_store(path)
    with pytest.raises(KnowledgeError):
        filled(path, nvd("CVE-2024-0001", "2024"))
    assert path.read_bytes() == content


def test_a_store_of_another_version_is_refused_with_what_to_do(tmp_path):
    path = filled(tmp_path / "s", nvd("CVE-2024-0001", "2024"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(KnowledgeError, match="import the feeds again"):
        open_store(path)


def test_a_store_that_is_broken_inside_says_so_when_it_is_asked(tmp_path):
    path = filled(tmp_path / "s", nvd("CVE-2024-0001", "2024"))
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    with pytest.raises(KnowledgeError, match="cannot be read"):
        open_store(path).feeds()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "environ", "path"),
    [
        ("x.db", {"ASEPSIS_DB": "y.db"}, "x.db"),
        (None, {"ASEPSIS_DB": "y.db", "XDG_DATA_HOME": "/data"}, "y.db"),
        (None, {"XDG_DATA_HOME": "/data", "HOME": "/home/u"}, "/data/asepsis/vulnerabilities.db"),
        (None, {"XDG_DATA_HOME": "data", "HOME": "/home/u"}, "/home/u/.local/share/asepsis/vulnerabilities.db"),
        (None, {"ASEPSIS_DB": "", "HOME": "/home/u"}, "/home/u/.local/share/asepsis/vulnerabilities.db"),
    ],
)
def test_where_the_store_is(said, environ, path):
    assert store_path(said, environ) == Path(path)


def test_an_empty_home_is_no_obstacle(monkeypatch):
    import pwd

    assert store_path(None, {"HOME": ""}).is_absolute()

    def nobody(_user: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(KnowledgeError, match="no place for vulnerability knowledge"):
        store_path(None, {"HOME": ""})


def test_without_a_store_there_is_no_knowledge_and_a_named_one_must_be_there(tmp_path, monkeypatch):
    monkeypatch.setenv("ASEPSIS_DB", str(tmp_path / "none"))
    assert load_with_store(None) is load()
    assert load().vulnerabilities is None
    with pytest.raises(KnowledgeError, match="no such file"):
        load_with_store(str(tmp_path / "none"))


def test_newer_ends_of_support_count_and_older_ones_do_not(tmp_path):
    path = tmp_path / "s"
    import_files(path, [give(tmp_path, "openssl.md", PAGE.encode())], today=date(2030, 2, 1))
    answer = load_with_store(str(path)).end_of_support("openssl", "9.1.3")
    assert answer is not None
    assert (answer.ends, answer.source) == (date(2031, 2, 3), "endoflife.date, 2030-01-02")
    other = tmp_path / "t"
    import_files(other, [give(tmp_path, "old.md", PAGE.replace("2030", "2020").encode())], today=TODAY)
    shipped = load_with_store(str(other)).end_of_support("openssl", "9.1.3")
    assert shipped is not None
    assert shipped.ends is None


FEEDS = (
    Feed("epss", "2026-11-17", 3),
    Feed("kev", "2026-10-26", 1647, licence="CC0-1.0"),
    Feed("linux-kernel-cves", "", 2),
    Feed("nvd", "2026-12-01", 5),
)


def test_feeds_are_old_after_their_own_number_of_days_and_never_before():
    day = date(2026, 11, 25)
    assert warnings(FEEDS, date(2026, 11, 24)) == ()
    assert [text.partition(":")[0] for text in warnings(FEEDS, day)] == ["the epss feed is of 2026-11-17, 8 days before 2026-11-25"]
    assert len(warnings(FEEDS, date(2026, 11, 26))) == 2
    assert status_lines(FEEDS, day)[:2] == [
        "epss               2026-11-17  8 days   3 records",
        "kev                2026-10-26  30 days  1,647 records  CC0-1.0",
    ]


def test_a_record_of_osv_is_found_by_its_package(tmp_path):
    import_files(tmp_path / "s", [give(tmp_path, "a.json", test_osv.record(affected=[test_osv.affected("PyPI", "X", *test_osv.FIXED)]))], today=TODAY)
    store = open_store(tmp_path / "s")
    assert store is not None
    assert [part.vulnerability for part in store.affecting([purl_key("pkg:pypi/x@1.0")])] == ["PYSEC-2024-1"]
