"""RSA private keys as Windows programs keep them: CryptoAPI's blobs and .NET's XML. No I/O."""

from __future__ import annotations

import base64
import binascii
import re
import struct

from cryptography.hazmat.primitives.asymmetric import rsa

from asepsis.evidence.protocols.keys import Key, belongs_together, key_of
from asepsis.evidence.protocols.public_keys import MAX_BITS, described

_HEAD = struct.Struct("<8s4sII")
_XML_PART = re.compile(rb"<(Modulus|Exponent|P|Q|D)>\s*([A-Za-z0-9+/=\s]{1,6000}?)\s*</\1>")


def blob(data: bytes) -> Key | None:
    """``PRIVATEKEYBLOB``: bits and exponent, then n, p, q, dp, dq, q', d, least significant byte first ([MS-MQQB] 2.2.1, wincrypt.h)."""
    if len(data) < _HEAD.size:
        return None
    _, _, bits, exponent = _HEAD.unpack_from(data)
    if not 0 < bits <= MAX_BITS or bits % 16:
        return None
    full, half = bits // 8, bits // 16
    body = data[_HEAD.size : _HEAD.size + 2 * full + 5 * half]
    if len(body) < 2 * full + 5 * half:
        return None
    n, p, q, d = (int.from_bytes(body[start : start + size], "little") for start, size in
                  ((0, full), (full, half), (full + half, half), (full + 5 * half, full)))  # fmt: skip
    return _key(n, exponent, p, q, d)


def xml(data: bytes) -> Key | None:
    """``<RSAKeyValue>`` with its private parts, as ``RSA.ToXmlString(true)`` writes it."""
    text = data.partition(b"</RSAKeyValue>")[0]
    try:
        parts = {name: int.from_bytes(base64.b64decode(b"".join(value.split()), validate=True), "big") for name, value in _XML_PART.findall(text)}
    except binascii.Error:
        return None
    if set(parts) != {b"Modulus", b"Exponent", b"P", b"Q", b"D"}:
        return None
    return _key(parts[b"Modulus"], parts[b"Exponent"], parts[b"P"], parts[b"Q"], parts[b"D"])


def _key(n: int, e: int, p: int, q: int, d: int) -> Key | None:
    """The key, if its parts belong together."""
    if n.bit_length() > MAX_BITS or not belongs_together(n, e, d, (p, q)):
        return None
    try:
        return key_of(described(rsa.RSAPublicNumbers(e, n).public_key()), "windows")
    except ValueError:
        return None
