"""A bill of materials given as evidence, alone and beside the software that it is of."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from asepsis.evidence.read import read
from asepsis.findings.judge import judge
from asepsis.findings.rule import Context
from asepsis.guard.limits import STANDARD
from asepsis.knowledge.load import load
from asepsis.model.evidence import Cause, EvidenceKind
from asepsis.model.facts import Component
from asepsis.model.inventory import ItemKind
from asepsis.model.reading import Reading
from asepsis.reports.tell import tell
from tests.cases.reports import studies

BILL = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [{"type": "library", "name": "openssl", "version": "1.0.2k", "purl": "pkg:generic/openssl@1.0.2k"}],
}


def reading(*artefacts: Path | str) -> Reading:
    return read([str(one) for one in artefacts], limits=STANDARD, digest_key=None, notice=lambda _text: None)


def bill(path: Path, document: object = BILL) -> Path:
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("name", ["device.cdx.json", "anything.bin"])
def test_a_bill_is_known_by_what_it_says_and_not_by_its_name(tmp_path: Path, name: str):
    result = reading(bill(tmp_path / name))
    assert [one.kind for one in result.evidence] == [EvidenceKind.SBOM]
    assert [fact.name for fact in result.facts if isinstance(fact, Component)] == ["openssl"]
    assert result.problems == ()
    assert result.coverage.complete
    assert EvidenceKind.FIRMWARE in result.coverage.kinds_not_given


def test_a_bill_alone_was_looked_at_for_parts_and_what_its_maker_says_of_flaws_and_nothing_else(tmp_path: Path):
    result = reading(f"sbom:{bill(tmp_path / 'x')}")
    assert [entry.kind for entry in result.looked_for if entry.looked] == ["Component", "VexClaim"]
    assert {entry.reason for entry in result.looked_for if entry.kind in {"Service", "PrivateKey"}} == {
        "a bill of materials only names parts: x",
    }  # fmt: skip


def test_a_bill_alone_never_looks_healthy(tmp_path: Path):
    supported = {**BILL, "components": [{"type": "library", "name": "no-such-part", "version": "1"}]}
    judged = judge(reading(bill(tmp_path / "x", supported)), Context(load(), date(2026, 11, 23)))
    assert judged.not_found == ()
    assert {one.rule for one in judged.not_assessed} >= {"component_out_of_support", "known_vulnerability", "telnet_service"}


def test_an_end_of_support_is_found_in_a_bill(tmp_path: Path):
    judged = judge(reading(bill(tmp_path / "x")), Context(load(), date(2026, 11, 23)))
    (finding,) = judged.findings
    assert (finding.rule, finding.subject) == ("component_out_of_support", "openssl")


def test_what_is_given_as_a_bill_and_is_none_is_one_clear_problem(tmp_path: Path):
    (tmp_path / "note").write_text("hello")
    result = reading(f"sbom:{tmp_path / 'note'}")
    (problem,) = result.problems
    assert (problem.cause, problem.where and problem.where.path) == (Cause.BROKEN_INPUT, "note")
    assert "no bill of materials" in problem.what
    assert result.coverage.unopened == ("note",)
    assert not any(entry.looked for entry in result.looked_for)


def test_a_broken_bill_keeps_its_parts_and_tells_the_place(tmp_path: Path):
    path = tmp_path / "x"
    path.write_text(json.dumps(BILL)[:-3])
    result = reading(path)
    assert len(result.facts) == 1
    (problem,) = result.problems
    assert "is cut short" in problem.what
    assert problem.where
    assert problem.where.offset == len(json.dumps(BILL)) - 3


def test_a_bill_and_software_are_one_device(tmp_path: Path):
    (tmp_path / "root" / "etc").mkdir(parents=True)
    (tmp_path / "root" / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    result = reading(tmp_path / "root", bill(tmp_path / "x"))
    assert [(fact.where.evidence, type(fact).__name__) for fact in result.facts] == [("e1", "Account"), ("e2", "Component")]
    assert result.coverage.complete
    assert {entry.kind for entry in result.looked_for if entry.looked} >= {"Component", "Service", "Account"}


def test_a_bill_that_nobody_knows_is_not_counted_as_read_for_the_name_of_one_that_is(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    known = bill(tmp_path / "a" / "bom.json")
    other = bill(tmp_path / "b" / "bom.json", {"nothing": 1})
    result = reading(f"sbom:{known}", f"sbom:{other}")
    assert result.coverage.unopened == ("bom.json",)
    assert result.coverage.bytes_understood == known.stat().st_size


@pytest.mark.parametrize("format_", ["cyclonedx", "spdx", "spdx3"])
def test_a_bill_that_was_written_here_names_when_it_is_read_back_its_parts_and_not_what_they_were_read_in(tmp_path: Path, format_: str):
    (tmp_path / "bill.json").write_bytes(tell(studies.PUMP, format_))
    named = {fact.name for fact in reading(tmp_path / "bill.json").facts if isinstance(fact, Component)}
    assert {item.name for item in studies.PUMP.inventory if item.kind is not ItemKind.PROGRAM} <= named
    assert named.isdisjoint(one.name for one in studies.PUMP.evidence)
