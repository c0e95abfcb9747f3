"""OpenWrt ``/etc/config/wireless``: the Wi-Fi networks a device offers or joins.

UCI sections ``wifi-iface`` with ``ssid``, ``encryption`` (``none``, ``psk2``, ``sae``, ``wpa2``, ``wep`` …) and ``key``; with WEP, ``key``
may be an index and the secret stands in ``key1`` … ``key4`` (OpenWrt wiki, network/wifi/basic). ``mode ap`` with ``encryption none`` is
open to everybody in range.

Known ways it lies: a section or its radio may be ``disabled '1'`` until the first start.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.secrets import stored, wifi_form
from asepsis.evidence.protocols.text import Section, uci
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, KeyReference, Service, StoredSecret, Zone
from asepsis.model.secret import SecretForm, SecretKind

_SECTION = re.compile(rb"(?m)^config ['\"]?wifi-iface")
_PATH = re.compile(r"etc/config/wireless(?:[.-][^/]*)?$")
_KEYS = ("key", "key1", "key2", "key3", "key4", "sae_password")
_LOGINS = ("auth_secret", "auth_secret2", "acct_secret", "dae_secret", "password", "priv_key_pwd", "priv_key2_pwd")
_STATIONS = frozenset({"wifi-station", "wifi-vlan"})
"""Sections with a key for some members of a network only."""
_OPEN = frozenset({"none", "open", "owe"})
"""Anybody may join; ``owe`` (RFC 8110) hides what each one says, and asks for nothing either."""
_WEP_INDEX = frozenset("1234")


class UciWirelessReader:
    """Emits :class:`StoredSecret` for each secret (an empty one for an open network that is joined), a :class:`Service` for each that is offered."""

    info = ReaderInfo("uci_wireless", "Wi-Fi networks of OpenWrt", (StoredSecret, Service, KeyReference), ("etc/config/wireless",))
    signs = Signs(paths=(_PATH,), heads=(_SECTION,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by its sections."""
        if _PATH.search(path):
            return Sureness.YES
        return Sureness.MAYBE if b"wifi-iface" in head and not head.startswith(b"#!") and _SECTION.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section."""
        sections = list(uci(source.lines()))
        off = {section.name for section in sections if section.type == "wifi-device" and section.get("disabled") == "1"}
        for section in sections:
            if section.type == "wifi-iface":
                enabled = section.get("disabled") != "1" and section.get("device") not in off
                _emit_secrets(source, section, emit)
                _emit_references(source, section, emit)
                _emit_open(source, section, enabled, emit)
            elif section.type in _STATIONS:
                _emit_secrets(source, section, emit)


def _emit_secrets(source: BoundedSource, section: Section, emit: Emit) -> None:
    for key in (*_KEYS, *_LOGINS):
        entry = section.options.get(key)
        if entry and entry.value and not (key == "key" and entry.value in _WEP_INDEX):
            kind = SecretKind.WIFI if key in _KEYS else SecretKind.NETWORK_LOGIN
            value = entry.value.removeprefix("s:") if key.startswith("key") and section.get("encryption").startswith("wep") else entry.value
            form = wifi_form(value) if kind is SecretKind.WIFI else SecretForm.CLEARTEXT
            redacted = stored(source, kind, form, value)
            emit(StoredSecret(source.where(line=entry.line), redacted, "uci", section.get("ssid")[:64], key))


def _emit_references(source: BoundedSource, section: Section, emit: Emit) -> None:
    for key in ("priv_key", "priv_key2"):
        entry = section.options.get(key)
        if entry:
            Keeper(source, emit, "uci").refer(entry.value, entry.line, section.get("ssid"))


def _emit_open(source: BoundedSource, section: Section, enabled: bool, emit: Emit) -> None:
    encryption = section.get("encryption", "none").lower()
    mode, ssid = section.get("mode", "ap"), section.get("ssid")[:64]
    if encryption not in _OPEN:
        return
    entry = section.options.get("encryption")
    where = source.where(line=entry.line if entry else section.line)
    if mode == "sta" and ssid and enabled:
        emit(StoredSecret(where, stored(source, SecretKind.WIFI, SecretForm.EMPTY, ""), "uci", ssid, "encryption"))
    if mode != "ap":
        return
    emit(
        Service(
            where,
            "wifi-access-point",
            auth=Auth.NONE,
            encrypted=encryption == "owe",
            enabled=enabled,
            zone=Zone.WIFI_RANGE,
            gives=Gives.READING,
            detail=f"open Wi-Fi network {ssid!r}: whoever is in range is on it",
            subject=ssid,
        )
    )
