"""What the name of a key, a column or a variable says about its value: a Wi-Fi password, a log-in, a key, the name that goes with it. No I/O.

Small stores cut names short (15 characters in ESP-IDF) and write them in every style: ``wifiPass``, ``sta_pw``, ``mqtt_pswd``, ``API-Key``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from asepsis.evidence.protocols.credentials import names_a_secret
from asepsis.model.secret import SecretKind

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BEGINS = r"(?:^|[_.\-/ ])"
_ALSO_SECRET = re.compile(
    _BEGINS + r"(?:pw|pswd|passcode|passkey|wpa_?key|wifi_?key|wlan_?key|wep_?key|access_?token|refresh_?token|client_?secret|token)(?:_?\d)?$"
)
_KEY = re.compile(
    _BEGINS + r"(?:aes|enc(?:ryption)?|hmac|master|private|priv|signing|shared|session|device|root|network|net|app|link)_?keys?(?:_?\d)?$"
    r"|" + _BEGINS + r"(?:ltk|irk|csrk)$"
)
_WIFI = re.compile(r"wi_?fi|wlan|wpa|wep|80211|" + _BEGINS + r"(?:psk|sta|ap|ssid|softap|hotspot)(?:[_.\-/ ]|\d|$)")
_NETWORK = re.compile(_BEGINS + r"(?:eap|radius|8021x|vpn|pppo?e?|apn|l2tp|pptp|ipsec)(?:[_.\-/ ]|$)")
_SERVICES = ("mqtt", "ftp", "ssh", "telnet", "smtp", "http", "web", "vnc", "snmp", "dicom", "hl7")
_SSID = re.compile(_BEGINS + r"e?ssid(?:_?\d)?$")
_USER = re.compile(_BEGINS + r"(?:user(?:_?name|_?id)?|login|account|identity|e_?mail)(?:_?\d)?$")


def plain(name: str) -> str:
    """``wifiPass`` and ``Wifi Pass`` as ``wifi_pass``: small letters, words apart."""
    return _HUMP.sub("_", name).lower().replace(" ", "_")


def secret_kind(name: str, context: str = "") -> SecretKind | None:
    """The kind of secret that ``name`` (in a namespace, table or file called ``context``) promises, or None."""
    word, both = plain(name), f"{plain(context)}/{plain(name)}"
    if names_a_secret(word) or _ALSO_SECRET.search(word):
        if _WIFI.search(both):
            return SecretKind.WIFI
        return SecretKind.NETWORK_LOGIN if _NETWORK.search(both) else SecretKind.APPLICATION
    return SecretKind.KEY if _KEY.search(word) else None


def service(name: str, context: str = "") -> str:
    """The service that the name says it is for, or an empty string."""
    both = f"{plain(context)}/{plain(name)}"
    found = next((known for known in _SERVICES if known in both), "")
    return {"web": "http"}.get(found, found)


def is_ssid(name: str) -> bool:
    """Whether ``name`` holds the name of a Wi-Fi network."""
    return _SSID.search(plain(name)) is not None


def is_user(name: str) -> bool:
    """Whether ``name`` holds a log-in name."""
    return _USER.search(plain(name)) is not None


def related(name: str, others: Iterable[str]) -> str:
    """Of ``others`` the name that shares the longest beginning with ``name``: ``mqtt_user`` for ``mqtt_pass``. Empty if there is none."""
    return max(sorted(others), key=lambda other: _shared(plain(name), plain(other)), default="")


def _shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
