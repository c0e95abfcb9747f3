"""NetworkManager: key files that hold the secrets of a connection.

``[wifi-security] psk=`` and ``wep-key0=``, ``[802-1x] password=``, ``password-raw=`` (a list of bytes) and ``private-key-password=``, ``[gsm]``,
``[pppoe]``, ``[vpn-secrets]``, ``[wireguard] private-key=``, ``[wireguard-peer.…] preshared-key=``, ``[macsec] mka-cak=`` (nm-settings-keyfile(5)).
Of the flag beside a secret (``psk-flags``; of a VPN in ``[vpn]``) bit 1 leaves it with an agent, bit 2 never saves it, bit 4 says that none is
needed. A Wi-Fi connection without a security section is open.

Known ways it lies: NetworkManager keeps a stored secret when only the flag is changed.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, glib_text, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule, KeyReference, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"system-connections/[^/]+$|\.nmconnection[^/]*$")
_WIFI_SECTIONS = frozenset({"wifi", "802-11-wireless"})
_SECURITY_SECTIONS = frozenset({"wifi-security", "802-11-wireless-security"})
_WIFI_KEYS = frozenset({"psk", "wep-key0", "wep-key1", "wep-key2", "wep-key3"})
_LOGIN_KEYS: dict[str, frozenset[str]] = {
    "802-1x": frozenset(
        {
            "password", "password-raw", "private-key-password", "phase2-private-key-password", "pin", "ca-cert-password", "client-cert-password",
            "phase2-ca-cert-password", "phase2-client-cert-password",
        }
    ),
    "gsm": frozenset({"password", "pin"}),
    "cdma": frozenset({"password"}),
    "pppoe": frozenset({"password"}),
    "adsl": frozenset({"password"}),
    "wireguard": frozenset({"private-key"}),
    "macsec": frozenset({"mka-cak"}),
    **dict.fromkeys(_SECURITY_SECTIONS, frozenset({"leap-password"})),
}  # fmt: skip
_USERS = {"802-1x": "identity", "gsm": "username", "cdma": "username", "pppoe": "username", "adsl": "username"}
_BYTES = re.compile(r"(?:\d{1,3};){1,256}")
_ELSEWHERE = 3
"""Bits of a flag: with an agent, or never saved."""


class NetworkManagerReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID, else the identity, else the connection's name."""

    info = ReaderInfo(
        "network_manager",
        "Connections of NetworkManager",
        (StoredSecret, KeyReference),
        ("*.nmconnection", "system-connections"),
        may_emit=(FirewallRule,),
    )
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder or suffix; the head must look like a key file."""
        return Sureness.YES if _PATH.search(path) and b"=" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Collect the file, then emit: a secret's flag may stand after it. A zone of firewalld that it chooses is not followed."""
        entries = list(key_file(source.lines()))
        values = {(entry.section, entry.key): entry.value for entry in entries}
        keeper = Keeper(source, emit, "network-manager")
        for entry in entries:
            kind = _kind(entry)
            if kind and entry.value:
                subject = _subject(entry.section, values, source.path)
                secret = _plain(entry.value) if entry.key.endswith("-raw") else glib_text(entry.value)
                keeper.tell(kind, secret, line=entry.line, subject=subject, key=entry.key, form=_form(entry, values))
            elif entry.section == "802-1x" and entry.key in {"private-key", "phase2-private-key"}:
                keeper.refer(_plain(glib_text(entry.value)), entry.line, _subject(entry.section, values, source.path))
            elif (entry.section, entry.key) == ("connection", "zone") and entry.value:
                emit(FirewallRule(source.where(line=entry.line), "unknown", "firewalld"))
        _tell_open(keeper, entries, values)


def _kind(entry: Entry) -> SecretKind | None:
    if entry.section in _SECURITY_SECTIONS and entry.key in _WIFI_KEYS:
        return SecretKind.WIFI
    if entry.key in _LOGIN_KEYS.get(entry.section, ()):
        return SecretKind.NETWORK_LOGIN
    if entry.section == "vpn-secrets" or (entry.section.startswith("wireguard-peer.") and entry.key == "preshared-key"):
        return SecretKind.NETWORK_LOGIN
    return None


def _form(entry: Entry, values: dict[tuple[str, str], str]) -> SecretForm | None:
    """All WEP keys share one flag; a VPN's flags stand among its data."""
    name = "wep-key" if entry.key.startswith("wep-key") else entry.key
    flag = values.get(("vpn" if entry.section == "vpn-secrets" else entry.section, f"{name}-flags"), "0")
    return SecretForm.SEALED if flag.isdecimal() and int(flag[:4]) & _ELSEWHERE else None


def _subject(section: str, values: dict[tuple[str, str], str], path: str) -> str:
    """The network it is for; of a VPN or modem the user."""
    ssid = _ssid(values)
    user = values.get((section, _USERS.get(section, "")), "")
    if section == "vpn-secrets":
        user = values.get(("vpn", "user"), "") or values.get(("vpn", "username"), "") or values.get(("vpn", "gateway"), "")
    return ssid or glib_text(user) or values.get(("connection", "id"), "") or path.rsplit("/", 1)[-1].removesuffix(".nmconnection")


def _ssid(values: dict[tuple[str, str], str]) -> str:
    return next((_plain(glib_text(values[section, "ssid"])) for section in sorted(_WIFI_SECTIONS) if (section, "ssid") in values), "")


def _tell_open(keeper: Keeper, entries: list[Entry], values: dict[tuple[str, str], str]) -> None:
    """A network that is joined by itself although it asks for nothing."""
    secured = any(entry.section in _SECURITY_SECTIONS for entry in entries)
    ssid = next((entry for entry in entries if entry.section in _WIFI_SECTIONS and entry.key == "ssid"), None)
    if ssid and not secured and values.get(("connection", "autoconnect")) != "false" and values.get((ssid.section, "mode")) != "ap":
        keeper.tell(SecretKind.WIFI, "", line=ssid.line, subject=_ssid(values), key="ssid")


def _plain(value: str) -> str:
    """Text that NetworkManager writes as a list of bytes (``119;97;114;100;``) if it is not plain."""
    if not _BYTES.fullmatch(value):
        return value
    numbers = [int(part) for part in value.split(";") if part]
    text = bytes(numbers).decode("utf-8", "replace") if max(numbers) < 256 else ""  # noqa: PLR2004
    return text if text.isprintable() and text else value
