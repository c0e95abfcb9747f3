"""What the settings in the NVRAM of routers and modules mean: which of them is a secret, and to which network it belongs. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping

from asepsis.evidence.protocols.credentials import names_a_secret
from asepsis.evidence.protocols.secrets import stored, wifi_form
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where

_WIFI = re.compile(r"(?:wpa_?psk|wpapsk|_psk|wpa_passphrase|wep_?key|sae_pw|psk_key|Key\dStr)\d*$|_key[1-4]$", re.IGNORECASE)
_LOGIN = re.compile(r"radius_?key|auth_?key|ppp\w*_?pass|pppoe|wan\w*pass|l2tp|pptp|RADIUS_Key", re.IGNORECASE)


def secret_of(source: BoundedSource, where: Where, key: str, value: str, names: Mapping[str, str], confidence: Confidence) -> StoredSecret | None:
    """The secret in ``key=value``, if it is one; ``names`` are all settings of the same list."""
    kind = _kind(key)
    if kind is None or not value:
        return None
    form = wifi_form(value) if kind is SecretKind.WIFI else SecretForm.CLEARTEXT
    return StoredSecret(where, stored(source, kind, form, value), "nvram", _ssid(key, names)[:64], key, confidence=confidence)


def _kind(key: str) -> SecretKind | None:
    if _WIFI.search(key):
        return SecretKind.WIFI
    if _LOGIN.search(key) and (names_a_secret(key) or key.lower().endswith("key")):
        return SecretKind.NETWORK_LOGIN
    return SecretKind.LOGIN if names_a_secret(key) else None


def _ssid(key: str, names: Mapping[str, str]) -> str:
    """``wl0_wpa_psk`` belongs to ``wl0_ssid``, ``WPAPSK1`` to ``SSID1``, ``WLAN_WPA_PSK`` to ``WLAN_SSID``."""
    prefix = key.split("_", maxsplit=1)[0]
    number = re.search(r"\d+$", key)
    return names.get(f"{prefix}_ssid") or names.get(f"{prefix}_SSID") or (names.get(f"SSID{number.group()}", "") if number else "")
