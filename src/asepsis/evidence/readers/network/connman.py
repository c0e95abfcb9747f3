"""ConnMan's networks: what it remembers of each service (``settings``), and what is provisioned (``*.config``).

Key files (connman-service.config(5), connman-vpn-provider.config(5)). ``/var/lib/connman/wifi_MAC_SSID-in-hex_managed_psk/settings`` has one
section named like its folder, with ``Name=``, ``SSID=`` (hex) and ``Passphrase=``. A provisioning file has ``[service_…]`` sections with
``Type=``, ``Security=``, ``Passphrase=``, ``EAP=``, ``Identity=``, ``PrivateKeyPassphrase=``; with ``EAP`` or 802.1X the passphrase is the
log-in's password. 64 hex digits are the derived key. The global ``settings`` keep the access point's ``Tethering.Passphrase=``; VPN providers
keep ``L2TP.Password=``, ``VPNC.IPSec.Secret=``, ``WireGuard.PrivateKey=`` and their like.

Known ways it lies: ``PrivateKeyPassphraseType=fsid`` means that the file system's id is the passphrase, and none is written; a service that is no
``Favorite`` was never joined by itself.
"""

from __future__ import annotations

import re
from itertools import groupby

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, glib_text, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import KeyReference, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)connman(?:-vpn)?/(?:.*/)?(?:settings|[^/]+\.config)$")
_FOLDER = re.compile(r"wifi_[0-9a-f]{12}_((?:[0-9a-f]{2}){1,32}|hidden)_(?:managed|adhoc|ad-hoc)_(\w+)", re.IGNORECASE)
_VPN = re.compile(
    r"(?:\w+\.)*(?:Password|IPSec\.Secret|Xauth\.Password|Cookie|PrivateKey|PresharedKey|PrivateKeyPassword|PKCSPassword|UserPassword)", re.IGNORECASE
)


class ConnmanReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID, else the identity."""

    info = ReaderInfo("connman", "Networks of ConnMan", (StoredSecret, KeyReference), ("connman settings", "*.config"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name."""
        return Sureness.YES if _PATH.search(path) and b"=" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section: the name may stand behind the secret."""
        keeper = Keeper(source, emit, "connman")
        entries = [entry for entry in key_file(source.lines()) if len(entry.section) <= 256]  # noqa: PLR2004
        for section, group in groupby(entries, key=lambda entry: entry.section):
            _tell(keeper, section, list(group))


def _tell(keeper: Keeper, section: str, entries: list[Entry]) -> None:
    values = {entry.key: glib_text(entry.value) for entry in entries}
    folder = _FOLDER.search(section) or _FOLDER.search(keeper.source.path)
    security = values.get("Security", "").lower() or (folder.group(2).lower() if folder else "")
    enterprise = "EAP" in values or "ieee8021x" in security or values.get("Type") == "ethernet"
    ssid = _ssid(values, folder)
    for entry in entries:
        value = values[entry.key]
        kind = _kind(entry.key, section, enterprise=enterprise)
        if kind and value:
            user = values.get("Identity") or values.get("User") or values.get("Name") or ssid
            subject = user if kind is SecretKind.NETWORK_LOGIN else values.get("Tethering.Identifier", ssid)
            keeper.tell(kind, value, line=entry.line, subject=subject, key=entry.key)
        elif entry.key == "PrivateKeyFile" and value:
            keeper.refer(value, entry.line, values.get("Name") or ssid)
    favourite = next((entry for entry in entries if entry.key == "Favorite" and entry.value == "true"), None)
    if favourite and folder and security == "none" and values.get("AutoConnect") != "false":
        keeper.tell(SecretKind.WIFI, "", line=favourite.line, subject=ssid, key="Security", form=SecretForm.EMPTY)


def _kind(key: str, section: str, *, enterprise: bool) -> SecretKind | None:
    if key == "Passphrase":
        return SecretKind.NETWORK_LOGIN if enterprise else SecretKind.WIFI
    if key == "Tethering.Passphrase":
        return SecretKind.WIFI
    if key == "PrivateKeyPassphrase" or (section.startswith(("provider_", "vpn_")) and _VPN.fullmatch(key)):
        return SecretKind.NETWORK_LOGIN
    return None


def _ssid(values: dict[str, str], folder: re.Match[str] | None) -> str:
    """The name, else the hex of the SSID, else that of the folder."""
    digits = values.get("SSID") or (folder.group(1) if folder else "")
    if values.get("Name") or not re.fullmatch(r"(?:[0-9A-Fa-f]{2}){1,32}", digits):
        return values.get("Name", "")
    text = bytes.fromhex(digits).decode("utf-8", "replace")
    return text if text.isprintable() else digits
