"""Public keys: what tells one from another in every encoding, and SSH's wire format. No I/O.

A key's *identity* is its SubjectPublicKeyInfo in DER (RFC 5280, 4.1.2.7): a private key, a line of ``authorized_keys`` and a certificate have
one identity if they belong together.
"""

from __future__ import annotations

import base64
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

MAX_BITS = 16384
"""Longest RSA modulus that is looked at; OpenSSH takes none longer."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: ``identity`` is its SubjectPublicKeyInfo, or, of a kind that has none, its bytes as they stand."""

    algorithm: str
    bits: int | None
    identity: bytes


def described(public: PublicKeyTypes) -> PublicKey:
    """Algorithm, bits and identity of a key that ``cryptography`` has loaded."""
    return PublicKey(*_kind(public), public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _kind(public: PublicKeyTypes) -> tuple[str, int | None]:
    if isinstance(public, rsa.RSAPublicKey):
        return "RSA", public.key_size
    if isinstance(public, dsa.DSAPublicKey):
        return "DSA", public.key_size
    if isinstance(public, ec.EllipticCurvePublicKey):
        return "EC", public.curve.key_size
    return _OTHER.get(type(public).__name__.removeprefix("_"), ("unknown", None))


_OTHER: dict[str, tuple[str, int | None]] = {
    "Ed25519PublicKey": ("Ed25519", 256),
    "Ed448PublicKey": ("Ed448", 456),
    "X25519PublicKey": ("X25519", 256),
    "X448PublicKey": ("X448", 448),
}


def of_certificate(data: bytes) -> PublicKey | None:
    """The key that an X.509 certificate in DER is about, or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd serial numbers and the like, which the key does not depend on
        try:
            return described(load_der_x509_certificate(data).public_key())
        except (ValueError, TypeError, UnsupportedAlgorithm, InvalidVersion):
            return None


def strings(data: bytes) -> Iterator[bytes]:
    """SSH strings (RFC 4251, 5) one after the other; ends at the first that does not fit."""
    at = 0
    while at + 4 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if at + 4 + length > len(data):
            return
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


def length_of(data: bytes, count: int) -> int:
    """Bytes of the first ``count`` SSH strings."""
    return sum(4 + len(part) for part, _ in zip(strings(data), range(count), strict=False))


def mpint(part: bytes) -> int:
    """An SSH ``mpint``; one too long to be a key's is 0."""
    return int.from_bytes(part, "big") if len(part) <= MAX_BITS // 8 + 1 else 0


_HARDWARE = {"sk-ssh-ed25519@openssh.com": ("Ed25519", 256), "sk-ecdsa-sha2-nistp256@openssh.com": ("EC", 256)}
"""Keys whose private half never leaves a token (OpenSSH PROTOCOL.u2f): the ``application`` that follows is part of the key."""


def ssh_public(blob: bytes) -> PublicKey | None:
    """The key of an SSH public key blob (RFC 4253, 6.6), or None if it is none."""
    name = next(strings(blob), b"").decode("ascii", "replace")
    if name in _HARDWARE:
        return PublicKey(*_HARDWARE[name], blob)
    try:
        if name == "ssh-rsa":
            return _rsa(blob)
        if name == "ssh-dss":
            return _dsa(blob)
        return described(load_ssh_public_key(name.encode() + b" " + base64.b64encode(blob)))
    except (ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm):
        return None


def _rsa(blob: bytes) -> PublicKey | None:
    """Old devices have moduli that the library refuses to load from a file."""
    _, *numbers = strings(blob)
    exponent, modulus = map(mpint, numbers) if len(numbers) == 2 else (0, 0)  # noqa: PLR2004
    return described(rsa.RSAPublicNumbers(exponent, modulus).public_key()) if modulus else None


def _dsa(blob: bytes) -> PublicKey | None:
    _, *numbers = strings(blob)
    if len(numbers) != 4:  # noqa: PLR2004
        return None
    p, q, g, y = map(mpint, numbers)
    return described(dsa.DSAPublicNumbers(y, dsa.DSAParameterNumbers(p, q, g)).public_key())
