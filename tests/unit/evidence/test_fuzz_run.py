"""The runner of fuzz targets notices a reader that breaks its promises."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

PLACE = Path(__file__).parents[3] / "fuzz" / "run.py"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_runner_under_test", PLACE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    return module


def fuzzed(run: ModuleType, monkeypatch: pytest.MonkeyPatch, target: Callable[[bytes], None], times: int = 300):
    monkeypatch.setitem(sys.modules, "fuzz_made_up", SimpleNamespace(TestOneInput=target, SEEDS=(b"seed", b"a longer seed")))
    (outcome,) = run.outcomes(["made_up"], times, 1, 2)
    return outcome


def test_a_reader_that_keeps_its_promises_sees_all_inputs(run, monkeypatch, tmp_path):
    outcome = fuzzed(run, monkeypatch, lambda _data: None)
    assert (outcome.inputs, outcome.broken) == (300, "")
    assert list(tmp_path.iterdir()) == []


def test_an_exception_is_told_and_its_input_kept(run, monkeypatch, tmp_path):
    def target(data: bytes) -> None:
        if data not in {b"seed", b"a longer seed"}:
            raise ValueError("a\tb")

    assert fuzzed(run, monkeypatch, target).broken == "ValueError: a b (input 3)"
    assert (tmp_path / "crash-made_up").is_file()


def test_memory_that_grows_is_told(run, monkeypatch):
    kept: list[bytearray] = []
    outcome = fuzzed(run, monkeypatch, lambda _data: kept.append(bytearray(b"x") * 1_000_000))
    assert "memory" in outcome.broken


def test_an_endless_input_is_told(run, monkeypatch):
    monkeypatch.setattr(run, "SLOW_SECONDS", 0.2)

    def target(_data: bytes) -> None:
        while True:
            time.process_time()

    assert "TooSlow" in fuzzed(run, monkeypatch, target).broken


def test_a_process_that_dies_is_told(run, monkeypatch):
    assert fuzzed(run, monkeypatch, lambda _data: os._exit(3)).broken == "its process died"


@pytest.mark.parametrize(("emitted", "broken"), [({}, "no seed gives a fact"), ({"Service": 1}, "")])
def test_the_seeds_alone_must_give_a_fact(run, monkeypatch, emitted: dict[str, int], broken: str):
    monkeypatch.setitem(sys.modules, "harness", SimpleNamespace(EMITTED=Counter(emitted)))
    outcome = fuzzed(run, monkeypatch, lambda _data: None, times=0)
    assert (outcome.inputs, outcome.broken) == (2, broken)


def test_the_same_seed_makes_the_same_inputs(run):
    first, again, other = (list(run.Mutator([b"a=b", b"c: d"], seed).inputs(50)) for seed in ("x 1", "x 1", "x 2"))
    assert first == again
    assert first[:2] == [b"a=b", b"c: d"]
    assert len(first) == 50
    assert first != other
    assert max(map(len, first)) <= run.MOST_BYTES
