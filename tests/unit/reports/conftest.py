"""Lets the tests here import the hand-made studies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "cases" / "reports"))
