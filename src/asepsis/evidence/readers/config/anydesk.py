"""AnyDesk: ``service.conf``, ``system.conf``.

``key=value`` lines. ``ad.anynet.pwd_hash`` and ``ad.anynet.pwd_salt`` keep the password for unattended access as a salted SHA-256; with
``token_hash`` they let somebody in who never knew it. ``ad.anynet.pkey`` is the private key that the maker's network knows the device by.

Known ways it lies: settings stay after the program was taken away; whether unattended access is allowed may be decided by a policy elsewhere.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)\.?anydesk(?:/ad_[^/]+)?/(?:service|system|user)\.conf$", re.IGNORECASE)
_KEY = re.compile(rb"^ad\.(?:anynet|security|features|privacy)\.", re.MULTILINE)
_HASH = re.compile(r"ad\.anynet\.(?:pwd_hash|token_hash)(?:_\w+)?\Z|ad\.security\.permission_profiles\.\w+\.pwd\Z")
_PRIVATE = "ad.anynet.pkey"


class AnydeskReader:
    """Emits a :class:`StoredSecret` for each kept password and the :class:`Service` ``remote-support``."""

    info = ReaderInfo("anydesk", "Settings of AnyDesk", (StoredSecret, Service), ("service.conf", "system.conf"))
    signs = Signs(paths=(_PATH,), heads=(_KEY,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name, or by its keys."""
        return Sureness.YES if b"\0" not in head and (_PATH.search(path) or (path.endswith(".conf") and _KEY.search(head))) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if no key of its own is in it."""
        entries = [entry for entry in key_file(source.lines(), comments="#") if entry.key.startswith("ad.")]
        if not entries:
            raise NotThisFormat
        for entry in entries:
            form = SecretForm.CLEARTEXT if entry.key == _PRIVATE else SecretForm.HASHED if _HASH.match(entry.key) else None
            if form and entry.value:
                _emit(source, entry, form, emit)
        unattended = any(_HASH.match(entry.key) and entry.value for entry in entries)
        detail = "AnyDesk, a password lets in without anybody at the device" if unattended else "AnyDesk"
        where = source.where(line=entries[0].line)
        emit(Service(where, "remote-support", "anydesk", Auth.PASSWORD, encrypted=True, port=7070, detail=detail))


def _emit(source: BoundedSource, entry: Entry, form: SecretForm, emit: Emit) -> None:
    kind = SecretKind.KEY if form is SecretForm.CLEARTEXT else SecretKind.REMOTE_SUPPORT
    redacted = source.redact(kind, form, entry.value)
    emit(StoredSecret(source.where(line=entry.line), redacted, "anydesk", "AnyDesk", entry.key[:64], "remote-support"))
