"""Whether a key store of NSS opens with an empty password or one that everybody tries first. No I/O, bounded work.

``key4.db`` keeps, in the row ``password`` of its table ``metaData``, a salt and the text ``password-check`` encrypted under the password (DER: the
algorithm with its parameters, then an OCTET STRING). Since NSS 3.49 that is PBES2 of RFC 8018 with PBKDF2, HMAC-SHA-256 and AES-256-CBC over
SHA-1(salt, password), and of the initialisation vector only 14 bytes are kept, behind the head of their own DER; before, it is NSS's own derivation
of a key for triple DES from SHA-1. An empty password takes one iteration.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from asepsis.evidence.protocols import der
from asepsis.evidence.protocols.passphrases import Tries, said

_CHECK = b"password-check"
_PBES2 = bytes.fromhex("2a864886f70d01050d")
_TRIPLE_DES = bytes.fromhex("2a864886f70d010c050103")
_IV_HEAD, _IV_BYTES, _KEY_BYTES = b"\x04\x0e", 14, 32
_HASHED, _DEEPEST = 20, 6
_OBJECT = 0x06
_NEW = [_OBJECT, _OBJECT, der.OCTETS, der.INTEGER, der.INTEGER, _OBJECT, _OBJECT, der.OCTETS, der.OCTETS]
_OLD = [_OBJECT, der.OCTETS, der.INTEGER, der.OCTETS]
"""The tags of the leaves. New: scheme, derivation, salt, iterations, length, hash, cipher, vector, text; old: scheme, salt, iterations, text."""


def opened_by(salt: bytes, check: bytes, tries: Tries) -> str | None:
    """What kind of password opens a store, empty if none of those that were tried does; None if it cannot be tried."""
    sealed = _parsed(check)
    if sealed is None:
        return None
    tried = False
    for password in tries.at(sealed.iterations):
        tried = True
        secret = hashlib.sha1(salt + password.encode(), usedforsecurity=False).digest()
        decryptor = _cipher(secret, sealed).decryptor()
        if (decryptor.update(sealed.text) + decryptor.finalize()).startswith(_CHECK):
            return said(password)
    return "" if tried else None


@dataclass(frozen=True, slots=True)
class _Sealed:
    """How the text was encrypted: the object identifier of the scheme, its salt and iterations, the initialisation vector, the result."""

    scheme: bytes
    salt: bytes
    iterations: int
    vector: bytes
    text: bytes


def _parsed(check: bytes) -> _Sealed | None:
    """The leaves of the structure in their order, for the two forms that are known."""
    outer = der.element(check)
    leaves = list(_leaves(check, outer, _DEEPEST)) if outer else []
    tags, parts = [tag for tag, _ in leaves], [part for _, part in leaves]
    if tags == _NEW and parts[0] == _PBES2 and len(parts[7]) == _IV_BYTES:
        found, block = _Sealed(parts[0], parts[2], int.from_bytes(parts[3], "big"), _IV_HEAD + parts[7], parts[8]), AES.block_size
    elif tags == _OLD and parts[0] == _TRIPLE_DES:
        found, block = _Sealed(parts[0], parts[1], int.from_bytes(parts[2], "big"), b"", parts[3]), TripleDES.block_size
    else:
        return None
    return found if found.iterations and found.text and len(found.text) * 8 % block == 0 else None


def _leaves(data: bytes, parent: der.Element, deep: int) -> Iterator[tuple[int, bytes]]:
    for child in der.children(data, parent):
        if child.tag == der.SEQUENCE and deep:
            yield from _leaves(data, child, deep - 1)
        else:
            yield child.tag, data[child.start : child.end]


def _cipher(secret: bytes, sealed: _Sealed) -> Cipher[CBC]:
    """``secret`` is the SHA-1 over the store's salt and the password."""
    if sealed.scheme == _PBES2:
        key = hashlib.pbkdf2_hmac("sha256", secret, sealed.salt, sealed.iterations, _KEY_BYTES)
        return Cipher(AES(key), CBC(sealed.vector))
    padded = sealed.salt.ljust(_HASHED, b"\0")
    start = hashlib.sha1(secret + sealed.salt, usedforsecurity=False).digest()
    first, middle = _hmac(start, padded + sealed.salt), _hmac(start, padded)
    whole = first + _hmac(start, middle + sealed.salt)
    return Cipher(TripleDES(whole[:24]), CBC(whole[-8:]))


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha1")
