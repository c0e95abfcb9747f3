"""JSON Web Keys with their private half (RFC 7517, 7518, 8037), alone or in a set.

A flat JSON object: ``{"kty":"RSA","n":…,"e":…,"d":…,"p":…}``, ``{"kty":"EC","crv":"P-256","x":…,"y":…,"d":…}``, ``{"kty":"OKP","crv":"Ed25519",
"x":…,"d":…}``, numbers in base64url. Public keys lack ``d``. Symmetric keys (``oct``) are no private keys. The parts must belong together.

Known ways it lies: libraries bring test keys; a key set of a log-in service holds public keys only.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.key_facts import fact
from asepsis.evidence.protocols.keys import Key, belongs_together, key_of
from asepsis.evidence.protocols.public_keys import MAX_BITS, described
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import KIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey

MAX_OBJECT = 16 * KIB
"""Bytes of one key, before and after its ``kty``."""
_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
_OKP: dict[str, Callable[[bytes], PrivateKeyTypes]] = {
    "Ed25519": ed25519.Ed25519PrivateKey.from_private_bytes,
    "Ed448": ed448.Ed448PrivateKey.from_private_bytes,
    "X25519": x25519.X25519PrivateKey.from_private_bytes,
    "X448": x448.X448PrivateKey.from_private_bytes,
}


class JwkReader:
    """Emits a :class:`PrivateKey` for each key object that has its private half."""

    info = ReaderInfo("jwk", "JSON Web Keys", (PrivateKey,), ("any file",), ("libraries bring test keys",))
    patterns = (Pattern("jwk", rb'"kty"\s{0,8}:\s{0,8}"(RSA|EC|OKP)"', before=48, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """The object around each ``kty``."""
        seen: set[bytes] = set()
        for match in matches:
            start = max(0, match.start - MAX_OBJECT)
            before = bytes(source.window(start, match.start - start).buffer)
            begin = before.rfind(b"{")
            text = bytes(source.window(match.start, min(MAX_OBJECT, source.size - match.start)).buffer).partition(b"}")
            key = _parsed(before[begin:] + text[0] + text[1]) if begin >= 0 else None
            if key and key.identity not in seen:
                seen.add(key.identity)
                found = fact(source, key, start + begin)
                if found:
                    emit(found)


def _parsed(text: bytes) -> Key | None:
    try:
        parts = json.loads(text)
        kind = parts.get("kty") if isinstance(parts, dict) else None
        if kind == "RSA":
            return _rsa(*(_number(parts.get(name)) for name in "nedpq"))
        if kind == "EC":
            return _ec(str(parts.get("crv")), *(_number(parts.get(name)) for name in "xyd"))
        return _okp(str(parts.get("crv")), _bytes(parts.get("x")), _bytes(parts.get("d"))) if kind == "OKP" else None
    except (ValueError, RecursionError, UnsupportedAlgorithm):
        return None


def _rsa(n: int, e: int, d: int, p: int, q: int) -> Key | None:
    """Without its factors the exponents must undo each other."""
    if not d or n.bit_length() > MAX_BITS or not 3 <= e < n:  # noqa: PLR2004
        return None
    together = belongs_together(n, e, d, (p, q)) if p and q else d < n and pow(pow(2, e, n), d, n) == 2 % n
    return key_of(described(rsa.RSAPublicNumbers(e, n).public_key()), "jwk") if together else None


def _ec(name: str, x: int, y: int, d: int) -> Key | None:
    curve = _CURVES.get(name)
    if not curve or not d or d.bit_length() > curve.key_size:
        return None
    public = ec.derive_private_key(d, curve).public_key()
    numbers = public.public_numbers()
    return key_of(described(public), "jwk") if (numbers.x, numbers.y) == (x, y) else None


def _okp(name: str, x: bytes, d: bytes) -> Key | None:
    load = _OKP.get(name)
    if not load or not d:
        return None
    public = described(load(d).public_key())
    return key_of(public, "jwk") if x and public.identity.endswith(x) else None


def _bytes(value: object) -> bytes:
    text = value if isinstance(value, str) else ""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii", "replace") + b"=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def _number(value: object) -> int:
    return int.from_bytes(_bytes(value), "big")
