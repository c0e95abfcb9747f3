"""hostapd.conf: the Wi-Fi network a device offers.

``key=value`` lines, one network for each ``bss`` (hostapd 2.11, hostapd.conf). ``wpa_passphrase`` is the passphrase, ``wpa_psk`` the derived key,
``sae_password`` may carry ``|mac=…|id=…`` options after the secret; ``auth_server_shared_secret`` is what a RADIUS server and this access point
share. A network with neither WPA, WEP nor 802.1X is open to everybody in range.

Known ways it lies: the secret may be in ``wpa_psk_file``; a file that is a fragment of another has no ``ssid``.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation, stored, wifi_form
from asepsis.evidence.protocols.text import Entry, key_file, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Gives, Service, StoredSecret, Zone
from asepsis.model.secret import SecretForm, SecretKind

_SSID = re.compile(rb"(?m)^ssid2?=")
_PATH = re.compile(r"hostapd[^/]*\.conf[^/]*$|hostapd/[^/]*\.conf[^/]*$", re.IGNORECASE)
_WEP = frozenset({"wep_key0", "wep_key1", "wep_key2", "wep_key3"})
_PSK = frozenset({"wpa_passphrase", "wpa_psk", "multi_ap_backhaul_wpa_passphrase", "multi_ap_backhaul_wpa_psk"})
_WIFI = _WEP | _PSK | {"sae_password", "ap_pin"}
_LOGIN = frozenset(
    {
        "auth_server_shared_secret", "acct_server_shared_secret", "private_key_passwd", "private_key_passwd2",
        "mka_cak",
    }
)  # fmt: skip
_PROTECTS = frozenset({"wpa", "ieee8021x", "wep_key0", "wep_default_key", "wpa_psk_file", "osen", "owe_transition_ifname"})


class HostapdReader:
    """Emits :class:`StoredSecret` for each secret, and a :class:`Service` ``wifi-access-point`` for an open network."""

    info = ReaderInfo("hostapd", "Wi-Fi access points of hostapd", (StoredSecret, Service), ("hostapd.conf",))
    signs = Signs(paths=(_PATH,), heads=(_SSID,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by the keys that every configuration has."""
        if _PATH.search(path):
            return Sureness.YES
        return Sureness.MAYBE if b"ssid" in head and re.search(rb"(?m)^wpa_(?:passphrase|key_mgmt)=", head) and _SSID.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One network after the other; a ``bss=`` line begins the next."""
        network: list[Entry] = []
        for entry in key_file(source.lines(), comments="#"):
            if entry.key == "bss" and network:
                _emit_network(source, network, emit)
                network = []
            network.append(entry)
        _emit_network(source, network, emit)


def _emit_network(source: BoundedSource, network: list[Entry], emit: Emit) -> None:
    keys = {entry.key: entry for entry in network}
    name = keys.get("ssid") or keys.get("ssid2")
    subject = unquote(name.value)[:64] if name else ""
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    for entry in network:
        if entry.key in _WIFI | _LOGIN and entry.value:
            kind = SecretKind.WIFI if entry.key in _WIFI else SecretKind.NETWORK_LOGIN
            value = _value(entry)
            form = wifi_form(value) if entry.key in _PSK else SecretForm.CLEARTEXT
            redacted = stored(source, kind, form, value)
            emit(StoredSecret(source.where(line=entry.line), redacted, "hostapd", subject, entry.key, confidence=confidence))
    if name and not any(keys[key].value not in {"", "0"} for key in _PROTECTS & set(keys)):
        emit(
            Service(
                source.where(line=name.line),
                "wifi-access-point",
                program="hostapd",
                auth=Auth.NONE,
                encrypted=False,
                zone=Zone.WIFI_RANGE,
                gives=Gives.READING,
                detail=f"open Wi-Fi network {subject!r}: whoever is in range is on it",
                confidence=confidence,
                subject=subject,
            )
        )


def _value(entry: Entry) -> str:
    """Only WEP keys stand in quotes (and then are text, not hex); options of SAE follow after a bar."""
    if entry.key == "sae_password":
        return entry.value.split("|")[0]
    return unquote(entry.value) if entry.key in _WEP else entry.value
