"""``mirth.properties``: the configuration of NextGen (Mirth) Connect, which passes clinical messages on.

Java properties; ``http.port`` is the clear administration port, ``keystore.storepass`` and ``keystore.keypass`` open the key store with the
server's private key, ``database.password`` the message store (Mirth Connect 4.6, mirth.properties).

Known ways it lies: a secret that is the same in every installation looks like any other; ``${…}`` refers to another property.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Hardening, Listener, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)mirth\.properties[^/]*$")
_SECRETS = {
    "keystore.storepass": (SecretKind.KEY, "key store"),
    "keystore.keypass": (SecretKind.KEY, "key store"),
    "database.password": (SecretKind.APPLICATION, "database"),
    "database-readonly.password": (SecretKind.APPLICATION, "database"),
    "ldap.password": (SecretKind.APPLICATION, "ldap"),
}


class MirthReader:
    """Emits a :class:`StoredSecret` for each secret, the administration :class:`Service`, and the password rules as :class:`Hardening`."""

    info = ReaderInfo("mirth", "Configuration of Mirth Connect", (StoredSecret, Service, Listener, Hardening), ("mirth.properties",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"=" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All entries first: port and host stand apart."""
        entries = {entry.key: entry for entry in key_file(source.lines())}
        for key, entry in entries.items():
            if key in _SECRETS and entry.value:
                kind, opens = _SECRETS[key]
                emit(StoredSecret(source.where(line=entry.line), stored(source, kind, SecretForm.CLEARTEXT, entry.value), "mirth", "", key, opens))
        for name, encrypted in (("http", False), ("https", True)):
            _emit_service(source, name, encrypted, entries, emit)
        for key, setting in (("password.minlength", "password-length"), ("password.retrylimit", "password-lock-out")):
            if key in entries:
                emit(Hardening(source.where(line=entries[key].line), setting, entries[key].value not in {"", "0"}, "Mirth Connect"))


def _emit_service(source: BoundedSource, name: str, encrypted: bool, entries: dict[str, Entry], emit: Emit) -> None:
    entry = entries.get(f"{name}.port")
    port = port_of(entry.value) if entry else None
    if not entry or not port:
        return
    host = entries.get(f"{name}.host")
    where, address = source.where(line=entry.line), "" if host is None or host.value in {"0.0.0.0", "::"} else host.value  # noqa: S104
    detail = "passes clinical messages between systems" + ("" if encrypted else "; its web pages are sent in clear")
    emit(Service(where, name, "Mirth Connect", Auth.PASSWORD, encrypted, True, port, address, gives=Gives.COMMAND, detail=detail))
    emit(Listener(where, port, "tcp", address, "Mirth Connect"))
