"""Which accounts a service takes, by the names in its settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

ONLY_THESE = "lets in only the accounts "
NOT_THESE = "keeps out the accounts "
"""How readers say in ``detail`` which accounts a service takes: patterns with ``*`` and ``?``, separated by spaces."""
UNRESOLVED = "only the groups "
"""How a service's details say that it lets in groups whose members were not found."""
TOO_LONG = "its list of accounts is too long to follow"
"""How readers say in ``detail`` that they left a list of accounts out."""

_NAMED = re.compile(rf"(?:(?P<only>{ONLY_THESE})|{NOT_THESE})(?P<names>[^,;]+)")


@dataclass(frozen=True, slots=True)
class _Names:
    """One list, ready to ask: it lets in ``only`` these, or keeps them out."""

    only: bool
    plain: frozenset[str]
    patterns: re.Pattern[str]

    def has(self, account: str) -> bool:
        return account in self.plain or self.patterns.match(account) is not None


def is_kept_out(account: str, detail: str) -> bool:
    """By the names in a service's settings; a pattern with a host says nothing of other hosts."""
    return any(names.has(account) is not names.only for names in _names(detail))


@lru_cache(maxsize=64)
def _names(detail: str) -> tuple[_Names, ...]:
    """The lists that a service's details hold. They may be long, and are asked for every account."""
    return tuple(_listed(found["names"].split(), only=found["only"] is not None) for found in _NAMED.finditer(detail))


def _listed(patterns: list[str], *, only: bool) -> _Names:
    names = {pattern.partition("@")[0] for pattern in patterns if only or "@" not in pattern}
    plain = frozenset(name for name in names if not set(name) & set("*?["))
    return _Names(only, plain, re.compile("|".join(map(translate, sorted(names - plain))) or r"(?!)"))
