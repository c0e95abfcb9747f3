"""Labelled sets of text secrets, where they are present: the floor under the figures that `bench/text_secrets.py` prints."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.real.shared import DATA

pytestmark = [pytest.mark.real, pytest.mark.skipif(DATA is None, reason="the shared data are not on this machine (ASEPSIS_SHARED_DATA)")]

FLOORS = {
    ("Nosey Parker", "in scope"): (0.83, 0.98, 0.96),
    ("Kingfisher", "in scope"): (0.75, 0.95, 0.98),
    ("CredSweeper", "reference output"): (0.83, 0.83, 0.83),
}
"""Least recall of all labels, of those whose sample holds a secret by its own words, and least precision. Dismissed documentation values count
as missed."""


@cache
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("text_secrets", Path(__file__).parents[2] / "bench" / "text_secrets.py")
    assert spec is not None
    assert spec.loader is not None
    sys.path.append(str(Path(__file__).parents[2] / "bench"))  # for the file beside it
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "scope"), FLOORS)
def test_a_labelled_set_is_found_and_little_else(name: str, scope: str):
    texts = next((texts for known, texts in bench().sets(DATA) if known == name), None)
    if texts is None:
        pytest.skip(f"{name} is not present")
    one = bench().score(texts, bench().ours(texts))[scope]
    recall, rest, precision = FLOORS[name, scope]
    labels = one.found + one.dismissed + one.missed
    assert one.found / labels >= recall
    assert (one.found - one.found_apart) / (labels - one.apart) >= rest
    assert one.found / (one.found + one.alarms) >= precision
