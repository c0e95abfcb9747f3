"""Java's key stores (JKS, JCEKS) and Bouncy Castle's (BKS). No I/O.

Names, dates and certificate chains stand in clear; private keys are encrypted, and a digest under the store's password closes the file. Both
JKS digests are SHA-1 over the password in UTF-16, cheap to try.
"""

from __future__ import annotations

import hmac
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1

from cryptography.hazmat.primitives.serialization import load_der_private_key

from asepsis.evidence.protocols import der
from asepsis.evidence.protocols.keys import Key, loaded
from asepsis.evidence.protocols.passphrases import USUAL, Tries, said
from asepsis.evidence.protocols.public_keys import PublicKey, of_certificate

JKS, JCEKS = b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"
_WHITENER = b"Mighty Aphrodite"
_DIGEST = 20
_MOST_ENTRIES, _MOST_CHAIN = 2000, 20
_KEY, _CERTIFICATE, _SECRET = 1, 2, 3
_NEXT = re.compile(rb"\x00\x00\x00(?=[\x01-\x03]\x00[\x01-\xff])")
_FARTHEST = 65_536
"""Bytes that a secret key as a Java object may take; an ordinary one has about 500."""
_JAVA_OBJECT = b"\xac\xed\x00\x05"
_BKS_END, _BKS_CERTIFICATE, _BKS_KEY, _BKS_SECRET, _BKS_SEALED = range(5)


def _sha1(data: bytes) -> bytes:
    return sha1(data, usedforsecurity=False).digest()


class CutShort(Exception):
    """The store says that it holds more than there is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A private key of a store: what keeps it, and the public half in its first certificate, if it has one."""

    kept: bytes
    public: PublicKey | None
    clear: bool = False


class _Cursor:
    """Big-endian numbers and lengths, as Java's ``DataOutputStream`` writes them."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, length: int) -> bytes:
        if length < 0 or self.at + length > len(self.data):
            raise CutShort
        self.at += length
        return self.data[self.at - length : self.at]

    def u32(self) -> int:
        return int(struct.unpack(">I", self.take(4))[0])

    def block(self) -> bytes:
        return self.take(self.u32())

    def text(self) -> bytes:
        return self.take(int(struct.unpack(">H", self.take(2))[0]))


def java(data: bytes) -> Iterator[Key]:
    """The private keys of a JKS or JCEKS store. Raises ``CutShort`` after those that could be read."""
    cursor, encoding = _Cursor(data, 12), "jks" if data.startswith(JKS) else "jceks"
    entries: list[Entry] = []
    count, lost = min(struct.unpack_from(">I", data.ljust(12, b"\0"), 8)[0], _MOST_ENTRIES), False
    for number in range(count):
        tag = cursor.u32()
        cursor.text()
        cursor.take(8)
        if tag == _KEY:
            entries.append(Entry(cursor.block(), _chain(cursor)))
        elif tag == _CERTIFICATE:
            cursor.text()
            cursor.block()
        else:
            lost = not _skip_object(cursor, last=number + 1 == count)
            if lost:
                break
    digest, body = data[cursor.at : cursor.at + _DIGEST], data[: cursor.at]
    password = next((one for one in USUAL if _sha1(one.encode("utf-16-be") + _WHITENER + body) == digest), None)
    for entry in entries:
        yield _key(entry, encoding, password if password is None or encoding == "jceks" or _opens(entry, password) else None)
    if lost:
        raise CutShort


def _skip_object(cursor: _Cursor, *, last: bool) -> bool:
    """Go past a secret key, a Java object whose end only shows by what comes next. False if that cannot be told."""
    if last:
        cursor.at = len(cursor.data) - _DIGEST
        return True
    places = (found.start() for found in _NEXT.finditer(cursor.data, cursor.at, cursor.at + _FARTHEST))
    following = next((place for place in places if _begins_entry(cursor.data, place)), None)
    cursor.at = cursor.at if following is None else following
    return following is not None


def _begins_entry(data: bytes, at: int) -> bool:
    """Tag, a name, a date since 1970, and how the tag's content begins."""
    cursor = _Cursor(data, at)
    try:
        tag, name, date, beginning = cursor.u32(), cursor.text(), cursor.take(8), cursor.take(8)
    except CutShort:
        return False
    rest = beginning[4:5] == b"\x30" if tag == _KEY else beginning[:3] == b"\x00\x05X" if tag == _CERTIFICATE else beginning[:4] == _JAVA_OBJECT
    return rest and date[:2] == b"\0\0" and name.isascii() and name.decode("ascii").isprintable()


def _chain(cursor: _Cursor) -> PublicKey | None:
    """The public half in the first of some certificates."""
    certificates = []
    for _ in range(min(cursor.u32(), _MOST_CHAIN)):
        cursor.text()
        certificates.append(cursor.block())
    return of_certificate(certificates[0]) if certificates else None


def _key(entry: Entry, encoding: str, password: str | None) -> Key:
    public = entry.public or PublicKey("unknown", None, entry.kept)
    return Key(public.algorithm, public.bits, encoding, not entry.clear, public.identity, "" if password is None or entry.clear else said(password))


def _opens(entry: Entry, password: str) -> bool:
    """Sun's own way: a stream of SHA-1 over password and salt, and SHA-1 over password and key to check it."""
    outer = der.element(entry.kept)
    parts = list(der.children(entry.kept, outer)) if outer else []
    if [part.tag for part in parts] != [der.SEQUENCE, der.OCTETS]:
        return False
    kept = entry.kept[parts[1].start : parts[1].end]
    secret, block, sealed = password.encode("utf-16-be"), kept[:_DIGEST], kept[_DIGEST:-_DIGEST]
    stream = bytearray()
    while len(stream) < len(sealed):
        block = _sha1(secret + block)
        stream += block
    plain = bytes(one ^ other for one, other in zip(sealed, stream, strict=False))
    return _sha1(secret + plain) == kept[-_DIGEST:]


def bouncy(data: bytes, tries: Tries) -> Iterator[Key]:
    """The private keys of a BKS store (version 1 or 2). Raises ``CutShort`` after those that could be read."""
    cursor = _Cursor(data, 4)
    salt, iterations = cursor.block(), cursor.u32()
    start, entries = cursor.at, list[Entry]()
    for _ in range(_MOST_ENTRIES):
        tag = cursor.take(1)[0]
        if tag == _BKS_END:
            break
        cursor.text()
        cursor.take(8)
        public = _chain(cursor)
        entry = _bouncy_entry(cursor, tag, public)
        entries += [entry] if entry else []
    password = _bouncy_password(data, (start, cursor.at), salt, iterations, tries)
    for entry in entries:
        yield _key(entry, "bks", password)


def _bouncy_entry(cursor: _Cursor, tag: int, public: PublicKey | None) -> Entry | None:
    """A key in clear, or a sealed one that has a certificate; other secrets are no private keys."""
    if tag == _BKS_CERTIFICATE:
        cursor.text()
        cursor.block()
        return None
    if tag == _BKS_KEY:
        kind = cursor.take(1)[0]
        cursor.text()
        cursor.text()
        kept = cursor.block()
        key = loaded("bks", load_der_private_key, kept) if kind == 0 else None
        return Entry(kept, PublicKey(key.algorithm, key.bits, key.identity), clear=True) if key else None
    if tag in {_BKS_SECRET, _BKS_SEALED}:
        kept = cursor.block()
        return Entry(kept, public) if public else None
    raise CutShort


def _bouncy_password(data: bytes, body: tuple[int, int], salt: bytes, iterations: int, tries: Tries) -> str | None:
    """The usual password under which the closing HMAC is right."""
    length = 2 if data[:4] == b"\0\0\0\1" else _DIGEST  # version 1 took bits for bytes
    for password in tries.at(iterations):
        key = _pkcs12_mac_key(password, salt, iterations)[:length]
        if hmac.digest(key, data[body[0] : body[1]], "sha1") == data[body[1] : body[1] + _DIGEST]:
            return password
    return None


def _pkcs12_mac_key(password: str, salt: bytes, iterations: int) -> bytes:
    """RFC 7292, appendix B.2, with SHA-1 and ID 3, for up to 20 bytes."""

    def filled(part: bytes) -> bytes:
        size = -(-len(part) // 64) * 64
        return (part * (size // max(len(part), 1) + 1))[:size]

    block = _sha1(b"\3" * 64 + filled(salt) + filled(password.encode("utf-16-be") + b"\0\0"))
    for _ in range(iterations - 1):
        block = _sha1(block)
    return block
