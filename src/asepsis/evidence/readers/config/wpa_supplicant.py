"""wpa_supplicant.conf: the Wi-Fi networks a device joins.

Blocks ``network={ … }`` and ``cred={ … }`` with ``key=value`` lines; strings are quoted, ``P"…"`` has escapes, hex stands bare
(wpa_supplicant 2.11, wpa_supplicant.conf). ``psk="…"`` is a passphrase, bare 64 hex digits are the derived key, ``ext:`` refers to a secret
kept elsewhere. ``password="…"`` is an 802.1X password, ``password=hash:…`` its NT hash, which MSCHAPv2 takes as well; ``mka_cak`` is a MACsec
key, ``dpp_netaccesskey`` the private key of a DPP device. ``key_mgmt=NONE`` without a WEP key is an open network. ``wpa_passphrase`` writes the
passphrase as a comment (``#psk="…"``) before the key that it derives from it. A comment begins at the first ``#`` behind the last quote.

Known ways it lies: a network that is ``disabled=1`` still holds its secret; the sample shipped with the source is full of example secrets.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.secrets import is_documentation, stored, wifi_form
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, KeyReference, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_NETWORK = re.compile(rb"(?m)^\s*network\s*=\s*\{\s*(?:#.*)?$")
_PATH = re.compile(r"(?:wpa|p2p)[_-]supplicant[^/]*\.conf[^/]*$|wpa_supplicant/[^/]*\.conf[^/]*$", re.IGNORECASE)
_BLOCK = re.compile(r"\s*(network|cred)\s*=\s*\{")
_KEY = re.compile(r"[a-z_0-9]{1,64}\Z")
_LEFT_BEHIND = re.compile(r'\s*#\s*psk="(.{8,63})"\s*$')
_QUOTED = re.compile(r'P?"(.*)"')
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){1,32}")
_WIFI = frozenset({"psk", "sae_password", "wep_key0", "wep_key1", "wep_key2", "wep_key3", "dpp_netaccesskey"})
_LOGIN = frozenset(
    {
        "password", "machine_password", "private_key_passwd", "private_key2_passwd", "machine_private_key_passwd", "machine_private_key2_passwd",
        "pin", "pin2", "machine_pin", "milenage", "mka_cak",
    }
)  # fmt: skip
MAX_SECRET = 1024
_KEYS = frozenset({"private_key", "private_key2", "machine_private_key"})
COMMENTED = "#psk"
"""The key name of a passphrase that ``wpa_passphrase`` left in a comment."""


class WpaSupplicantReader:
    """Emits a :class:`StoredSecret` for each secret of each network, a :class:`KeyReference` for each file of a key; subject is the SSID or realm."""

    info = ReaderInfo(
        "wpa_supplicant",
        "Wi-Fi networks of wpa_supplicant",
        (StoredSecret, KeyReference),
        ("wpa_supplicant.conf",),
        ("the shipped sample is full of example secrets",),
    )
    signs = Signs(paths=(_PATH,), heads=(_NETWORK,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by a network block with an SSID."""
        if _PATH.search(path):
            return Sureness.YES
        return Sureness.MAYBE if b"ssid=" in head and _NETWORK.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Read block by block. Raises ``Malformed`` if the last block does not end."""
        block: list[tuple[int, str, str]] | None = None
        opened = 0
        for number, line in source.lines():
            if _BLOCK.match(line):
                block, opened = [], number
            elif block is not None and _bare(line) == "}":
                _emit_block(source, block, emit)
                block = None
            elif block is not None and line.lstrip().startswith("#"):
                left = _LEFT_BEHIND.match(line)
                block += [(number, COMMENTED, left.group(1))] if left else []
            elif block is not None:
                key, found, value = (part.strip() for part in _bare(line).partition("="))
                block += [(number, key, value)] if found and _KEY.match(key) else []
        if block is not None:
            _emit_block(source, block, emit)
            raise Malformed("a network block does not end", line=opened)


def _bare(line: str) -> str:
    """Without its comment, as wpa_supplicant finds it: the first ``#`` behind the last quote."""
    quote = line.rfind('"') if line.count('"') > 1 else 0
    comment = line.find("#", max(quote, 0))
    return (line if comment < 0 else line[:comment]).strip()


def _emit_block(source: BoundedSource, block: list[tuple[int, str, str]], emit: Emit) -> None:
    subject = next((_name(value) if key == "ssid" else _text(value) for _, key, value in block if key in {"ssid", "realm", "domain"}), "")
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    keys = {key: value for _, key, value in block}
    derived = wifi_form(keys.get("psk", "")) is SecretForm.DERIVED
    for number, key, value in block:
        if key == COMMENTED and derived:
            redacted = stored(source, SecretKind.WIFI, SecretForm.CLEARTEXT, value)
            emit(StoredSecret(source.where(line=number), redacted, "wpa_supplicant", subject[:64], COMMENTED, confidence=confidence))
        if key == "key_mgmt" and value.strip('"') == "NONE" and subject and not _WIFI & keys.keys() and keys.get("disabled") != "1":
            redacted = stored(source, SecretKind.WIFI, SecretForm.EMPTY, "")
            emit(StoredSecret(source.where(line=number), redacted, "wpa_supplicant", subject[:64], key, confidence=confidence))
        if key in _KEYS:
            Keeper(source, emit, "wpa_supplicant").refer(_text(value), number, subject)
        if key in _WIFI | _LOGIN and 0 < len(value) <= MAX_SECRET:
            kind = SecretKind.WIFI if key in _WIFI else SecretKind.NETWORK_LOGIN
            redacted = stored(source, kind, _form(key, value), _text(value.removeprefix("hash:")))
            emit(StoredSecret(source.where(line=number), redacted, "wpa_supplicant", subject[:64], key, confidence=confidence))


def _form(key: str, value: str) -> SecretForm:
    """``ext:`` is kept elsewhere; ``hash:`` is the NT hash, which works as well as the password in MSCHAPv2."""
    if value.startswith("ext:"):
        return SecretForm.SEALED
    if value.startswith("hash:"):
        return SecretForm.DERIVED
    if not _text(value):
        return SecretForm.EMPTY
    if key == "dpp_netaccesskey":
        return SecretForm.DERIVED
    return wifi_form(value) if key == "psk" else SecretForm.CLEARTEXT


def _text(value: str) -> str:
    found = _QUOTED.match(value)
    return found.group(1) if found else value


def _name(value: str) -> str:
    """An SSID: quoted, or bare hex digits, which are shown as text if they are text."""
    if _QUOTED.match(value) or not _HEX.fullmatch(value):
        return _text(value)
    name = bytes.fromhex(value).decode("utf-8", "replace")
    return name if name.isprintable() else value
