"""Connection strings of databases: ``Provider=…;User ID=sa;Password=…`` (ADO, OLE DB, ODBC). No I/O.

Pairs of ``key=value`` between semicolons; a value in quotes or braces may hold semicolons. Keys are case-blind; ``pwd`` and ``password``, ``uid``,
``user`` and ``user id`` are the same (Microsoft's documentation of ``ConnectionString``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.credentials import Credential
from asepsis.model.secret import SecretKind

_PAIR = re.compile(r"\s*([A-Za-z][A-Za-z0-9_ ]{0,40}?)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|\{([^}]*)\}|([^;]*))\s*(?:;|\Z)")
_SECRETS = frozenset({"password", "pwd", "jet oledb:database password", "sharedaccesskey", "accountkey"})
_USERS = ("user id", "uid", "user", "username", "user name")
_PLACES = ("data source", "server", "address", "addr", "network address", "initial catalog", "database", "driver", "provider", "dsn", "endpoint")
MAX_TEXT = 8192


def pairs(text: str) -> dict[str, str]:
    """The pairs of a connection string, keys in lower case."""
    return {found[1].lower().strip(): next((group for group in found.groups()[1:] if group is not None), "").strip() for found in _found(text)}


def _found(text: str) -> Iterator[re.Match[str]]:
    at, text = 0, text[:MAX_TEXT]
    while found := _PAIR.match(text, at):
        if found.end() == at:
            return
        at = found.end()
        yield found


def in_text(text: str) -> Iterator[Credential]:
    """The password in a connection string; nothing if the text is none."""
    known = pairs(text)
    if not any(place in known for place in _PLACES):
        return
    user = next((known[name] for name in _USERS if known.get(name)), "")
    for name in sorted(_SECRETS & known.keys()):
        if known[name]:
            kind = SecretKind.KEY if name.endswith("key") else SecretKind.APPLICATION
            yield Credential(known[name], kind, name, user, "database")
