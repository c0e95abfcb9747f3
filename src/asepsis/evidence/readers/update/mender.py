"""Mender: ``mender.conf``, the settings of an update client.

JSON; ``ArtifactVerifyKey`` or ``ArtifactVerifyKeys`` name the public keys that an update must be signed with: without them any artefact is
installed. ``ServerURL`` and ``Servers`` say where updates come from, ``SkipVerify`` that the server's certificate is not looked at,
``TenantToken`` who the customer is (Mender documentation, "Configuration file").

Known ways it lies: the running configuration joins ``/etc/mender`` with ``/var/lib/mender``: the keys may stand in the other file.
"""

from __future__ import annotations

import json
import re
from typing import Any

from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.shown import without_user
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret, UncheckedPeer, UpdateMechanism, Zone
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)mender(?:/[^/]*)?\.conf$")
_OWN = frozenset({"ServerURL", "Servers", "ArtifactVerifyKey", "ArtifactVerifyKeys", "UpdatePollIntervalSeconds", "RootfsPartA", "TenantToken"})


class MenderReader:
    """Emits the :class:`UpdateMechanism` ``mender``, a :class:`StoredSecret` for its token, an :class:`UncheckedPeer`."""

    info = ReaderInfo("mender", "Settings of the update client Mender", (UpdateMechanism, StoredSecret, UncheckedPeer), ("mender.conf",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and head.lstrip()[:1] == b"{" else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON object."""
        text = source.content().decode("utf-8", "replace")
        try:
            config = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Malformed("no JSON", line=getattr(error, "lineno", None)) from error
        if not isinstance(config, dict):
            raise Malformed("no JSON object")
        if not _OWN & config.keys():
            raise NotThisFormat
        servers = _servers(config)
        signed = bool(config.get("ArtifactVerifyKey") or config.get("ArtifactVerifyKeys"))
        skips = config.get("SkipVerify") is True
        secure = None if not servers else not skips and all(server.lower().startswith("https:") for server in servers)
        zone = Zone.SUPPLY_CHAIN if secure else Zone.DEVICE_NETWORK
        emit(UpdateMechanism(source.where(line=_line(text, "ServerURL")), "mender", zone, signed, transport_protected=secure))
        if skips:
            emit(UncheckedPeer(source.where(line=_line(text, "SkipVerify")), "Mender SkipVerify", without_user("".join(servers[:1]))[:128], "https"))
        token = config.get("TenantToken")
        if isinstance(token, str) and token:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, token)
            emit(StoredSecret(source.where(line=_line(text, "TenantToken")), redacted, "mender", "", "TenantToken", "update server"))


def _servers(config: dict[str, Any]) -> list[str]:
    listed = config.get("Servers")
    entries = listed[:64] if isinstance(listed, list) else []
    given = [config.get("ServerURL"), *(entry.get("ServerURL") for entry in entries if isinstance(entry, dict))]
    return [server for server in given if isinstance(server, str) and server]


def _line(text: str, key: str) -> int:
    return text.count("\n", 0, max(text.find(f'"{key}"'), 0)) + 1
