from dataclasses import replace

import pytest

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.vulnerability import Feed
from asepsis.reports.sbom_score import CISA, DOCUMENTS, FDA, NTIA, score, score_lines
from asepsis.reports.tell import tell
from tests.cases.reports import studies


def counts(study):
    return {(one.source, one.element): (one.have, one.of) for one in score(study)}


@pytest.mark.parametrize(
    ("source", "element", "have"),
    [
        (NTIA, "supplier name", 2),  # libc6, libssl1.1
        (NTIA, "component name", 4),
        (NTIA, "version", 3),  # not pumpd
        (NTIA, "other unique identifier", 3),  # not pumpd
        (NTIA, "dependency relationship", 3),  # not Linux
        (FDA, "level of support", 3),  # not pumpd
        (FDA, "end-of-support date", 3),  # not pumpd
        (FDA, "known vulnerabilities looked for", 0),  # no feeds
        (CISA, "hash (SHA-256)", 2),  # libssl1.1, pumpd
        (CISA, "licence", 2),  # libc6, libssl1.1
    ],
)
def test_each_element_counts_over_all_components(source, element, have):
    assert counts(studies.PUMP)[source, element] == (have, 4)


def test_what_lacks_an_element_is_named():
    missing = {one.element: one.missing for one in score(studies.PUMP)}
    assert missing["version"] == ("pumpd",)
    assert missing["supplier name"] == ("Linux 3.10.14", "pumpd")
    assert missing["dependency relationship"] == ("Linux 3.10.14",)


def test_flaws_were_looked_for_where_there_are_feeds_and_something_to_ask_for():
    feeds = replace(studies.PUMP.knowledge, feeds=(Feed("kev", "2026-11-01", 1),))
    assert counts(replace(studies.PUMP, knowledge=feeds))[FDA, "known vulnerabilities looked for"] == (3, 4)


def test_a_list_that_was_made_from_another_list_does_not_claim_to_be_made_from_software():
    given = (Evidence("e1", EvidenceKind.SBOM, "theirs.json", "ab" * 32, 10),)
    study = replace(studies.PUMP, evidence=given, coverage=replace(studies.PUMP.coverage, programs=0, programs_identified=0))
    assert (counts(studies.PUMP)[CISA, "generation context"], counts(study)[CISA, "generation context"]) == ((1, 1), (0, 1))
    assert score_lines(study)[1] == "no executable was in the evidence"
    assert b"post-build" not in b"".join(tell(study, name) for name in ("cyclonedx", "spdx", "spdx3"))
    assert b"analyzed" not in tell(study, "spdx3")


def test_without_feeds_it_is_said_that_there_were_none():
    (line,) = (line for line in score_lines(studies.PUMP) if "vulnerabilities looked for" in line)
    assert line.endswith("0 of 4    0 %  missing: no feed of published flaws is there")


def test_the_screen_names_the_document_of_each_element_and_the_gaps():
    lines = score_lines(studies.PUMP)
    assert lines[0] == "Infusion pump: 3 parts and 1 executable that nobody recognised"
    assert all(title in lines for title in DOCUMENTS.values())
    assert any(line.split() == ["version", "3", "of", "4", "75", "%", "missing:", "pumpd"] for line in lines)
    assert any("no tool on this machine opens UBI images" in line for line in lines)


@pytest.mark.parametrize("name", studies.ALL)
def test_the_screen_is_safe_and_fits(name):
    lines = score_lines(studies.ALL[name])
    assert max(map(len, lines)) <= 100
    assert all(line.isprintable() for line in lines)


def test_of_an_empty_list_nothing_is_called_complete():
    assert all(have == of == 0 for (_, element), (have, of) in counts(studies.EMPTY).items() if element in {"version", "licence"})
    assert not any("100 %" in line for line in score_lines(studies.EMPTY))
    assert any("does not mean that there is none" in line for line in score_lines(studies.EMPTY))
