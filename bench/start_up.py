"""How long ``asepsis --help`` and ``asepsis --version`` take as whole processes, beside a bare interpreter.

Run: ``.venv/bin/python bench/start_up.py``. Prints the median of 15 runs in seconds; the aim is under 0.3 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15
ASEPSIS = str(Path(sys.executable).with_name("asepsis"))


def median_seconds(command: list[str]) -> float:
    """Median wall time of a command over ``RUNS`` runs after one warm-up."""
    times = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def main() -> None:
    """Print a row a command."""
    bare = median_seconds([sys.executable, "-c", "pass"])
    print(f"{'python -c pass':<22} {bare:.3f} s")
    for words in (["--help"], ["--version"]):
        took = median_seconds([ASEPSIS, *words])
        print(f"{'asepsis ' + words[0]:<22} {took:.3f} s   {took / bare:.1f} x the bare interpreter")


if __name__ == "__main__":
    main()
