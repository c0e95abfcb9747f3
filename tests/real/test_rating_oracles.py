"""Scores that others published recompute exactly: CISA's medical advisories, and the vectors of the CVSS library's own suite."""

from __future__ import annotations

import ast
import csv

import pytest

from asepsis.risk.cvss_score import score3, score4
from tests.real.shared import DATA

FACTS = DATA.parent / "facts" if DATA else None
VECTORS = DATA / "h_schemas" / "cvss" if DATA else None

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(FACTS is None or not (FACTS / "icsma.tsv").is_file(), reason="the shared facts are not on this machine"),
]

needs_vectors = pytest.mark.skipif(VECTORS is None or not VECTORS.is_dir(), reason="the shared CVSS vectors are not on this machine")


def rows(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_every_scored_row_of_the_advisories_to_2025_recomputes():
    scored = [(row["cve"], row["cvss_vector"], float(row["cvss_score"])) for row in rows("icsma.tsv") if row["cvss_vector"]]
    wrong = [(cve, vector, score, score3(vector).base) for cve, vector, score in scored if score3(vector).base != score]
    assert (len(scored), wrong) == (452, []), f"{len(scored) - len(wrong)}/{len(scored)} recompute"


def test_every_row_of_the_newer_advisories_recomputes():
    newer = rows("icsma_2025_2026.tsv")
    wrong = [row["cve"] for row in newer if row["cvss31_score"] and score3(row["cvss31_vector"]).base != float(row["cvss31_score"])]
    stated = sum(bool(row["cvss31_score"]) for row in newer)
    assert (len(newer), stated, wrong) == (29, 28, []), f"{stated - len(wrong)}/{stated} recompute"
    # CVE-2025-4393 states a vector and no score; by the specification's formulas it is 6.5.
    assert [score3(row["cvss31_vector"]).base for row in newer if not row["cvss31_score"]] == [6.5]


def test_every_v4_vector_of_the_newer_advisories_scores():
    # The file states no v4 scores; CISA's page of ICSMA-25-205-01 prints 7.0 for both of these.
    scores = {row["cve"]: score4(row["cvss40_vector"]) for row in rows("icsma_2025_2026.tsv")}
    assert len(scores) == 29
    assert all(0 < score <= 10 for score in scores.values())
    assert {cve: scores[cve] for cve in ("CVE-2025-4394", "CVE-2025-4395")} == {"CVE-2025-4394": 7.0, "CVE-2025-4395": 7.0}


@needs_vectors
@pytest.mark.parametrize(("name", "count"), [("calculator3", 2), ("cvsslib3", 29), ("simple3", 2592), ("simple31", 2592)])
def test_every_published_v3_vector_recomputes(name, count):
    cases = read(name)
    wrong = [(vector, expected) for vector, expected in cases if as_tuple(score3(vector)) != expected]
    assert (len(cases), wrong) == (count, []), f"{name}: {len(cases) - len(wrong)}/{len(cases)} recompute"


@needs_vectors
@pytest.mark.parametrize(("name", "count"), [("simple4", 1058), ("security4", 54), ("supplemental4", 576), ("threat4", 6)])
def test_every_published_v4_vector_recomputes(name, count):
    cases = read(name)
    wrong = [(vector, expected) for vector, expected in cases if score4(vector) != (expected[0] if isinstance(expected, tuple) else expected)]
    assert (len(cases), wrong) == (count, []), f"{name}: {len(cases) - len(wrong)}/{len(cases)} recompute"


def read(name):
    lines = (VECTORS / f"vectors_{name}").read_text("utf-8").splitlines()
    pairs = [line.split(" - ", 1) for line in lines if line.strip()]
    return [(vector.strip(), ast.literal_eval(expected)) for vector, expected in pairs]


def as_tuple(scores):
    return (scores.base, scores.temporal, scores.environmental)
