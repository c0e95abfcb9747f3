"""Kerberos key tables: the keys of a machine or of its services.

MIT krb5's keytab format, version 2 (``05 02``; version ``05 01`` in the byte order of its machine)::

    int32 size · uint16 components · counted realm · counted component … · uint32 name type · uint32 time
    · uint8 version · uint16 key type · counted key · [uint32 version]

A counted text has a 16-bit length. A negative size is a hole that was an entry. The key is what the password becomes; it works as well as the
password.

Known ways it lies: a hole still holds the old key; sizes may reach beyond the file.
"""

from __future__ import annotations

import re
import struct

from asepsis.evidence.protocols.keeping import MAX_SUBJECT
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource, OutOfBounds
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"\.keytab$|(?:^|/)krb5kdc/kadm5\.keytab$|(?:^|/)keytab$")
_MOST = 10_000
"""Entries."""
_MOST_COMPONENTS = 16


class KeytabReader:
    """Emits one :class:`StoredSecret` for each key; its subject is the principal."""

    info = ReaderInfo("keytab", "Kerberos key tables", (StoredSecret,), ("*.keytab",))
    signs = Signs(heads=(begins(b"\5\1", b"\5\2"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its first two bytes, and a name or a plausible first entry."""
        if head[:2] not in {b"\5\1", b"\5\2"}:
            return Sureness.NO
        return Sureness.YES if _PATH.search(path) else Sureness.MAYBE if _plausible(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Entry by entry. Raises ``NotThisFormat`` without any, ``Malformed`` where one lies about its size."""
        version = source.take(2)
        order = ">" if version == b"\5\2" else "<"
        at, seen = 2, 0
        while at + 4 <= source.size and seen < _MOST:
            (size,) = struct.unpack(f"{order}i", bytes(source.window(at, 4).buffer))
            if size == 0:
                break
            try:
                entry = source.window(at + 4, abs(size))
                if size > 0:
                    _tell(entry, order, emit)
                    seen += 1
            except OutOfBounds as error:
                if not seen:
                    raise NotThisFormat from error
                raise Malformed("an entry reaches beyond its end", offset=at) from error
            at += 4 + abs(size)


def _plausible(head: bytes) -> bool:
    """The first entry is not longer than usual and begins with few components and a realm in capitals."""
    size, parts, length = struct.unpack(">iHH", head[2:10]) if len(head) >= 10 else (0, 0, 0)  # noqa: PLR2004
    realm = head[10 : 10 + length]
    return 20 < size < 1024 and 0 < parts < 5 and 0 < length < 128 and re.fullmatch(rb"[A-Z0-9.-]+", realm) is not None  # noqa: PLR2004


def _tell(entry: BoundedSource, order: str, emit: Emit) -> None:
    """One entry in its own window."""
    short, long_ = struct.Struct(f"{order}H"), struct.Struct(f"{order}I")

    def counted() -> bytes:
        return entry.take(entry.unpack(short)[0])

    (components,) = entry.unpack(short)
    realm = counted()
    # The old version counts the realm among the components.
    names = [counted() for _ in range(min(components - (order == "<"), _MOST_COMPONENTS))]
    entry.unpack(long_)
    entry.unpack(long_)
    entry.take(1)
    (kind,) = entry.unpack(short)
    key = counted()
    principal = f"{b'/'.join(names).decode('utf-8', 'replace')}@{realm.decode('utf-8', 'replace')}"
    confidence = Confidence.WEAK if is_documentation(entry.where().path) else Confidence.CONFIRMED
    redacted = entry.redact(SecretKind.KEY, SecretForm.DERIVED, key)
    emit(StoredSecret(entry.where(offset=0), redacted, "keytab", principal[:MAX_SUBJECT], f"encryption type {kind}", "kerberos", confidence))
