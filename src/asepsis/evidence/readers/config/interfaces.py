"""Debian ``/etc/network/interfaces``: Wi-Fi options handed to wpa_supplicant.

``wpa-psk``, ``wpa-password``, ``wireless-key`` and their like after an ``iface`` line (interfaces(5), wpasupplicant's README.Debian).

Known ways it lies: a ``wpa-conf`` line names another file, and then these options are ignored.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation, stored, wifi_form
from asepsis.evidence.protocols.text import unquote, word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"etc/network/interfaces(?:\.d/[^/]+|[.-][^/]*)?$")
_SECRETS = {
    "wpa-psk": SecretKind.WIFI,
    "wpa-passphrase": SecretKind.WIFI,
    "wpa-sae-password": SecretKind.WIFI,
    "wireless-key": SecretKind.WIFI,
    **{f"wireless-key{n}": SecretKind.WIFI for n in range(1, 5)},
    **{f"wpa-wep-key{n}": SecretKind.WIFI for n in range(4)},
    "wpa-password": SecretKind.NETWORK_LOGIN,
    "wpa-private-key-passwd": SecretKind.NETWORK_LOGIN,
    "wpa-private-key2-passwd": SecretKind.NETWORK_LOGIN,
    "wpa-pin": SecretKind.NETWORK_LOGIN,
}


class InterfacesReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the interface's ``wpa-ssid``."""

    info = ReaderInfo("interfaces", "Wi-Fi secrets of Debian's network interfaces", (StoredSecret,), ("etc/network/interfaces",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The SSID may stand after the secret, so each ``iface`` is read before it is emitted."""
        stanza: list[tuple[int, str, str]] = []
        for number, words in word_lines(source.lines()):
            if words[0] in {"iface", "auto", "mapping", "source"} or words[0].startswith("allow-"):
                _emit_stanza(source, stanza, emit)
                stanza = []
            elif len(words) > 1:
                stanza.append((number, words[0], unquote(" ".join(words[1:]))))
        _emit_stanza(source, stanza, emit)


def _emit_stanza(source: BoundedSource, stanza: list[tuple[int, str, str]], emit: Emit) -> None:
    subject = next((value for _, key, value in stanza if key in {"wpa-ssid", "wireless-essid"}), "")
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    for number, key, value in stanza:
        if key in _SECRETS:
            secret = value.removeprefix("s:" if _SECRETS[key] is SecretKind.WIFI else "hash:")
            redacted = stored(source, _SECRETS[key], _form(_SECRETS[key], value), secret)
            emit(StoredSecret(source.where(line=number), redacted, "interfaces", subject[:64], key, confidence=confidence))


def _form(kind: SecretKind, value: str) -> SecretForm:
    """Of a network the passphrase or its derived key; of a log-in the password or, behind ``hash:``, its NT hash, which works as well."""
    if kind is SecretKind.WIFI:
        return wifi_form(value.removeprefix("s:"))
    return SecretForm.DERIVED if value.startswith("hash:") else SecretForm.CLEARTEXT
