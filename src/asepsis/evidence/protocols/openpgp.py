"""OpenPGP's secret key packets (RFC 4880, RFC 9580) and their armour. No I/O."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.public_keys import MAX_BITS, PublicKey, described

SECRET_KEY, SECRET_SUBKEY = 5, 7
_MOST_PACKETS = 200
_RSA, _EDDSA = frozenset({1, 2, 3}), 22
_MPIS = {16: 3, 17: 4, 20: 3}
_CURVES = frozenset({18, 19, 22})
_RAW = {25: 32, 26: 56, 27: 32, 28: 57}
_NAMES = {16: "ElGamal", 17: "DSA", 18: "EC", 19: "EC", 20: "ElGamal", 22: "EC", 25: "X25519", 26: "X448", 27: "Ed25519", 28: "Ed448"}
_ED25519 = bytes.fromhex("2b06010401da470f01")
_GNU_STUB = 101
_HEADERS = re.compile(rb"\A[^\n]*\n(?:[A-Za-z]+: [^\n]*\n)*")


def armoured(data: bytes) -> Key | None:
    """The key of a ``BEGIN PGP PRIVATE KEY BLOCK``."""
    text = data.partition(b"-----END PGP PRIVATE KEY BLOCK-----")[0].replace(b"\\r", b"").replace(b"\\n", b"\n").replace(b"\r", b"")
    lines = [line.strip() for line in _HEADERS.sub(b"", text).split(b"\n")]
    body = b"".join(line for line in lines if not line.startswith(b"="))
    try:
        return secret_key(base64.b64decode(body, validate=True))
    except binascii.Error:
        return None


def secret_key(data: bytes) -> Key | None:
    """The first secret key that can be used, else the first that cannot; None if there are stubs only."""
    keys = [key for tag, body in packets(data) if tag in {SECRET_KEY, SECRET_SUBKEY} for key in [_key(body)] if key]
    return next((key for key in keys if not key.encrypted), next(iter(keys), None))


def packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and body of each packet; ends at the first that does not fit or has no definite length."""
    at = 0
    for _ in range(_MOST_PACKETS):
        if at + 6 > len(data) or not data[at] & 0x80:
            return
        tag, start, length = (_new if data[at] & 0x40 else _old)(data, at)
        if length < 0 or start + length > len(data):
            return
        yield tag, data[start : start + length]
        at = start + length


def _new(data: bytes, at: int) -> tuple[int, int, int]:
    first = data[at + 1]
    if first < 192:  # noqa: PLR2004
        return data[at] & 0x3F, at + 2, first
    if first < 224:  # noqa: PLR2004
        return data[at] & 0x3F, at + 3, ((first - 192) << 8) + data[at + 2] + 192
    return data[at] & 0x3F, at + 6, int.from_bytes(data[at + 2 : at + 6], "big") if first == 255 else -1  # noqa: PLR2004


def _old(data: bytes, at: int) -> tuple[int, int, int]:
    size = (1, 2, 4, 0)[data[at] & 3]
    return data[at] >> 2 & 0x0F, at + 1 + size, int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else -1


def _key(body: bytes) -> Key | None:
    """Version, date, algorithm, public numbers, how the private ones are protected."""
    if len(body) < 8 or body[0] not in {3, 4, 5, 6}:  # noqa: PLR2004
        return None
    at = {3: 7, 4: 5, 5: 5, 6: 5}[body[0]]
    algorithm, start = body[at], at + 1 + 4 * (body[0] > 4)  # noqa: PLR2004
    end = _public_end(body, algorithm, start)
    if not start < end < len(body):
        return None
    protected = body[end] != 0
    if protected and _GNU_STUB in body[end + 1 : end + 5] and b"GNU" in body[end + 2 : end + 9]:
        return None  # the private half is on a card, or left out
    public = _public(body[start:end], algorithm)
    return Key(public.algorithm, public.bits, "openpgp", protected, public.identity) if public else None


def _public_end(body: bytes, algorithm: int, start: int) -> int:
    """Where the public numbers end; 0 for an algorithm that is not known."""
    if algorithm in _RAW:
        return start + _RAW[algorithm]
    count = 2 if algorithm in _RSA else _MPIS.get(algorithm, 0)
    if algorithm in _CURVES:
        start, count = start + 1 + body[start], 1
    if not count:
        return 0
    for _ in range(count):
        start += 2 + (int.from_bytes(body[start : start + 2], "big") + 7) // 8
    if algorithm == 18 and start < len(body):  # noqa: PLR2004 - ECDH says how it derives
        start += 1 + body[start]
    return start


def _public(part: bytes, algorithm: int) -> PublicKey | None:
    try:
        if algorithm in _RSA:
            return _rsa(part)
        if algorithm == _EDDSA and part[1 : 1 + part[0]] == _ED25519:
            return described(ed25519.Ed25519PublicKey.from_public_bytes(part[-32:]))
    except ValueError:
        return None
    return PublicKey(_NAMES[algorithm], None, part)


def _rsa(part: bytes) -> PublicKey | None:
    size = (int.from_bytes(part[:2], "big") + 7) // 8
    n, e = int.from_bytes(part[2 : 2 + size], "big"), int.from_bytes(part[4 + size :], "big")
    return described(rsa.RSAPublicNumbers(e, n).public_key()) if n.bit_length() <= MAX_BITS else None
