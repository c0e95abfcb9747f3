"""``ipsec.secrets`` of strongSwan, Libreswan and Openswan, and racoon's ``psk.txt``: keys of virtual private networks.

Lines ``[ID …] : KIND …`` (ipsec.secrets(5)): ``PSK "…"`` is a pre-shared key, also bare, hex behind ``0x`` or base64 behind ``0s``; ``EAP``,
``XAUTH`` and ``NTLM`` (the NT hash) a user's password; ``RSA FILE "…"``, ``ECDSA``, ``P12``, ``PKCS8`` the passphrase of a key file; ``PIN TOKEN
…``; ``RSA: { … PrivateExponent: 0x… }`` the private key itself. ``psk.txt`` has lines ``PEER KEY`` (racoon.conf(5)); the key is the rest of the
line.

Known ways it lies: ``%prompt`` asks somebody, and no secret is kept; ``include`` names further files.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)ipsec[^/]*\.secrets(?:\.inc)?$|(?:^|/)ipsec\.d/(?:.*/)?[^/]+\.secrets$")
_PSK_TXT = re.compile(r"(?:^|/)(?:racoon|ipsec-tools)/(?:.*/)?psk[^/]*$|(?:^|/)psk\.txt$")
_LINE = re.compile(r"([^:\"#]{0,256}|[^#\"]{0,256}?\s):\s*(PSK|EAP|XAUTH|NTLM|RSA|ECDSA|BLISS|PKCS8|P12|PPK|PIN)\b\s*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r'"([^"]{0,1024})"|\'([^\']{0,1024})\'|([^\s"\'#]{1,1024})')
_EXPONENT = re.compile(r"\s*PrivateExponent\s*:\s*(0x[0-9A-Fa-f]{16,8192})")
_IN_A_FILE = frozenset({"RSA", "ECDSA", "BLISS", "PKCS8", "P12", "PIN"})
"""Kinds whose first word is a file or token, the secret the second."""


class IpsecSecretsReader:
    """Emits one :class:`StoredSecret` for each secret; its subject are the identities it is for."""

    info = ReaderInfo("ipsec_secrets", "Secrets of IPsec", (StoredSecret,), ("ipsec.secrets", "psk.txt"))
    signs = Signs(paths=(_PATH, _PSK_TXT), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if (_PATH.search(path) or _PSK_TXT.search(path)) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; a private key goes over several."""
        peers = _PSK_TXT.search(source.path) is not None
        keeper = Keeper(source, emit, "racoon" if peers else "ipsec")
        for number, line in source.lines():
            if line.strip() and not line.lstrip().startswith("#"):
                (_tell_peer if peers else _tell)(keeper, number, line[:8192])


def _tell_peer(keeper: Keeper, number: int, line: str) -> None:
    peer, *key = line.split(maxsplit=1)
    if key:
        keeper.tell(SecretKind.NETWORK_LOGIN, key[0].strip(), line=number, subject=peer, key="psk")


def _tell(keeper: Keeper, number: int, line: str) -> None:
    exponent = _EXPONENT.match(line)
    if exponent:
        keeper.tell(SecretKind.NETWORK_LOGIN, exponent.group(1), line=number, key="PrivateExponent")
        return
    found = _LINE.match(line)
    if not found:
        return
    names, kind, rest = found.group(1).strip(), found.group(2).upper(), found.group(3)
    words = [quoted or single or bare for quoted, single, bare in _TOKEN.findall(rest)[:4]]
    secret = "".join(words[1:2] if kind in _IN_A_FILE else words[:1])
    if secret and not secret.startswith(("%prompt", "{")):
        form = SecretForm.DERIVED if kind == "NTLM" else SecretForm.CLEARTEXT
        keeper.tell(SecretKind.NETWORK_LOGIN, secret, line=number, subject=" ".join(names.split()), key=kind, form=form)
