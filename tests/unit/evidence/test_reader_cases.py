"""Every reader of whole files against its cases: tests/cases/evidence/readers/<folder>/<reader>/<case>/case.toml.

A case gives a file's ``path`` and ``text``, and every fact in the order in which it is emitted: its kind, its ``line`` or ``offset``, and
the attributes that the case is about ("none" stands for None). ``secret.text`` is what the digest must be of; ``secrets`` must not be in
any fact. ``raises`` names the exception that ends the reading.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat, Sureness
from asepsis.evidence.readers import FILE_READERS
from asepsis.guard.limits import LimitReached
from asepsis.model.facts import Fact
from asepsis.model.record import to_record
from tests.unit.evidence.reading import KEY, source_of

CASES = Path(__file__).parents[2] / "cases" / "evidence" / "readers"
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/*/case.toml"))
READERS = {reader.info.name: reader for reader in FILE_READERS}
ENDS = {"Malformed": Malformed, "NotThisFormat": NotThisFormat}


def load(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "case.toml").read_text("utf-8"))


def told(folder: Path, case: dict[str, Any]) -> tuple[list[Fact], str]:
    """The facts of a case, and how the reading ended."""
    reader, data = READERS[folder.parent.name], case["text"].encode()
    facts: list[Fact] = []
    if reader.recognises(case["path"], data[:4096]) is Sureness.NO:
        return facts, "not recognised"
    try:
        reader.read(source_of(data, case["path"], case.get("link_names", ())), facts.append)
    except (Malformed, NotThisFormat, LimitReached) as error:
        return facts, type(error).__name__
    return facts, ""


def plain(value: object) -> object:
    """As TOML can write it."""
    return "none" if value is None else list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_file_is_read_as_its_case_says(folder: Path) -> None:
    case = load(folder)
    facts, ended = told(folder, case)
    wanted = case.get("fact", [])
    assert [(type(fact).__name__, fact.where.line, fact.where.offset) for fact in facts] == [
        (want["kind"], want.get("line"), want.get("offset")) for want in wanted
    ]
    assert ended == case.get("raises", "")
    for fact, want in zip(facts, wanted, strict=True):
        for name in want.keys() - {"kind", "line", "offset", "secret"}:
            assert plain(getattr(fact, name)) == want[name], name
        for name, value in want.get("secret", {}).items():
            if name == "text":
                assert fact.secret.digest == KEY.redact(fact.secret.kind, fact.secret.form, value).digest
            else:
                assert plain(getattr(fact.secret, name)) == value, name


@pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if "secrets" in load(folder)], ids=lambda folder: f"{folder.parent.name}-{folder.name}"
)
def test_no_fact_of_the_case_holds_one_of_its_secrets(folder: Path) -> None:
    case = load(folder)
    facts, _ = told(folder, case)
    assert facts
    said = b"\n".join(msgspec.json.encode(to_record(fact)) for fact in facts).decode()
    assert [secret for secret in case["secrets"] if secret in said] == []
