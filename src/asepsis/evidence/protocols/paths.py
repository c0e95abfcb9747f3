"""Paths inside the evidence: globs over them, and the tree that a file lies in. No I/O."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

from asepsis.model.where import CHAIN, Where

_ROOT = re.compile(r"(?:^|[/!])(?=(?:etc|etc_ro)/)")
_ANY_ROOT = re.compile(r"(?:^|[/!])(?=(?:etc|etc_ro|lib|usr|opt|s?bin|root|home|run|var|srv|mnt|data|system|vendor|app|config)/)")


def tree_of(where: Where) -> str:
    """The root of the tree that a file lies in, with its evidence."""
    path = where.path
    inside = path.rfind(CHAIN) + 1
    start = _ROOT.search(path, max(inside - 1, 0)) or _ANY_ROOT.search(path, max(inside - 1, 0))
    return f"{where.evidence}!{path[: start.end()] if start else path[:inside]}"


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
