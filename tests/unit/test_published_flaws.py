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


def scored(vector: str, *cwes: int) -> Document:
    flaw = Vulnerability(NAME, vectors=(vector,), cwes=cwes, sources=("nvd",), exploited_since="2026-01-01")
    return Document("nvd", NAME, "2026-01-01", (flaw,), (Affected(NAME, "nvd", cpe=SSH, ranges=(Range(fixed="7.3"),)),))


def effects_through_the_flaw(tree: Path, store: Path) -> set[str]:
    """What the paths to harm that rest on the flaw bring about in an infusion pump."""
    study = run([f"dir:{tree}"], Options(db=str(store), device="infusion-pump"))
    of_flaws = {one.id for one in study.findings if one.rule == "known_vulnerability"}
    return {path.harm.effect.value for path in study.paths if of_flaws.intersection(path.findings)}


@pytest.mark.parametrize(
    ("vector", "cwe", "wanted", "unwanted"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 787, {"command", "stop"}, set()),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 400, {"stop"}, {"command", "reading", "record"}),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 200, {"record"}, {"command", "reading", "stop"}),
        ("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 787, set(), {"command", "reading", "stop", "record"}),
    ],
)
def test_a_flaw_of_a_service_leads_to_the_harm_that_its_effect_allows_and_to_no_other(
    tree: Path, tmp_path: Path, vector: str, cwe: int, wanted: set[str], unwanted: set[str]
):
    """Control, a crash, a disclosure, and a flaw that only somebody on the device can use."""
    effects = effects_through_the_flaw(tree, filled(tmp_path / "flaws.sqlite", scored(vector, cwe)))
    assert wanted <= effects
    assert not unwanted & effects


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
