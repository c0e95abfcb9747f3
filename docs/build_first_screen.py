"""Write the first screen of the example pump into README.md, as the tool prints it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- first screen -->\n```\n", "```\n"


def first_screen() -> str:
    """Build the example and assess it in a folder of its own; what goes to standard output."""
    asepsis = Path(sys.executable).with_name("asepsis")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, ROOT / "examples" / "build.py", folder], check=True, capture_output=True)
        wanted = ["infusion-pump.bin", "--device", "infusion-pump", "-o", "html=report.html"]
        return subprocess.run([asepsis, "assess", *wanted], cwd=folder, check=True, capture_output=True, text=True).stdout


def with_screen(text: str, screen: str) -> str:
    """The README with the text between its marks replaced. Raises ``ValueError`` if a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("README.md has lost the marks around its first screen")
    return before + begin + screen + end + after


def main() -> None:
    """Rewrite README.md."""
    README.write_text(with_screen(README.read_text(encoding="utf-8"), first_screen()), encoding="utf-8")


if __name__ == "__main__":
    main()
