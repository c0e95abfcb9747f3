r"""Connections kept in small text files of Windows: data links (``.udl``), data source names (``.dsn``), Remote Desktop connections (``.rdp``).

``.udl``: ``[oledb]``, a remark, and a connection string, in UTF-16. ``.dsn``: ``[ODBC]`` and a ``KEY=value`` a line. ``.rdp``:
``name:type:value`` a line; ``password 51:b:`` is hex of a DPAPI blob that the account which saved it opens.

Known ways it lies: a saved connection need not work any more; what stands behind ``51:b:`` is opened by whoever has that account's password, which
is often kept on the same device.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.connection_string import in_text
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.text import MAX_VALUE, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"\.(udl|dsn|rdp)$", re.IGNORECASE)
_BLOB = re.compile(r"(?:0x)?(?:[0-9A-Fa-f]{2}){16,}\Z")


class ConnectionFilesReader:
    """Emits a :class:`StoredSecret` for each password."""

    info = ReaderInfo("connection_files", "Saved connections of Windows", (StoredSecret,), ("*.udl", "*.dsn", "*.rdp"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; UTF-16 with its mark is text as well."""
        text = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head
        return Sureness.YES if text and _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """By kind."""
        found = _PATH.search(source.path)
        kind = found.group(1).lower() if found else ""
        {"rdp": _read_rdp, "dsn": _read_dsn}.get(kind, _read_udl)(source, emit)


def _read_udl(source: BoundedSource, emit: Emit) -> None:
    for number, line in source.lines():
        for found in in_text(line) if not line.startswith((";", "[")) else ():
            redacted = stored(source, found.kind, SecretForm.CLEARTEXT, found.secret)
            emit(StoredSecret(source.where(line=number), redacted, "connection", found.subject[:64], found.key_name, found.opens))


def _read_dsn(source: BoundedSource, emit: Emit) -> None:
    entries = {entry.key.lower(): entry for entry in key_file(source.lines())}
    user = next((entries[name].value for name in ("uid", "user") if name in entries), "")
    for name in ("pwd", "password"):
        entry = entries.get(name)
        if entry and entry.value:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, entry.value)
            emit(StoredSecret(source.where(line=entry.line), redacted, "connection", user[:64], entry.key, "database"))


def _read_rdp(source: BoundedSource, emit: Emit) -> None:
    settings = {}
    for number, line in source.lines():
        name, _, rest = line[: 4 * MAX_VALUE].partition(":")
        settings[name.strip().lower()] = (number, rest.partition(":")[2].strip())
    number, blob = settings.get("password 51", (0, ""))
    if _BLOB.match(blob):
        user = settings.get("username", (0, ""))[1]
        redacted = source.redact(SecretKind.APPLICATION, SecretForm.RECOVERABLE, blob)
        emit(StoredSecret(source.where(line=number), redacted, "rdp-file", user[:64], "password 51", "", Confidence.LIKELY))
