"""Private keys in the encodings that devices keep them in. No I/O. What ``cryptography`` cannot parse is no key.

Its own check of RSA numbers takes half a minute for the longest keys, so they are multiplied here instead.
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key, load_ssh_private_key

from asepsis.evidence.protocols.public_keys import MAX_BITS, PublicKey, described, length_of, ssh_public, strings


@dataclass(frozen=True, slots=True)
class Key:
    """A private key: ``identity`` is its public key (SubjectPublicKeyInfo, DER) or, sealed so that not even that can be seen, its bytes."""

    algorithm: str
    bits: int | None
    encoding: str
    encrypted: bool
    identity: bytes


_END = re.compile(rb"-----END [A-Z ]*PRIVATE KEY-----")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+\Z")
_HEADERS = re.compile(rb"(?:\A|\n)(?:Proc-Type|DEK-Info|Comment|X-[\w-]+):[^\n]*")
_NAMES = {"RSA ": "RSA", "DSA ": "DSA", "EC ": "EC", "ENCRYPTED ": "unknown", "OPENSSH ": "unknown"}


def parse(pattern: str, data: bytes) -> Key | None:
    """The key that begins with ``data``, or None. ``pattern`` says which encoding was recognised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weak keys are what we look for; the library warns of them
        if pattern == "pem":
            return _pem(data)
        if pattern.startswith("dropbear"):
            return _dropbear(pattern, data)
        return _der(data)


def _pem(data: bytes) -> Key | None:
    end = _END.search(data)
    if not end:
        return None
    armour = data[: end.end()].replace(b"\r\n", b"\n").replace(b"\\n", b"\n")
    first, _, body = armour.partition(b"-----BEGIN ")[2].partition(b"-----")
    kind = first.decode("ascii").removesuffix("PRIVATE KEY")
    body = body[: body.rfind(b"-----END")]
    headers, plain = _HEADERS.findall(body), _HEADERS.sub(b"", body)
    try:
        raw = base64.b64decode(b"".join(plain.split()), validate=True) if _BASE64.match(plain) else b""
    except binascii.Error:
        raw = b""
    if not raw:
        return None
    if kind == "OPENSSH ":
        return _openssh(raw, armour)
    if kind == "ENCRYPTED " or any(b"ENCRYPTED" in header for header in headers):
        return Key(_NAMES.get(kind, "unknown"), None, "pem", True, raw)
    return _loaded("pem", load_pem_private_key, _rewrapped(first, raw))


def _rewrapped(kind: bytes, raw: bytes) -> bytes:
    """Clean armour: what a config file or a C string did to the line ends is undone."""
    text = base64.b64encode(raw)
    lines = b"\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return b"-----BEGIN " + kind + b"-----\n" + lines + b"\n-----END " + kind + b"-----\n"


_MAGIC = b"openssh-key-v1\0"


def _openssh(raw: bytes, armour: bytes) -> Key | None:
    """OpenSSH's PROTOCOL.key: cipher, kdf, options, count, public key, private part. An encrypted one still shows its public key."""
    if not raw.startswith(_MAGIC):
        return None
    try:
        parts = strings(raw[len(_MAGIC) :])
        cipher, _, _ = next(parts), next(parts), next(parts)
    except StopIteration:
        return None
    if cipher == b"none":
        return _loaded("openssh", load_ssh_private_key, _rewrapped(b"OPENSSH PRIVATE KEY", raw)) if armour else None
    blob = next(strings(raw[len(_MAGIC) + length_of(raw[len(_MAGIC) :], 3) + 4 :]), b"")
    public = ssh_public(blob)
    return _key(public, "openssh", encrypted=True) if public else None


def _key(public: PublicKey, encoding: str, *, encrypted: bool = False) -> Key:
    return Key(public.algorithm, public.bits, encoding, encrypted, public.identity)


def _der(data: bytes) -> Key | None:
    size = _der_size(data)
    return _loaded("der", load_der_private_key, data[:size]) if 0 < size <= len(data) else None


def _der_size(data: bytes) -> int:
    """Bytes of the outer SEQUENCE with its header, or 0."""
    if len(data) < 4:  # noqa: PLR2004
        return 0
    first = data[1]
    if first < 0x80:  # noqa: PLR2004
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big") if count in {1, 2} else 0


def _loaded(encoding: str, load: object, data: bytes) -> Key | None:
    try:
        key: PrivateKeyTypes = load(data, password=None, unsafe_skip_rsa_key_validation=True)  # type: ignore[operator]
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError):
        return None
    if isinstance(key, rsa.RSAPrivateKey) and not _belongs_together(key.private_numbers()):
        return None
    return _key(described(key.public_key()), encoding)


def _belongs_together(numbers: rsa.RSAPrivateNumbers) -> bool:
    """The factors make the modulus, and the private exponent undoes the public one (RFC 8017, 3.2)."""
    p, q, both = numbers.p, numbers.q, numbers.public_numbers
    return min(p, q) > 1 and p * q == both.n and all(both.e * numbers.d % (prime - 1) == 1 for prime in (p, q))


def _dropbear(pattern: str, data: bytes) -> Key | None:
    """Dropbear keeps the public parts, then the private ones, in SSH encoding. A public key alone has nothing after it."""
    parts = strings(data)
    next(parts, b"")
    if pattern == "dropbear-ed25519":
        return _dropbear_ed25519(next(parts, b""))
    numbers = [int.from_bytes(part, "big") for part, _ in zip(parts, range(5), strict=False)]
    if len(numbers) < 3 or not 3 <= numbers[0] < numbers[1] or numbers[1].bit_length() > MAX_BITS:  # noqa: PLR2004
        return None
    exponent, modulus, private = numbers[:3]
    if not 1 < private < modulus or pow(pow(2, exponent, modulus), private, modulus) != 2 % modulus:
        return None
    return _key(described(rsa.RSAPublicNumbers(exponent, modulus).public_key()), "dropbear")


def _dropbear_ed25519(both: bytes) -> Key | None:
    if len(both) != 64:  # noqa: PLR2004
        return None
    public = described(ed25519.Ed25519PrivateKey.from_private_bytes(both[:32]).public_key())
    return _key(public, "dropbear") if public.identity.endswith(both[32:]) else None
