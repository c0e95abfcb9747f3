"""From imported feeds to the study: a part of a device, the flaws under its name, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.store import Store
from asepsis.model.software import VexStatus
from asepsis.model.study import Study
from asepsis.model.vulnerability import Affected, Range, Vulnerability
from asepsis.story import CannotAssess, Options, run
from tests.unit.knowledge.vulnerabilities.test_store import SSH, filled

STATUS = "Package: openssh-server\nVersion: 7.2p1-1\nStatus: install user installed\n"
CONTROL = f"{STATUS}CPE-ID: cpe:/a:openbsd:openssh\nLicense: BSD-2-Clause\n"
NAME = "CVE-2099-1000"
FLAW = Document("nvd", NAME, "2026-01-01", (Vulnerability(NAME, sources=("nvd",)),), (Affected(NAME, "nvd", cpe=SSH, ranges=(Range(fixed="7.3"),)),))
INITTAB = "::respawn:/usr/sbin/sshd -D\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name, text in (("usr/lib/opkg/status", STATUS), ("usr/lib/opkg/info/openssh-server.control", CONTROL), ("etc/inittab", INITTAB)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def assessed(tree: Path, store: Path) -> Study:
    return run([f"dir:{tree}"], Options(db=str(store)))


def test_a_flaw_of_a_part_that_runs_is_a_finding_and_stands_in_the_study(tree: Path, tmp_path: Path):
    study = assessed(tree, filled(tmp_path / "flaws.sqlite", FLAW))
    assert [(one.vulnerability, one.component, one.status) for one in study.vulnerabilities] == [(NAME, "openssh-server", VexStatus.AFFECTED)]
    assert [finding.subject for finding in study.findings if finding.rule == "known_vulnerability"] == ["openssh-server"]


def test_without_a_store_nothing_is_said_of_flaws_but_that(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASEPSIS_DB", str(tmp_path / "nothing.sqlite"))
    study = run([f"dir:{tree}"], Options())
    assert study.vulnerabilities == ()
    assert [one.reason for one in study.not_assessed if one.rule == "known_vulnerability"] == [
        "KnownVulnerability was not looked for: needs a database of published flaws, and none was imported"
    ]


def test_a_store_that_breaks_while_it_is_asked_is_one_clear_line(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(_store: Store, _keys: object) -> list[Affected]:
        raise KnowledgeError("the store cannot be read; import the feeds again")

    monkeypatch.setattr(Store, "affecting", broken)
    with pytest.raises(CannotAssess, match="import the feeds again"):
        assessed(tree, filled(tmp_path / "flaws.sqlite", FLAW))
