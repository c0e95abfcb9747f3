"""``asepsis db`` as a user meets it: exit codes, one line for an error, and a study that says what it rests on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.guard.feed_server import body, serving, status
from tests.unit.knowledge.vulnerabilities.test_update import FIRST

FEEDS = """
[[feed]]
name = "kev"
title = "x"
licence = "CC0-1.0"
stale_days = 30
kind = "file"
addresses = ["{base}/kev.json"]
"""


@pytest.fixture
def asepsis(tmp_path: Path):
    def call(*arguments: str | Path, code: int = 0) -> tuple[str, str]:
        environ = {**os.environ, "ASEPSIS_DB": str(tmp_path / "store"), "HOME": ""}
        ended = subprocess.run([sys.executable, "-m", "asepsis", *map(str, arguments)], capture_output=True, text=True, check=False, env=environ)
        assert ended.returncode == code, ended.stderr
        return ended.stdout, ended.stderr

    return call


@pytest.fixture
def kev(tmp_path: Path) -> Path:
    path = tmp_path / "kev.json"
    path.write_bytes(FIRST)
    return path


def test_import_says_what_was_taken_and_status_how_old_it_is(asepsis, kev, tmp_path):
    out, err = asepsis("db", "status")
    assert out.startswith("No vulnerability knowledge: there is no ")
    out, err = asepsis("db", "import", kev)
    assert (out, err) == (f"kev: 1 records\nIn {tmp_path / 'store'}\n", "")
    out, _ = asepsis("db", "status", "--as-of", "2026-12-02")
    assert out.splitlines()[1:] == [
        "kev  2026-11-01  31 days  1 records  CC0-1.0",
        "Old: the kev feed is of 2026-11-01, 31 days before 2026-12-02: older than 30 days, what is newer is not known.",
    ]


def test_a_part_that_cannot_be_read_is_3_and_nothing_at_all_is_1(asepsis, kev, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_bytes(b"<html>")
    _, err = asepsis("db", "import", kev, bad, code=3)
    assert err.startswith("bad.json: is no feed that is known")
    _, err = asepsis("db", "import", bad, code=1)
    assert err == "asepsis: nothing was imported: bad.json: is no feed that is known\n"
    _, err = asepsis("db", "import", tmp_path / "none", code=1)
    assert len(err.splitlines()) == 1


def test_update_says_a_line_a_feed(asepsis, tmp_path):
    mirrors = tmp_path / "mirrors.toml"
    with serving() as server:
        mirrors.write_text(FEEDS.format(base=server.base))
        server.answers["/kev.json"] = [body(FIRST)]
        out, _ = asepsis("db", "update", "--feeds", mirrors)
        assert out.splitlines()[:2] == ["kev: new", "kev: 1 records"]
        server.answers["/kev.json"] = [status(404)]
        _, err = asepsis("db", "update", "--feeds", mirrors, code=1)
    assert err.splitlines() == [
        f"kev: not fetched: {server.base}/kev.json: answers 404",
        "asepsis: nothing could be fetched; the store is as it was",
    ]


def test_a_study_names_the_feeds_it_rests_on_and_those_that_are_old_on_its_day(asepsis, kev, tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "x").write_text("x")
    asepsis("db", "import", kev)
    studies = []
    for name in ("a.json", "b.json"):
        asepsis("assess", tree, "--as-of", "2026-12-02", "-o", f"json={tmp_path / name}")
        studies.append((tmp_path / name).read_bytes())
    knowledge = json.loads(studies[0])["knowledge"]
    assert [(feed["name"], feed["date"], feed["records"]) for feed in knowledge["feeds"]] == [("kev", "2026-11-01", 1)]
    assert knowledge["warnings"] == ["the kev feed is of 2026-11-01, 31 days before 2026-12-02: older than 30 days, what is newer is not known"]
    assert studies[0] == studies[1]
    _, err = asepsis("assess", tree, "--db", tmp_path / "none", code=1)
    assert "`asepsis db update` or `asepsis db import` makes it" in err
