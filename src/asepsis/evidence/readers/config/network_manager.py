"""NetworkManager, iwd and ConnMan: key files that hold a network's secret.

NetworkManager (nm-settings-keyfile(5)): ``[wifi-security] psk=``, ``[802-1x] password=``; ``…-flags=1`` leaves the secret with an agent,
``2`` never saves it. iwd (iwd.network(5)): ``PreSharedKey=`` is the derived key, ``Passphrase=`` the passphrase, ``EncryptedSecurity=`` is
sealed. ConnMan: ``Passphrase=``.

Known ways it lies: NetworkManager keeps a stored secret when only the flag is changed.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation, stored, wifi_form
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATHS = (
    (re.compile(r"system-connections/[^/]+$|\.nmconnection[^/]*$"), "network-manager"),
    (re.compile(r"iwd/[^/]+\.(?:psk|8021x)$"), "iwd"),
    (re.compile(r"connman/(?:.*/)?(?:settings|[^/]+\.config)$"), "connman"),
)
_SECRETS: dict[tuple[str, str], SecretKind] = {
    ("wifi-security", "psk"): SecretKind.WIFI,
    ("802-11-wireless-security", "psk"): SecretKind.WIFI,
    **{(section, f"wep-key{n}"): SecretKind.WIFI for section in ("wifi-security", "802-11-wireless-security") for n in range(4)},
    ("wifi-security", "leap-password"): SecretKind.NETWORK_LOGIN,
    ("802-1x", "password"): SecretKind.NETWORK_LOGIN,
    ("802-1x", "private-key-password"): SecretKind.NETWORK_LOGIN,
    ("802-1x", "pin"): SecretKind.NETWORK_LOGIN,
    ("gsm", "password"): SecretKind.NETWORK_LOGIN,
    ("pppoe", "password"): SecretKind.NETWORK_LOGIN,
    ("vpn-secrets", "password"): SecretKind.NETWORK_LOGIN,
    ("wireguard", "private-key"): SecretKind.NETWORK_LOGIN,
    ("Security", "PreSharedKey"): SecretKind.WIFI,
    ("Security", "Passphrase"): SecretKind.WIFI,
}
_ANY_SECTION = {"Passphrase": SecretKind.WIFI, "EAP-Password": SecretKind.NETWORK_LOGIN, "EAP-PEAP-Phase2-Password": SecretKind.NETWORK_LOGIN}
_BYTES = re.compile(r"(?:\d{1,3};){1,32}")
_SEALED_FLAGS = frozenset({"1", "2", "3"})


class NetworkManagerReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID."""

    info = ReaderInfo(
        "network_manager", "Networks of NetworkManager, iwd and ConnMan", (StoredSecret,), ("*.nmconnection", "*.psk", "*.8021x", "connman settings")
    )

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder or suffix; the head must look like a key file."""
        return Sureness.YES if _store(path) and b"=" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Collect the file, then emit: a secret's flag may stand after it."""
        entries = list(key_file(source.lines()))
        values = {(entry.section, entry.key): entry.value for entry in entries}
        subject = next((_name(entry.value) for entry in entries if entry.key in {"ssid", "Name"}), source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for entry in entries:
            kind = _SECRETS.get((entry.section, entry.key)) or _ANY_SECTION.get(entry.key)
            if kind and entry.value:
                redacted = stored(source, kind, _form(entry, values), entry.value)
                where, store = source.where(line=entry.line), _store(source.path)
                emit(StoredSecret(where, redacted, store, subject[:64], entry.key, confidence=confidence))


def _name(value: str) -> str:
    """An SSID, which NetworkManager writes as a list of bytes (``119;97;114;100;``) if it is not plain text."""
    if not _BYTES.fullmatch(value):
        return value
    numbers = [int(part) for part in value.split(";") if part]
    name = bytes(numbers).decode("utf-8", "replace") if max(numbers) < 256 else ""  # noqa: PLR2004
    return name if name.isprintable() and name else value


def _store(path: str) -> str:
    return next((store for pattern, store in _PATHS if pattern.search(path)), "")


def _form(entry: Entry, values: dict[tuple[str, str], str]) -> SecretForm:
    if values.get((entry.section, f"{entry.key}-flags")) in _SEALED_FLAGS or (entry.section, "EncryptedSecurity") in values:
        return SecretForm.SEALED
    return wifi_form(entry.value)
