"""Bad evidence, end to end: a stated problem in every report, and the findings of the good evidence beside it intact."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.written import documents

from asepsis.model.study import Study
from asepsis.reports.summary import summary
from asepsis.story import Options, run

SQUASHFS = pytest.mark.skipif(shutil.which("mksquashfs") is None, reason="mksquashfs is not installed (Debian package squashfs-tools)")
HEALTHY_WORDS = ("clean", "no problems", "all good", "nothing wrong")


@pytest.fixture
def good(tmp_path) -> Path:
    """A device with one plain weakness."""
    root = tmp_path / "good"
    (root / "etc").mkdir(parents=True)
    (root / "etc" / "wpa_supplicant.conf").write_text('network={\n ssid="ward"\n psk="a made-up phrase"\n}\n')
    return root


@pytest.fixture
def image(tmp_path, good) -> Path:
    """The same device as a squashfs image."""
    path = tmp_path / "image.squashfs"
    subprocess.run(["mksquashfs", good, path, "-quiet", "-no-progress", "-all-root"], check=True, capture_output=True)
    return path


def is_found(study: Study) -> bool:
    return any(finding.rule == "wifi_secret_in_clear" for finding in study.findings)


def assert_said_everywhere(study: Study) -> None:
    """Something could not be looked at, and every report says so."""
    assert not study.complete
    assert study.problems or study.coverage.unopened
    screen = "\n".join(summary(study, [])).lower()
    assert "not looked at" in screen or "could not" in screen
    assert not any(word in screen for word in HEALTHY_WORDS)
    for kind, written in documents(study):
        document = written.decode("utf-8")
        if kind == "patient":  # a page for one patient counts what an engineer has to look at, in one sentence
            assert "not looked at" in document
            continue
        for problem in study.problems:
            assert problem.what.split()[0] in document, (kind, problem)


def truncated(tmp_path: Path, image: Path) -> Path:
    path = tmp_path / "truncated.squashfs"
    data = image.read_bytes()
    used = int.from_bytes(data[40:48], "little")  # the superblock's bytes_used; behind it is padding that nobody would miss
    path.write_bytes(data[: used - 60])
    return path


def corrupt(tmp_path: Path, image: Path) -> Path:
    path = tmp_path / "corrupt.squashfs"
    data = bytearray(image.read_bytes())
    data[96:180] = bytes(84)
    path.write_bytes(data)
    return path


def empty(tmp_path: Path, image: Path) -> Path:
    path = tmp_path / "empty.bin"
    path.touch()
    return path


def encrypted(tmp_path: Path, image: Path) -> Path:
    import hashlib

    path = tmp_path / "encrypted.bin"
    path.write_bytes(b"".join(hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(4096)))
    return path


def nested_forty_deep(tmp_path: Path, image: Path) -> Path:
    data = b"the innermost"
    for _ in range(40):
        data = gzip.compress(data, mtime=0)
    path = tmp_path / "nested.gz"
    path.write_bytes(data)
    return path


def traversing(tmp_path: Path, image: Path) -> Path:
    path = tmp_path / "traversing.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped", "out")
        archive.writestr("ordinary", "in")
    return path


@SQUASHFS
@pytest.mark.slow
@pytest.mark.parametrize("bad", [truncated, corrupt, empty, encrypted, nested_forty_deep, traversing])
def test_a_bad_piece_is_a_stated_problem_and_costs_the_good_piece_nothing(bad, tmp_path, good, image):
    study = run([str(good), f"firmware:{bad(tmp_path, image)}"], Options(device="infusion-pump"))
    assert is_found(study)
    assert_said_everywhere(study)
    assert not (tmp_path.parent / "escaped").exists()
    assert not (tmp_path / "escaped").exists()


@SQUASHFS
@pytest.mark.slow
def test_without_the_unpacker_the_study_says_what_stayed_shut(tmp_path, image, monkeypatch):
    assert is_found(run([str(image)], Options()))
    bare = tmp_path / "bin"
    bare.mkdir()
    monkeypatch.setenv("PATH", str(bare))
    study = run([str(image)], Options())
    assert not is_found(study)
    assert_said_everywhere(study)
    assert any(problem.cause.value == "missing-tool" for problem in study.problems)
    assert all(one.rule != "wifi_secret_in_clear" for one in study.not_found)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_a_problem_and_never_no_findings(tmp_path, monkeypatch):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        big = tmp_path / "big.zip"
        with zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("etc/big", os.urandom(1) * 4_000_000)
            archive.writestr("etc/shadow", "root::1:::::::\n")
        monkeypatch.setenv("TMPDIR", str(disk))
        import tempfile

        monkeypatch.setattr(tempfile, "tempdir", None)
        study = run([str(big)], Options())
        assert_said_everywhere(study)
        assert any("disk" in problem.what.lower() or "space" in problem.what.lower() for problem in study.problems)
    finally:
        subprocess.run(["umount", disk], check=False)


def test_evidence_that_cannot_be_read_is_one_clear_line(tmp_path):
    from asepsis.story import CannotAssess

    with pytest.raises(CannotAssess, match="nowhere"):
        run([str(tmp_path / "nowhere")], Options())


def test_odd_names_reach_every_report_unharmed(tmp_path):
    root = tmp_path / "odd"
    (root / "etc").mkdir(parents=True)
    for name in (b"wpa_supplicant\x1b[31m.conf", b"wpa_supplicant\xff.conf", "wpa_supplicant\u202e.conf".encode()):
        Path(os.fsdecode(os.fsencode(root / "etc") + b"/" + name)).write_text(
            'network={\n ssid="<script>alert(1)</script>"\n psk="a made-up phrase"\n}\n'
        )
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe")
    study = run([str(root)], Options())
    assert len([fact for fact in study.facts if fact.kind == "StoredSecret"]) == 3
    for kind, document in documents(study):
        document.decode("utf-8")
        assert b"\x1b" not in document
        assert b"<script>alert" not in document or kind != "html"
