"""Names and values in the settings of apps: which of them hold a secret, and of what. No I/O."""

from __future__ import annotations

import re

from asepsis.model.secret import SecretKind

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET = re.compile(
    r"(?:^|[_. -])(?:pass(?:w(?:or)?d|phrase|code)?|pwd|psk|secret(?:_key)?|(?:wifi|wlan|wpa|wep|network|pre_?shared|private|encryption|aes)_?key"
    r"|api_?key|(?:auth|access|refresh|bearer|session|api|id)?_?token|pin(?:_?code)?)$",
    re.IGNORECASE,
)
_PUSH = re.compile(r"(?:push|fcm|gcm|apns|firebase|registration|device|csrf|xsrf|page|next|continuation|sync)_?token$", re.IGNORECASE)
"""Tokens that address a device or a page: whoever has one is let in nowhere."""
_NETWORK = re.compile(r"wi_?-?fi|wlan|wpa|wep|psk|ssid|network_?key|pre_?shared", re.IGNORECASE)
_NO_VALUE = re.compile(r"(?:true|false|null|none|yes|no|on|off|default|enabled|disabled|[0-9]{1,3})", re.IGNORECASE)
SHORTEST = 4
"""Characters of a password in an app's settings: shorter ones are numbers of something."""


def secret_kind(name: str, value: str) -> SecretKind | None:
    """What the secret called ``name`` opens, or None if it is none. ``wifiPassword``, ``auth_token`` and ``PIN`` are, ``fcm_token`` is not."""
    plain = _HUMP.sub("_", name[:128])
    if not _SECRET.search(plain) or _PUSH.search(plain) or len(value) < SHORTEST or _NO_VALUE.fullmatch(value):
        return None
    return SecretKind.WIFI if _NETWORK.search(plain) else SecretKind.APPLICATION


def owner(values: dict[str, str]) -> str:
    """The user, or the network, that settings beside a secret name."""
    names = {_HUMP.sub("_", key[:128]).lower(): value for key, value in values.items()}
    for ending in ("ssid_str", "ssid", "user_name", "username", "user", "login", "email", "account", "wifi_name"):
        for key in sorted(names):
            if key.endswith(ending) and names[key]:
                return names[key]
    return ""
