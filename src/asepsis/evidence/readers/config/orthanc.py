"""Orthanc: the configuration of a DICOM server.

JSON with ``//`` and ``/* */`` comments (Orthanc Book, configuration). Defaults when a key is missing: HTTP port 8042, DICOM port 4242,
remote access off, authentication on once remote access is allowed, DICOM TLS off, ``DicomAlwaysAllowStore`` and ``DicomAlwaysAllowEcho``
true. DICOM itself knows no password: an AE title is a name that anybody may claim.

Known ways it lies: several files are merged at start; the passwords of ``RegisteredUsers`` stand in clear.
"""

from __future__ import annotations

import json
import re
from typing import Any

from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:orthanc(?:/[^/]+)?\.json|orthanc[^/]*\.json)$", re.IGNORECASE)
_KEYS = re.compile(
    rb'"(?:DicomAet|OrthancPlugins|StorageDirectory|IndexDirectory|StorageCompression|MaximumPatientCount|DicomPort|DicomServerEnabled|DicomModalities'
    rb'|RemoteAccessAllowed|LuaScripts)"\s*:'
)
"""Some stand at the top of the configuration as it is shipped, where long comments push the others out of the head."""
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*+"?)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_ENOUGH = 2
_MOST_PEERS = 64


class OrthancReader:
    """Emits the :class:`Service` ``http`` and ``dicom``, and a :class:`StoredSecret` for each registered user."""

    info = ReaderInfo("orthanc", "Configuration of the Orthanc DICOM server", (Service, StoredSecret), ("orthanc.json", "Configuration.json"))
    signs = Signs(paths=(_PATH,), heads=(_KEYS,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by keys of its own."""
        if _PATH.search(path):
            return Sureness.YES
        return Sureness.MAYBE if path.endswith(".json") and len(set(_KEYS.findall(head))) >= _ENOUGH else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The whole file. Raises ``Malformed`` if it is no JSON once the comments are gone."""
        text = source.content().decode("utf-8", "replace")
        try:
            config = json.loads(_COMMENT.sub(lambda found: found.group(1) or "", text))
        except (ValueError, RecursionError) as error:
            raise Malformed("no JSON", line=getattr(error, "lineno", None)) from error
        if not isinstance(config, dict):
            raise Malformed("no JSON object")
        _emit_http(source, config, text, emit)
        _emit_dicom(source, config, text, emit)
        _emit_log_ins(source, config, text, emit)
        users = config.get("RegisteredUsers")
        for user, secret in sorted(users.items()) if isinstance(users, dict) else ():
            if isinstance(secret, str):
                redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret)
                emit(StoredSecret(source.where(line=_line(text, "RegisteredUsers")), redacted, "orthanc", user[:64], "RegisteredUsers", "http"))


def _emit_log_ins(source: BoundedSource, config: dict[str, Any], text: str, emit: Emit) -> None:
    """Log-ins to databases of plug-ins, and to other servers: ``OrthancPeers`` has ``[address, user, password]`` or an object for each."""
    given: list[tuple[str, str, object, object]] = []
    for name in ("PostgreSQL", "MySQL", "Odbc"):
        section = config.get(name)
        if isinstance(section, dict):
            given.append((name, "database", section.get("Username"), section.get("Password")))
    for name, peers in (("OrthancPeers", config.get("OrthancPeers")), ("Servers", _section(config, "DicomWeb").get("Servers"))):
        for peer in list(peers.values())[:_MOST_PEERS] if isinstance(peers, dict) else ():
            user, secret = (peer.get("Username"), peer.get("Password")) if isinstance(peer, dict) else _pair(peer)
            given.append((name, "remote http", user, secret))
    for name, opens, user, secret in given:
        if isinstance(secret, str) and secret:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret)
            subject = user[:64] if isinstance(user, str) else ""
            emit(StoredSecret(source.where(line=_line(text, name)), redacted, "orthanc", subject, f"{name} password", opens))


def _section(config: dict[str, Any], name: str) -> dict[str, Any]:
    section = config.get(name)
    return section if isinstance(section, dict) else {}


def _pair(peer: object) -> tuple[object, object]:
    """User and password of ``[address, user, password]``."""
    return (peer[1], peer[2]) if isinstance(peer, list) and len(peer) > 2 else (None, None)  # noqa: PLR2004


def _emit_http(source: BoundedSource, config: dict[str, Any], text: str, emit: Emit) -> None:
    if config.get("HttpServerEnabled", True) is False:
        return
    remote = config.get("RemoteAccessAllowed", False) is True
    asks = config.get("AuthenticationEnabled", remote) is True
    key = "RemoteAccessAllowed" if "RemoteAccessAllowed" in config else "HttpPort"
    emit(
        Service(
            source.where(line=_line(text, key)),
            "http",
            program="Orthanc",
            auth=Auth.PASSWORD if asks else Auth.NONE,
            encrypted=config.get("SslEnabled", False) is True,
            port=_port(config, "HttpPort", 8042),
            address="" if remote else "127.0.0.1",
            gives=Gives.RECORD,
            detail="images and records of patients" + ("" if remote else ", local only"),
        )
    )


def _emit_dicom(source: BoundedSource, config: dict[str, Any], text: str, emit: Emit) -> None:
    if config.get("DicomServerEnabled", True) is False:
        return
    tls = config.get("DicomTlsEnabled", False) is True
    mutual = tls and config.get("DicomTlsRemoteCertificateRequired", True) is True
    stores = config.get("DicomAlwaysAllowStore", True) is True
    notes = [
        "AE titles are not checked" if config.get("DicomCheckCalledAet", False) is not True else "",
        "any caller may store images" if stores else "only listed callers may store images",
    ]
    emit(
        Service(
            source.where(line=_line(text, "DicomPort")),
            "dicom",
            program="Orthanc",
            auth=Auth.MUTUAL if mutual else Auth.NONE if stores else Auth.UNKNOWN,
            encrypted=tls,
            port=_port(config, "DicomPort", 4242),
            gives=Gives.RECORD,
            detail=", ".join(filter(None, notes)),
        )
    )


def _port(config: dict[str, Any], key: str, default: int) -> int:
    value = config.get(key, default)
    return value if isinstance(value, int) and 0 < value < 65536 else default  # noqa: PLR2004


def _line(text: str, key: str) -> int:
    """The line of a key's first appearance that is no comment's."""
    found = re.search(rf'^\s*"{key}"', text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1
