"""An update takes in what is new, says in a line what is not, and the last good state outlives every lie of a server."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from asepsis.guard.limits import FETCH_LIMITS
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.feed_table import FeedTable, KnownFeed, load_feeds
from asepsis.knowledge.vulnerabilities.store import Store
from asepsis.knowledge.vulnerabilities.update import Network, Updated, _outcome, update
from asepsis.knowledge.vulnerabilities.ways import WAYS, csaf_provider
from tests.unit.guard.feed_server import body, breaks_off, send, serving, stalls, status
from tests.unit.knowledge.vulnerabilities import test_cve, test_nvd
from tests.unit.knowledge.vulnerabilities.test_csaf import advisory, pump

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
QUICK = replace(FETCH_LIMITS, silence_seconds=0.3, attempts=2)


def catalogue(day: str, *names: str) -> bytes:
    entries = [{"cveID": name, "dateAdded": "2024-02-03", "shortDescription": "x" * 200} for name in names]
    return json.dumps({"catalogVersion": day, "dateReleased": day, "vulnerabilities": entries}).encode()


FIRST = catalogue("2026-11-01", "CVE-2024-0001")
SECOND = catalogue("2026-11-02", "CVE-2024-0001", "CVE-2024-0002")


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def bring(server, tmp_path):
    """Update from the server: ``bring("kev")``, ``bring("nvd", now=…)``."""

    def call(*names: str, now: datetime = NOW, environ=None) -> Updated:
        paths = {
            "kev": ("file", "/kev.json"),
            "nvd": ("nvd", "/nvd"),
            "cve": ("cvelist", "/release"),
            "csaf": ("csaf", "/csaf/provider-metadata.json"),
        }
        feeds = tuple(KnownFeed(name, name, "x", kind=kind, addresses=(f"{server.base}{path}",)) for name, (kind, path) in paths.items())
        network = Network(limits=QUICK, environ=environ or {}, pause=lambda _: None)
        return update(tmp_path / "s", FeedTable(feeds), names, now=now, network=network)

    return call


def records(tmp_path: Path) -> list[str]:
    return [document.id for document in Store(tmp_path / "s").documents()]


def test_what_is_new_is_taken_in_and_what_is_not_is_not_fetched_again(server, bring, tmp_path):
    server.answers["/kev.json"] = [body(FIRST)]
    assert (bring("kev").lines, records(tmp_path)) == (("kev: new",), ["CVE-2024-0001"])
    assert (bring("kev").lines, server.asked[-1][1]["If-None-Match"]) == (("kev: nothing newer",), '"1"')
    server.answers["/kev.json"] = [body(SECOND, '"2"')]
    assert (bring("kev").complete, records(tmp_path)) == (True, ["CVE-2024-0001", "CVE-2024-0002"])
    assert sorted(path.name for path in tmp_path.iterdir() if "lock" not in path.name) == ["s"]


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (status(500), "answers 500 (2 attempts)"),
        (status(404), "answers 404"),
        (status(429, Retry_After="3600"), "answers 429, and asks to wait 3600 s; try again later"),
        (stalls(1), "said nothing for 0 s (TimeoutError) (2 attempts)"),
        (breaks_off(SECOND, 300, ""), f"broke off after 300 of {len(SECOND)} bytes (2 attempts)"),
        (status(302, Location="file:///etc/passwd"), "leads to 'file:///etc/passwd', which is no address for a feed"),
        (status(302, Location="https://elsewhere.example/"), "leads to elsewhere.example, which the table of feeds does not name"),
    ],
    ids=["500", "404", "429", "stall", "cut", "file", "elsewhere"],
)
def test_what_cannot_be_fetched_leaves_the_last_good_state_and_is_said_in_a_line(server, bring, tmp_path, answer, line):
    server.answers["/kev.json"] = [body(FIRST)]
    bring("kev")
    before = (tmp_path / "s").read_bytes()
    server.answers["/kev.json"] = [answer]
    done = bring("kev")
    assert (done.lines, done.failed, done.complete) == ((f"kev: not fetched: {server.base}/kev.json: {line}",), ("kev",), False)
    assert (tmp_path / "s").read_bytes() == before


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (lambda handler: send(handler, 200, b"<!DOCTYPE html><html>Please log in</html>"), "kev.json: is no feed that is known"),
        (lambda handler: send(handler, 200, b""), "kev.json: is empty"),
        (lambda handler: send(handler, 200, b"\x00" * 5000), "kev.json: is no feed that is known"),
    ],
    ids=["a page", "nothing", "rubbish"],
)
def test_what_is_no_feed_leaves_the_last_good_state_and_is_asked_for_again(server, bring, tmp_path, answer, what):
    server.answers["/kev.json"] = [body(FIRST)]
    bring("kev")
    before = (tmp_path / "s").read_bytes()
    server.answers["/kev.json"] = [answer]
    done = bring("kev")
    assert [problem.what for problem in done.imported.problems] == [what]
    assert ((tmp_path / "s").read_bytes(), done.complete) == (before, False)
    server.answers["/kev.json"] = [body(SECOND, '"2"')]
    assert bring("kev").complete


def test_a_length_that_is_a_lie_keeps_what_is_whole_and_is_not_taken_for_known(server, bring, tmp_path):
    server.answers["/kev.json"] = [lambda handler: send(handler, 200, SECOND, len(SECOND) - 20, ETag='"2"')]
    done = bring("kev")
    assert [problem.what.partition(": ")[2] for problem in done.imported.problems] == ["is cut short"]
    assert records(tmp_path) == ["CVE-2024-0001"]
    server.answers["/kev.json"] = [body(SECOND, '"2"')]
    assert (bring("kev").complete, records(tmp_path)) == (True, ["CVE-2024-0001", "CVE-2024-0002"])


def test_one_feed_that_fails_costs_no_other(server, bring, tmp_path):
    server.answers["/kev.json"] = [body(FIRST)]
    server.answers["/release"] = [status(503)]
    done = bring("kev", "cve")
    assert (done.failed, records(tmp_path)) == (("cve",), ["CVE-2024-0001"])


def test_nvd_is_fetched_page_by_page_and_then_by_what_was_modified(server, bring, tmp_path):
    def page(handler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        start = int(asked["startIndex"][0])
        record = test_nvd.record(test_nvd.RUNNING_ON)
        record["cve"]["id"] = f"CVE-2024-{1000 + start}"
        total = 1 if "lastModStartDate" in asked else 4001
        answer = {
            "resultsPerPage": 2000,
            "startIndex": start,
            "totalResults": total,
            "format": "NVD_CVE",
            "version": "2.0",
            "vulnerabilities": [record],
        }
        send(handler, 200, json.dumps(answer).encode())

    server.answers["/nvd"] = [page]
    assert bring("nvd", environ={"NVD_API_KEY": "k"}).complete
    assert records(tmp_path) == ["CVE-2024-1000", "CVE-2024-3000", "CVE-2024-5000"]
    assert server.asked[0][1]["apiKey"] == "k"
    server.asked.clear()
    assert bring("nvd", now=NOW + timedelta(days=130)).complete
    windows = [parse_qs(urlsplit(path).query) for path, _ in server.asked]
    assert [(asked["lastModStartDate"][0][:16], asked["lastModEndDate"][0][:16]) for asked in windows] == [
        ("2026-11-25T11:00", "2027-03-24T11:00"),
        ("2027-03-24T11:00", "2027-04-04T12:00"),
    ]


def test_a_page_of_nvd_that_is_none_makes_the_whole_window_be_asked_for_again(server, bring):
    server.answers["/nvd"] = [body(b"<html>")]
    assert bring("nvd").lines == (f"nvd: not fetched: {server.base}/nvd: is not what was asked for",)
    server.answers["/nvd"] = [body(b'{"totalResults": -1}')]
    assert bring("nvd").lines == (f"nvd: not fetched: {server.base}/nvd: is no page of NVD's API",)


def packed(name: str) -> bytes:
    record = test_cve.record({"vendor": "Acme", "product": "Pump", "versions": [test_cve.version("1")]})
    record["cveMetadata"]["cveId"] = name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("cves/x.json", json.dumps(record))
    return out.getvalue()


def release(base: str, digest: str = "", day: str = "2026-11-25") -> bytes:
    whole = {"browser_download_url": f"{base}/{day}_all_CVEs_at_midnight.zip.zip", "digest": f"sha256:{digest}" if digest else None}
    return json.dumps(
        {"assets": [whole, {"browser_download_url": f"{base}/{day}_delta_CVEs_at_0900Z.zip"}, {"browser_download_url": f"{base}/notes"}]}
    ).encode()


def test_the_cve_programmes_releases_are_fetched_whole_and_then_by_what_changed(server, bring, tmp_path):
    whole = packed("CVE-2024-0001")
    server.answers["/release"] = [body(release(server.base, hashlib.sha256(whole).hexdigest()))]
    server.answers["/2026-11-25_all_CVEs_at_midnight.zip.zip"] = [body(whole)]
    server.answers["/2026-11-25_delta_CVEs_at_0900Z.zip"] = [body(packed("CVE-2024-0002"))]
    assert (bring("cve").complete, records(tmp_path)) == (True, ["CVE-2024-0001", "CVE-2024-0002"])
    server.asked.clear()
    assert bring("cve").complete
    assert [path for path, _ in server.asked] == ["/release", "/2026-11-25_delta_CVEs_at_0900Z.zip"]


def test_a_file_that_is_not_the_published_one_is_not_taken(server, bring, tmp_path):
    server.answers["/release"] = [body(release(server.base, "0" * 64))]
    server.answers["/2026-11-25_all_CVEs_at_midnight.zip.zip"] = [body(packed("CVE-2024-0001"))]
    (line,) = bring("cve").lines
    assert line.endswith("_all_CVEs_at_midnight.zip.zip: is not the file whose digest was published")
    assert not (tmp_path / "s").exists()


def one_advisory(name: str) -> bytes:
    document = advisory(pump("1"), {"known_affected": ["P1"]})
    document["document"]["tracking"]["id"] = name
    return json.dumps(document).encode()


@pytest.mark.parametrize("how", ["changes", "index", "rolie"])
def test_a_csaf_provider_is_followed_to_its_advisories(server, bring, tmp_path, how):
    directory = {"directory_url": f"{server.base}/csaf/white"}
    feed = {"rolie": {"feeds": [{"url": f"{server.base}/csaf/feed.json"}]}}
    server.answers["/csaf/provider-metadata.json"] = [body(json.dumps({"distributions": [feed if how == "rolie" else directory]}).encode())]
    if how == "changes":
        server.answers["/csaf/white/changes.csv"] = [body(b'"2026/a.json","2026-11-01T00:00:00Z"\n"2026/b.json","2026-10-01T00:00:00Z"\n')]
    server.answers["/csaf/white/index.txt"] = [body(b"2026/a.json\n2026/b.json\n2026/a.json.asc\n")]
    entries = [{"content": {"src": f"{server.base}/csaf/white/2026/{name}.json"}, "updated": "2026-11-01T00:00:00Z"} for name in "ab"]
    server.answers["/csaf/feed.json"] = [body(json.dumps({"feed": {"entry": entries}}).encode())]
    server.answers["/csaf/white/2026/a.json"] = [body(one_advisory("A"))]
    server.answers["/csaf/white/2026/b.json"] = [body(one_advisory("B"))]
    done = bring("csaf")
    assert (done.complete, records(tmp_path)) == (True, ["A", "B"])
    server.asked.clear()
    assert bring("csaf").complete
    again = [path.rpartition("/")[2] for path, _ in server.asked if "/2026/" in path]
    assert again == (["a.json"] if how == "changes" else ["a.json", "b.json"]), "only what may have changed since"


def test_advisories_beyond_those_fetched_at_once_are_told_and_fetched_by_the_next_update(server, bring, tmp_path, monkeypatch):
    monkeypatch.setattr(csaf_provider, "MOST", 1)
    server.answers["/csaf/provider-metadata.json"] = [body(json.dumps({"distributions": [{"directory_url": f"{server.base}/csaf/"}]}).encode())]
    server.answers["/csaf/changes.csv"] = [body(b'"2026/a.json","2026-11-01T00:00:00Z"\n"2026/b.json","2026-10-01T00:00:00Z"\n')]
    server.answers["/csaf/2026/a.json"] = [body(one_advisory("A"))]
    server.answers["/csaf/2026/b.json"] = [body(one_advisory("B"))]
    done = bring("csaf")
    assert (done.lines, done.complete) == (("csaf: new, 1 files more than were fetched at once; update again for them",), False)
    assert records(tmp_path) == ["B"]


@pytest.mark.parametrize("path", ["file:///etc/passwd", "https://elsewhere.example/a.json", "//elsewhere.example/a.json"])
def test_a_list_of_advisories_leads_nowhere_else(server, bring, path):
    server.answers["/csaf/provider-metadata.json"] = [body(json.dumps({"distributions": [{"directory_url": f"{server.base}/csaf/"}]}).encode())]
    server.answers["/csaf/changes.csv"] = [body(f'"{path}","2026-11-01T00:00:00Z"\n'.encode())]
    server.answers["/csaf/index.txt"] = [status(404)]
    (line,) = bring("csaf").lines
    assert line.startswith("csaf: not fetched: ")
    assert "leads to" in line


def test_feeds_that_cannot_be_fetched_are_named(bring):
    with pytest.raises(KnowledgeError, match=r"no feed 'kevv' that can be fetched; did you mean kev\?"):
        bring("kevv")


def test_the_shipped_table_knows_only_ways_that_there_are_and_https():
    feeds = load_feeds().feed
    assert {feed.kind for feed in feeds if feed.kind} == set(WAYS)
    assert [address for feed in feeds for address in feed.addresses if not address.startswith("https://")] == []


def test_a_feed_of_many_addresses_says_in_one_line_that_it_was_not_fetched():
    assert _outcome([], ["https://a.example/1: answers 404", "https://a.example/2: answers 404"]) == (
        "not fetched: https://a.example/1: answers 404; and 1 more of its 2 addresses"
    )
