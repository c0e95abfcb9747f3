"""RAUC and its hawkBit client: ``system.conf`` and ``rauc-hawkbit-updater/config.conf``.

RAUC installs only bundles that a certificate of ``[keyring]`` signed (RAUC reference, "System Configuration File"); without the section it can
check none, and what it does then is not in this file. The hawkBit client names a server in ``[client]``: ``ssl = false`` fetches in clear,
``ssl_verify = false`` believes any server, ``auth_token`` and ``gateway_token`` are secrets of the unit or of the whole fleet
(rauc-hawkbit-updater, README).

Known ways it lies: a keyring of test certificates is one that everybody can sign with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.shown import without_user
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret, UncheckedPeer, UpdateMechanism, Zone
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:rauc/system\.conf|rauc-hawkbit(?:-updater)?/[^/]+\.conf|hawkbit\.conf)$")
_NO = frozenset({"false", "0", "no"})


class RaucReader:
    """Emits an :class:`UpdateMechanism` for RAUC or its client, a :class:`StoredSecret` for each token, an :class:`UncheckedPeer`."""

    info = ReaderInfo("rauc", "Settings of RAUC and its client", (UpdateMechanism, StoredSecret, UncheckedPeer), ("rauc/system.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One of the two files."""
        entries = {f"{entry.section}/{entry.key}": entry for entry in key_file(source.lines())}
        keyring = next((entries[key] for key in ("keyring/path", "keyring/directory") if key in entries), None)
        if any(key.startswith(("system/", "slot.")) for key in entries):
            where = source.where(line=keyring.line if keyring else 1)
            emit(UpdateMechanism(where, "rauc", Zone.SUPPLY_CHAIN, signature_checked=True if keyring else None, transport_protected=None))
        elif "client/hawkbit_server" in entries:
            _read_client(source, entries, emit)
        else:
            raise NotThisFormat


def _read_client(source: BoundedSource, entries: Mapping[str, Entry], emit: Emit) -> None:
    server = entries["client/hawkbit_server"]
    clear = _is_off(entries, "client/ssl")
    unchecked = _is_off(entries, "client/ssl_verify")
    zone = Zone.DEVICE_NETWORK if clear or unchecked else Zone.SUPPLY_CHAIN
    # The bundle itself is RAUC's to check: that is in another file.
    emit(UpdateMechanism(source.where(line=server.line), "hawkbit", zone, None, transport_protected=not (clear or unchecked)))
    if unchecked and not clear:
        line = entries["client/ssl_verify"].line
        emit(UncheckedPeer(source.where(line=line), "ssl_verify = false", without_user(server.value)[:128], "https"))
    for name in ("auth_token", "gateway_token"):
        entry = entries.get(f"client/{name}")
        if entry and entry.value:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, entry.value)
            emit(StoredSecret(source.where(line=entry.line), redacted, "hawkbit", "", name, "update server"))


def _is_off(entries: Mapping[str, Entry], key: str) -> bool:
    return key in entries and entries[key].value.lower() in _NO
