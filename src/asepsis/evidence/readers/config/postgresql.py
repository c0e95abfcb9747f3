"""PostgreSQL: whom the database lets in (``pg_hba.conf``) and where it listens (``postgresql.conf``).

``host DATABASE USER ADDRESS METHOD``: the method ``trust`` asks for nothing (PostgreSQL documentation, "Client Authentication"). Without
``listen_addresses`` the server answers only locally; ``local`` lines are about its own socket and are no way in from outside.

Known ways it lies: the first line that matches counts, so an earlier ``reject`` may stand before a ``trust``; included files add to both.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import key_file, unquote, word_lines
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)(?P<kind>pg_hba|postgresql)\.conf$")
_HOSTS = {"host": None, "hostssl": True, "hostnossl": False, "hostgssenc": True, "hostnogssenc": None}
_METHODS = {"trust": Auth.NONE, "reject": None, "cert": Auth.MUTUAL, "gss": Auth.KEY, "sspi": Auth.KEY}
_LOOPBACK = ("127.", "::1", "localhost", "samehost")
_HBA_FIELDS = 5


class PostgresqlReader:
    """Emits the :class:`Service` ``postgresql``: how it lets people in, and where it listens."""

    info = ReaderInfo("postgresql", "Configuration of the database PostgreSQL", (Service,), ("pg_hba.conf", "postgresql.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One of the two files."""
        if source.path.endswith("pg_hba.conf"):
            _read_hba(source, emit)
            return
        entries = {entry.key.lower(): entry for entry in key_file(source.lines(), comments="#")}
        if not entries:
            raise NotThisFormat
        line = entries["listen_addresses"].line if "listen_addresses" in entries else 1
        listens = _plain(entries["listen_addresses"].value) if "listen_addresses" in entries else "localhost"
        outside = [name for name in listens.replace(",", " ").split() if not name.startswith(_LOOPBACK)]
        address = "" if "*" in outside or "0.0.0.0" in outside else outside[0] if outside else "127.0.0.1"  # noqa: S104 - compared, not bound
        port = port_of(_plain(entries["port"].value)) if "port" in entries else None
        tls = _plain(entries["ssl"].value) in {"on", "true", "yes", "1"} if "ssl" in entries else None
        emit(Service(source.where(line=line), "postgresql", "postgres", Auth.UNKNOWN, tls, None, port or 5432, address, gives=Gives.RECORD))


def _plain(value: str) -> str:
    """The value without a comment behind it."""
    return unquote(value.split("#", 1)[0].strip())


def _read_hba(source: BoundedSource, emit: Emit) -> None:
    """Only what is let in from outside; the first line of each method."""
    told: set[Auth] = set()
    for number, words in word_lines(source.lines()):
        if words[0] not in _HOSTS or len(words) < _HBA_FIELDS or words[3].startswith(_LOOPBACK):
            continue
        method = words[5] if re.fullmatch(r"[\d.:a-fA-F]+", words[4]) and len(words) > _HBA_FIELDS else words[4]
        auth = _METHODS.get(method, Auth.PASSWORD)
        if auth is None or auth in told:
            continue
        told.add(auth)
        detail = f"{words[1][:32]} as {words[2][:32]} from {words[3][:48]}: {method[:16]}"
        emit(Service(source.where(line=number), "postgresql", "postgres", auth, _HOSTS[words[0]], None, None, gives=Gives.RECORD, detail=detail))
