"""Write docs/rules from the rules' docstrings; pages of rules that are gone are removed."""

from __future__ import annotations

from pathlib import Path

from asepsis.findings.pages import pages

FOLDER = Path(__file__).parent / "rules"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    texts = pages()
    for old in sorted(FOLDER.glob("*.md")):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
