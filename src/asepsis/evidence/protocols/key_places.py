"""Lists of keys in places of a maker's own, which only ``AuthorizedKeysFile`` names (sshd_config(5)): ``%u`` the account, ``%h`` its home. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from asepsis.evidence.protocols.paths import tree_of
from asepsis.evidence.protocols.settings import READS_KEYS
from asepsis.model.facts import AuthorizedKey, Fact, Service

_NAMED = re.compile(rf"{READS_KEYS}([^,]+)")
_TOKENS = re.compile(r"%[%uh]|[^%]+|%")
_HOME = r"(?:(?:.*/)?(?P<home>[^/]+))"
_USER = r"(?P<user>[^/]+)"
_MOST_PLACES = 32


def with_key_places(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without the keys of lists that no server is told of; the others with the account that their place names."""
    texts: dict[str, set[str]] = {}
    for fact in facts:
        named = _NAMED.search(fact.detail) if isinstance(fact, Service) and fact.name == "ssh" else None
        if named:
            texts.setdefault(tree_of(fact.where), set()).update(named[1].split())
    places = {tree: [_pattern(text) for text in sorted(said)[:_MOST_PLACES]] for tree, said in texts.items()}
    known = (_placed(fact, places) if isinstance(fact, AuthorizedKey) and not fact.usual_place else fact for fact in facts)
    return [fact for fact in known if fact is not None]


def _placed(key: AuthorizedKey, places: dict[str, list[re.Pattern[str]]]) -> AuthorizedKey | None:
    where = f"{key.where.evidence}!{key.where.path}"
    found = [pattern.fullmatch(where.removeprefix(tree)) for tree, patterns in places.items() if where.startswith(tree) for pattern in patterns]
    match = next(filter(None, found), None)
    return replace(key, account=_account(match.groupdict().values())) if match else None


def _account(named: Iterable[str | None]) -> str:
    return next((name for name in named if name), "")[:64]


def _pattern(text: str) -> re.Pattern[str]:
    """What a place looks like from the root of its tree; one without a leading slash lies in each home."""
    parts = _TOKENS.findall(text if text.startswith(("/", "%h")) else f"%h/{text}")
    out: list[str] = []
    for part in parts:
        meaning = {"%u": _USER, "%h": _HOME, "%%": "%"}.get(part, re.escape(part))
        out.append("[^/]+" if meaning in out else meaning)
    return re.compile("".join(out).removeprefix("/"))
