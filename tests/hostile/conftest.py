"""Fixtures of the hostile set: one call that unpacks and checks what must hold for every piece of evidence."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH118

import contextlib
import hashlib
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from asepsis.guard import unpack
from asepsis.guard.digest import hash_evidence
from asepsis.guard.limits import MIB, STANDARD
from asepsis.model.evidence import Evidence, EvidenceKind

SMALL = replace(STANDARD, unpack_seconds=60, unpack_written_bytes=64 * MIB, unpack_one_file_bytes=32 * MIB, unpack_files=5000)


class Case:
    """What came out, in the words the tests use."""

    def __init__(self, result: unpack.Unpacked, seconds: float) -> None:
        self.result, self.seconds = result, seconds
        self.contents = {file.where.path: file.host.read_bytes() for file in result.files if file.size < 4 * MIB}

    @property
    def paths(self) -> list[str]:
        return [file.where.path for file in self.result.files]

    @property
    def tricks(self) -> set[str]:
        return {fact.trick for fact in self.result.hostile}

    def problems(self, cause: str) -> list[str]:
        return [problem.what for problem in self.result.problems if problem.cause.value == cause]


@pytest.fixture
def open_it(tmp_path):
    """Unpack a file or list a directory with small limits; check that nothing beside the work directory changed."""

    def call(path: Path, **limits: int) -> Case:
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        before = _outside(tmp_path)
        kind = EvidenceKind.DIR if path.is_dir() else EvidenceKind.FIRMWARE
        sha256, _, size, _ = hash_evidence(path) if path.exists() else (hashlib.sha256().hexdigest(), b"", 0, {})
        evidence = Evidence("e1", kind, path.name, sha256, size)
        started = time.monotonic()
        small = replace(SMALL, **limits)
        if kind is EvidenceKind.DIR:
            result = unpack.open_listed(unpack.list_tree(path, evidence.id, small), evidence, work, small, lambda _: None)
        else:
            result = unpack.unpack(path, evidence, work, small, lambda _: None)
        case = Case(result, time.monotonic() - started)
        assert _outside(tmp_path) == before, "something was written outside the work directory"
        assert list(result.files) == sorted(result.files, key=lambda file: file.where.sort_key)
        assert 0 <= result.bytes_understood <= result.bytes_total
        return case

    return call


def _outside(root: Path) -> set[tuple[str, int]]:
    seen = set()
    for folder, folders, names in os.walk(root):
        if folder == str(root):
            folders[:] = [name for name in folders if name != "work"]
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            with contextlib.suppress(OSError):  # one test makes paths longer than the system allows
                seen.add((path, os.lstat(path).st_mtime_ns))
    return seen
