"""Globs over the paths inside the evidence. No I/O."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence


class Globs:
    """Some globs, compiled. One without a slash is about the file's name, one with it about the whole path; both in small letters."""

    def __init__(self, globs: Sequence[str]) -> None:
        """``*`` stands for any characters, also slashes."""
        self._names = _any([glob for glob in globs if "/" not in glob])
        self._paths = _any([glob for glob in globs if "/" in glob])

    def match(self, path: str) -> bool:
        """Whether any of them matches; none matches if there are none."""
        small = "/" + path.lower().lstrip("/")
        return self._names.match(small.rpartition("/")[2]) is not None or self._paths.match(small) is not None


def _any(globs: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(fnmatch.translate(glob) for glob in globs) if globs else r"(?!)")
