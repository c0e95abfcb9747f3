"""``mosquitto.conf``: the log-ins of a broker's bridges, and its lists of pre-shared keys.

Lines ``KEY VALUE`` (mosquitto.conf(5), Mosquitto 2): ``connection NAME`` begins a bridge with ``remote_username`` and ``remote_password`` (the
rest of the line), ``bridge_identity`` and ``bridge_psk`` (hex). A ``psk_file`` has lines ``IDENTITY:HEX``. The broker's own accounts are in its
``passwd``, which the reader of such files reads.

Known ways it lies: any file may be named as ``psk_file``; only usual names are known.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretKind

_CONFIG = re.compile(r"(?:^|/)mosquitto(?:\.conf|/conf\.d/[^/]+\.conf|/[^/]+\.conf)$")
_KEYS = re.compile(r"(?:^|/)mosquitto/[^/]*psk[^/]*$")
_KEY_LINE = re.compile(r"([^:\s#][^:]{0,127}):([0-9A-Fa-f]{8,256})\s*")
_USERS = frozenset({"remote_username", "username", "bridge_identity"})
_SECRETS = frozenset({"remote_password", "password", "bridge_psk"})


class MosquittoReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the user, else the bridge."""

    info = ReaderInfo("mosquitto", "Bridges and keys of Mosquitto", (StoredSecret,), ("mosquitto.conf", "psk_file"))
    signs = Signs(paths=(_CONFIG, _KEYS), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if (_CONFIG.search(path) or _KEYS.search(path)) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Bridge by bridge: the user may stand behind the password."""
        keeper = Keeper(source, emit, "mosquitto")
        bridge: list[tuple[int, str, str]] = []
        for number, line in source.lines():
            found = _KEY_LINE.fullmatch(line[:512]) if _KEYS.search(source.path) else None
            if found:
                keeper.tell(SecretKind.LOGIN, found.group(2), line=number, subject=found.group(1), key="psk", opens="mqtt")
                continue
            key, _, value = line.strip().partition(" ")
            if key == "connection":
                _tell(keeper, bridge)
                bridge = []
            if not key.startswith("#"):
                bridge.append((number, key, value.strip()))
        _tell(keeper, bridge)


def _tell(keeper: Keeper, bridge: list[tuple[int, str, str]]) -> None:
    names = {key: value for _, key, value in bridge}
    subject = next((names[key] for key in sorted(_USERS, reverse=True) if names.get(key)), names.get("connection", ""))
    for number, key, value in bridge:
        if key in _SECRETS and value:
            keeper.tell(SecretKind.APPLICATION, value, line=number, subject=subject, key=key, opens="remote mqtt broker")
