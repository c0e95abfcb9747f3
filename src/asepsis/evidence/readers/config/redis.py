"""``redis.conf``: the settings of a Redis database.

``bind ADDRESS…``, ``port``, ``requirepass SECRET``, ``protected-mode`` (redis.conf of Redis 7). Without a password anybody who reaches the port
reads and writes everything, and can make the server write files. ``protected-mode yes``, the default since 3.2, answers strangers only where an
address or a password is set.

Known ways it lies: options of the command line come last; ``user`` lines or an ``aclfile`` may ask for more than ``requirepass`` does.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.text import unquote, word_lines
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)redis[^/]*\.conf$|(?:^|/)etc/redis/[^/]+\.conf$")
_KNOWN = frozenset({"bind", "port", "requirepass", "protected-mode", "tls-port", "aclfile", "user", "masterauth"})
_LOOPBACK = ("127.", "::1", "localhost")


class RedisReader:
    """Emits one :class:`Service` ``redis``, and a :class:`StoredSecret` for its password."""

    info = ReaderInfo("redis", "Configuration of the database Redis", (Service, StoredSecret), ("redis.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The last line of a setting counts."""
        found: dict[str, tuple[int, str]] = {}
        for number, words in word_lines(source.lines()):
            if words[0].lower() in _KNOWN and len(words) > 1:
                found[words[0].lower()] = (number, " ".join(words[1:]))
        if not found:
            raise NotThisFormat
        values = {key: unquote(value) for key, (_, value) in found.items()}
        for key in ("requirepass", "masterauth"):
            if values.get(key):
                redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, values[key])
                emit(StoredSecret(source.where(line=found[key][0]), redacted, "redis", "", key, "redis"))
        port = port_of(values.get("port", "6379")) or port_of(values.get("tls-port", ""))
        line = found["port" if "port" in found else "bind" if "bind" in found else min(found)][0]
        if port:
            auth = _auth(values)
            emit(Service(source.where(line=line), "redis", "redis-server", auth, "tls-port" in values, None, port, _address(values, auth)))


def _auth(values: dict[str, str]) -> Auth:
    if values.get("requirepass"):
        return Auth.PASSWORD
    return Auth.UNKNOWN if {"aclfile", "user"} & values.keys() else Auth.NONE


def _address(values: dict[str, str], auth: Auth) -> str:
    """Loopback if that is all it is bound to, or if it protects itself; else the first outside address."""
    addresses = [word.lstrip("-") for word in values.get("bind", "").split()]
    outside = [address for address in addresses if not address.startswith(_LOOPBACK)]
    if addresses and not outside:
        return "127.0.0.1"
    if not addresses and auth is Auth.NONE and values.get("protected-mode", "yes") == "yes":
        return "127.0.0.1"
    return outside[0] if outside and outside[0] not in {"*", "0.0.0.0", "::"} else ""  # noqa: S104 - compared, not bound
