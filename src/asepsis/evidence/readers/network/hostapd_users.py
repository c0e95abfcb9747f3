"""hostapd's lists of keys and users: ``wpa_psk_file``, ``sae_password_file`` and ``eap_user_file``.

``hostapd.wpa_psk`` has lines ``[keyid=…] [vlanid=…] [wps=1] MAC SECRET``, SECRET a passphrase (rest of the line) or 64 hex digits; the MAC address of
zeros stands for everybody. ``hostapd.eap_user`` has lines ``"IDENTITY" METHOD[,METHOD] "PASSWORD" [2]`` for the RADIUS server inside hostapd:
``hash:`` is the NT hash, ``ssha1:`` a salted hash, bare hex the password itself. A file of SAE passwords has ``SECRET[|mac=…][|id=…]``
(hostapd 2.11).

Known ways it lies: any name may be given to these files; only the usual ones are known.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_KEYS = re.compile(r"(?:^|/)[^/]*wpa_?psk(?:_file)?[^/]*$")
_SAE = re.compile(r"(?:^|/)[^/]*sae_?passwords?(?:_file)?[^/]*$")
_EAP = re.compile(r"(?:^|/)[^/]*eap_?users?[^/]*$")
_CODE = re.compile(r"\.(?:c|h|o|so|py|sh|lua|js|html?|svg|md|ko)$")
_KEY_LINE = re.compile(r"(?:[a-z_]{1,16}=\S{0,64} ){0,4}((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})\s(.{8,64})")
_EAP_LINE = re.compile(
    r'("[^"]{1,128}"\*?|\*)\s+([A-Za-z0-9,_-]{2,128})\s+("[^"]{0,256}"|(?:hash|ssha1):[0-9A-Fa-f]{1,128}|[0-9A-Fa-f]{2,256})(?:\s|$)'
)
_EVERYBODY = "00:00:00:00:00:00"


class HostapdUsersReader:
    """Emits one :class:`StoredSecret` for each key or user; its subject is the MAC address, empty for everybody, or the identity."""

    info = ReaderInfo("hostapd_users", "Keys and users of hostapd", (StoredSecret,), ("hostapd.wpa_psk", "hostapd.eap_user"))
    signs = Signs(paths=(_KEYS, _EAP, _SAE), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a line of the right shape."""
        if b"\0" in head or _CODE.search(path):
            return Sureness.NO
        return Sureness.YES if _KEYS.search(path) or _EAP.search(path) or _SAE.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; lines of another shape are none."""
        keeper = Keeper(source, emit, "hostapd")
        tell = _tell_key if _KEYS.search(source.path) else _tell_user if _EAP.search(source.path) else _tell_sae
        for number, line in source.lines():
            if line.strip() and not line.startswith("#"):
                tell(keeper, number, line[:1024])


def _tell_key(keeper: Keeper, number: int, line: str) -> None:
    found = _KEY_LINE.fullmatch(line)
    if found:
        subject = "" if found.group(1) == _EVERYBODY else found.group(1)
        keeper.tell(SecretKind.WIFI, found.group(2), line=number, subject=subject, key="wpa_psk")


def _tell_sae(keeper: Keeper, number: int, line: str) -> None:
    keeper.tell(SecretKind.WIFI, line.split("|", maxsplit=1)[0], line=number, key="sae_password", form=SecretForm.CLEARTEXT)


def _tell_user(keeper: Keeper, number: int, line: str) -> None:
    found = _EAP_LINE.match(line)
    if not found:
        return
    name, _, secret = found.groups()
    form = SecretForm.DERIVED if secret.startswith("hash:") else SecretForm.HASHED if secret.startswith("ssha1:") else None
    text = secret.removeprefix("hash:").removeprefix("ssha1:").strip('"')
    keeper.tell(SecretKind.NETWORK_LOGIN, text, line=number, subject=name.strip('"*'), key="eap_user", form=form)
