"""WireGuard tunnels and MACsec: ``wg0.conf``, and systemd-networkd's ``.netdev`` files.

``[Interface] PrivateKey=`` and ``[Peer] PresharedKey=`` (wg(8), wg-quick(8)); ``[WireGuard] PrivateKey=``, ``[WireGuardPeer] PresharedKey=``,
``[MACsecTransmitAssociation] Key=`` (systemd.netdev(5), systemd 256). A key is 32 bytes in base64; a MACsec key is hex. ``…File=`` names a file that
keeps the key, ``@NAME`` a credential that systemd keeps.

Known ways it lies: a configuration made from a template has text where the key belongs, and ``PostUp = wg set … private-key FILE`` fills it in.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)wireguard/[^/]+\.conf$|(?:^|/)systemd/network/(?:.*/)?[^/]+\.(?:netdev|conf)$")
_SIGN = re.compile(rb"(?m)^\s*\[(?:Interface|WireGuard)\]\s*$")
_SECRETS = {
    ("Interface", "PrivateKey"), ("Peer", "PresharedKey"), ("WireGuard", "PrivateKey"), ("WireGuardPeer", "PresharedKey"),
    ("MACsecTransmitAssociation", "Key"), ("MACsecReceiveAssociation", "Key"),
}  # fmt: skip
_KEY = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}")


class WireguardReader:
    """Emits one :class:`StoredSecret` for each key; its subject is the tunnel's name, of a peer's key the peer's public key."""

    info = ReaderInfo("wireguard", "Keys of WireGuard and MACsec", (StoredSecret,), ("wg0.conf", "*.netdev"))
    signs = Signs(paths=(_PATH,), heads=(_SIGN,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder, or by the sections and a key."""
        if b"\0" in head or b"Key" not in head:
            return Sureness.NO
        return Sureness.YES if _PATH.search(path) or (_SIGN.search(head) and b"PrivateKey" in head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Names of sections and keys are compared without case, as wg does."""
        entries = list(key_file(source.lines()))
        name = next((entry.value for entry in entries if entry.section == "NetDev" and entry.key == "Name"), "")
        keeper = Keeper(source, emit, "wireguard")
        wanted = {(section.lower(), key.lower()) for section, key in _SECRETS}
        for place, entry in enumerate(entries):
            if (entry.section.lower(), entry.key.lower()) in wanted and entry.value:
                _tell(
                    keeper,
                    entry,
                    name or source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0] if "private" in entry.key.lower() else _peer(entries, place),
                )


def _tell(keeper: Keeper, entry: Entry, subject: str) -> None:
    """Text of another shape is no key, or one that something else fills in."""
    value = entry.value.split("#")[0].strip()
    if value.startswith("@"):
        keeper.tell(SecretKind.NETWORK_LOGIN, value, line=entry.line, subject=subject, key=entry.key, form=SecretForm.SEALED)
        return
    placeholder = "" if _KEY.fullmatch(value) else "no key of this format"
    keeper.tell(
        SecretKind.NETWORK_LOGIN, value, line=entry.line, subject=subject, key=entry.key, placeholder=placeholder, confidence=Confidence.CONFIRMED
    )


def _peer(entries: list[Entry], place: int) -> str:
    """The public key nearest to a preshared one in its section: they stand side by side."""
    near = entries[max(0, place - 8) : place + 8]
    same = [entry for entry in near if entry.section == entries[place].section and entry.key.lower() == "publickey"]
    return min(same, key=lambda entry: abs(entry.line - entries[place].line)).value if same else ""
