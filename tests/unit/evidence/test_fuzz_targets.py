"""The fuzz targets work: each runs its seeds, so that a change of the readers' contract does not leave them behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
RUN = ROOT / "fuzz" / "run.py"
DECODERS = ROOT / "src" / "asepsis" / "evidence" / "wire" / "decoders"


def test_every_target_keeps_its_promises_and_has_a_seed_that_gives_a_fact(tmp_path):
    ended = subprocess.run([sys.executable, RUN, "--times", "0"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "all promises kept" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_every_decoder_of_traffic_has_a_target():
    decoders = {path.stem for path in DECODERS.glob("[a-z]*.py")}
    assert "dicom" in decoders
    assert {name for name in decoders if not (RUN.parent / f"fuzz_wire_{name}.py").exists()} == set()
