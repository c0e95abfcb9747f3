"""Where the shared data are, if they are on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def _folder() -> Path | None:
    named = os.environ.get("ASEPSIS_SHARED_DATA")
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(named) if named else beside
    return folder if folder.is_dir() else None


DATA = _folder()
