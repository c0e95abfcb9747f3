"""Feeds are hostile input: what is wrong is said with its place, everything else is kept."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from asepsis.guard.documents import Budget
from asepsis.guard.json_stream import pieces
from asepsis.guard.limits import FeedLimits
from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.feeds import JSON_FORMATS, TEXT_FORMATS
from asepsis.knowledge.vulnerabilities.taking import _file
from tests.unit.knowledge.vulnerabilities.said import take

KEV = {"cveID": "CVE-2024-0001", "dateAdded": "2024-02-03"}
GOOD = json.dumps(KEV).encode()


def catalogue(*entries: bytes) -> bytes:
    return b'{"catalogVersion": "1", "dateReleased": "2024-05-06", "vulnerabilities": [' + b",".join(entries) + b"]}"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (b'{"cveID": 5, "dateAdded": null}', "makes no sense: '' is no id of a CVE record"),
        (b'{"cveID": "CVE-2024-0002", "dateAdded": "2023-02-31"}', "makes no sense: 'CVE-2024-0002' with no day on which it was added"),
        (b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "is nested deeper than 64"),
        (b'{"cveID": "\xff"}', "is no JSON object (or not UTF-8)"),
        (b'{"cveID": tru}', "is no JSON object (or not UTF-8)"),
        (b'{"something": "else"}', "is no feed that is known"),
    ],
    ids=["kinds", "day", "deep", "utf-8", "broken", "unknown"],
)
def test_a_bad_entry_costs_no_other(entry, said):
    found, wrong = take(catalogue(GOOD, entry, GOOD))
    assert [document.id for document in found] == ["CVE-2024-0001"] * 2
    assert wrong == [f"feed (byte {catalogue(GOOD, entry).find(entry)}): {said}"]


@pytest.mark.parametrize("end", [1, 2, 5, 30])
def test_what_stands_before_the_end_of_a_cut_feed_is_kept_and_the_end_is_said(end):
    found, wrong = take(catalogue(GOOD, GOOD)[:-end])
    assert len(found) == (2 if end <= 2 else 1)
    assert [text.partition(": ")[2] for text in wrong] == ["is cut short"]


def test_a_bad_line_costs_no_other():
    found, wrong = take(GOOD + b'\n{"broken": "\n' + GOOD + b"\n[]\n")
    assert len(found) == 2
    assert wrong == ["feed (line 2): is no JSON object (or not UTF-8)", "feed (line 4): is no JSON object (or not UTF-8)"]


def test_an_entry_that_is_too_long_is_passed_over():
    stream = io.BytesIO(b'{"v": [{"a": 1}, {"b": "' + b"x" * 3_000_000 + b'", "c": "' + b"y" * 3_000_000 + b'"}, {"d": 2}]}')
    found = list(pieces(stream.read, lambda key, _: key == b"v", FeedLimits(document_bytes=1 << 20)))
    assert [piece.data for piece in found if piece.data] == [b'{"a": 1}', b'{"d": 2}']
    assert [piece.wrong for piece in found if piece.wrong] == ["is longer than 1048576 bytes"]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_documents_are_the_same_however_the_bytes_arrive(chunk):
    raw = rb'{"t": "]}\"{", "v": [{"a": "\\", "b": [1, {"c": "}"}]}, {"d": {}}], "rest": [{"e": 1}]} [{"f": "\u0041"}] {"g": 1}'
    stream = io.BytesIO(raw)
    found = list(pieces(lambda _: stream.read(chunk), lambda key, _: key == b"v"))
    assert [json.loads(piece.data) for piece in found if piece.data] == [{"a": "\\", "b": [1, {"c": "}"}]}, {"d": {}}, {"f": "A"}, {"g": 1}]
    assert {piece.head for piece in found if piece.head} == {rb'{"t": "]}\"{", "v": []}'}


@pytest.mark.parametrize("raw", [b"", b" ", b"<!DOCTYPE html><html>", b"\x00" * 100, b"cve;epss\n"])
def test_what_is_no_feed_is_said_to_be_none(raw):
    found, wrong = take(raw)
    assert (found, len(wrong)) == ([], 1)


def read(path: Path) -> tuple[list[str], list[str]]:
    told = [said for _, said in _file(path, path.name, Budget(), alone=True)]
    return [said.id for said in told if isinstance(said, Document)], [said[0] for said in told if isinstance(said, tuple)]


def test_compressed_and_packed_feeds_are_seen_by_their_content(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("cves/a.json", GOOD)
    with zipfile.ZipFile(tmp_path / "outer", "w") as archive:
        archive.writestr("cves.zip", inner.getvalue())
        archive.writestr("b.json", GOOD)
        archive.writestr("README", b"words")
    (tmp_path / "packed").write_bytes(gzip.compress(catalogue(GOOD)))
    assert read(tmp_path / "outer") == (["CVE-2024-0001"] * 2, [""])
    assert read(tmp_path / "packed") == (["CVE-2024-0001"], [])


def test_a_bomb_is_a_limit_and_ends_only_its_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"vulnerabilities": [' + b" " * 100_000_000)
        archive.writestr("b.json", GOOD)
    found, wrong = read(tmp_path / "bomb")
    assert found == ["CVE-2024-0001"]
    assert wrong[0].startswith("is too much when it is unpacked (inflated_ratio")


def test_broken_containers_are_said_to_be_broken(tmp_path):
    whole = gzip.compress(catalogue(*[GOOD] * 5000))
    (tmp_path / "cut.gz").write_bytes(whole[:-20])
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04" + b"x" * 50)
    found, wrong = read(tmp_path / "cut.gz")
    assert len(found) > 4000
    assert wrong == ["is broken or cut short: EOFError"]
    assert read(tmp_path / "cut.zip") == ([], ["is no whole zip archive: cut short or broken"])


def test_every_format_of_the_folder_is_in_a_list():
    import asepsis.knowledge.vulnerabilities.feeds as package

    folder = Path(package.__file__).parent
    listed = {form.__module__.rpartition(".")[2] for form in (*JSON_FORMATS, *TEXT_FORMATS)}
    assert listed == {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert listed == {path.stem.removeprefix("fuzz_feed_") for path in (Path(__file__).parents[4] / "fuzz").glob("fuzz_feed_*.py")}
