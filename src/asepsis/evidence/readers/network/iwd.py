"""iwd's networks: ``SSID.psk``, ``SSID.8021x``, ``SSID.open``, and access points of its own (``ap/SSID.ap``).

Settings files with ``[Security]`` (iwd.network(5), iwd.ap(5)): ``PreSharedKey=`` is the derived key, ``SAE-PT-Group19=`` (and 20) what SAE derives,
``Passphrase=`` the passphrase; ``EAP-…Password=`` an 802.1X password, ``EAP-…Password-Hash=`` its NT hash, ``EAP-TLS-ClientKeyPassphrase=`` what the
machine's key is sealed with, ``EncryptedSecurity=`` all of it under a key that systemd keeps. An SSID of other than plain characters is written
into the file's name as hex behind ``=``. A key may stand in the file itself, as PEM below ``[@pem@NAME]``.

Known ways it lies: ``AutoConnect=false`` under ``[Settings]`` leaves the secret where it is.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, glib_text, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import KeyReference, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)iwd/(?:ap/|hotspot/)?([^/]+)\.(psk|8021x|open|ap)$")
_PSK = re.compile(r"PreSharedKey|SAE-PT-Group\d{1,2}")
_EAP = re.compile(r"EAP-(?:[\w-]*-)?(?:Password(?:-Hash)?|(?:Client)?KeyPassphrase|PIN)")


class IwdReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID, which is the file's name."""

    info = ReaderInfo("iwd", "Networks of iwd", (StoredSecret, KeyReference), ("*.psk", "*.8021x", "*.open", "*.ap"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and suffix."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The name says which network and of which kind."""
        found = _PATH.search(source.path)
        name, kind = found.groups() if found else ("", "")
        keeper, ssid = Keeper(source, emit, "iwd"), _ssid(name)
        entries = [entry for entry in key_file(source.lines()) if not entry.section.startswith("@")]
        for entry in entries:
            _tell(keeper, entry, ssid)
        if kind == "open" and ("Settings", "AutoConnect", "false") not in {(entry.section, entry.key, entry.value) for entry in entries}:
            keeper.tell(SecretKind.WIFI, "", line=1, subject=ssid, key="open")


def _tell(keeper: Keeper, entry: Entry, ssid: str) -> None:
    value = glib_text(entry.value)
    if not value:
        return
    if entry.key == "EncryptedSecurity":
        keeper.tell(SecretKind.WIFI, value, line=entry.line, subject=ssid, key=entry.key, form=SecretForm.SEALED)
    elif entry.section == "Security" and _PSK.fullmatch(entry.key):
        keeper.tell(SecretKind.WIFI, value, line=entry.line, subject=ssid, key=entry.key, form=SecretForm.DERIVED)
    elif entry.section == "Security" and entry.key == "Passphrase":
        keeper.tell(SecretKind.WIFI, value, line=entry.line, subject=ssid, key=entry.key, form=SecretForm.CLEARTEXT)
    elif entry.section == "Security" and entry.key.endswith("ClientKey") and not value.startswith("embed:"):
        keeper.refer(value, entry.line, ssid)
    elif entry.section == "Security" and _EAP.fullmatch(entry.key):
        form = SecretForm.DERIVED if entry.key.endswith("-Hash") else SecretForm.CLEARTEXT
        keeper.tell(SecretKind.NETWORK_LOGIN, value, line=entry.line, subject=ssid, key=entry.key, form=form)


def _ssid(name: str) -> str:
    """Behind ``=`` the name is hex."""
    if not re.fullmatch(r"=(?:[0-9A-Fa-f]{2}){1,32}", name):
        return name
    text = bytes.fromhex(name[1:]).decode("utf-8", "replace")
    return text if text.isprintable() else name
