"""Private keys of SSH programs other than OpenSSH: dropbear's host keys, PuTTY's files, SSH version 1. No I/O."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from asepsis.evidence.protocols.keys import Key, key_of
from asepsis.evidence.protocols.public_keys import MAX_BITS, described, length_of, mpint, ssh_public, strings

_CURVES: dict[str, ec.EllipticCurve] = {"nistp256": ec.SECP256R1(), "nistp384": ec.SECP384R1(), "nistp521": ec.SECP521R1()}


def dropbear(data: bytes) -> Key | None:
    """Dropbear keeps the public parts, then the private ones, in SSH encoding. A public key alone has nothing after it."""
    name = next(strings(data), b"").decode("ascii", "replace")
    parser = _DROPBEAR.get(name.partition("-nistp")[0])
    try:
        return parser(data) if parser else None
    except ValueError:
        return None


def _rsa(data: bytes) -> Key | None:
    numbers = [mpint(part) for part, _ in zip(strings(data), range(6), strict=False)][1:]
    if len(numbers) < 3 or not 3 <= numbers[0] < numbers[1]:  # noqa: PLR2004
        return None
    exponent, modulus, private = numbers[:3]
    if not 1 < private < modulus or pow(pow(2, exponent, modulus), private, modulus) != 2 % modulus:
        return None
    return key_of(described(rsa.RSAPublicNumbers(exponent, modulus).public_key()), "dropbear")


def _dss(data: bytes) -> Key | None:
    numbers = [mpint(part) for part, _ in zip(strings(data), range(6), strict=False)][1:]
    if len(numbers) < 5:  # noqa: PLR2004
        return None
    p, q, g, y, x = numbers
    if not 1 < x < q < p or pow(g, x, p) != y:
        return None
    return key_of(described(dsa.DSAPublicNumbers(y, dsa.DSAParameterNumbers(p, q, g)).public_key()), "dropbear")


def _ecdsa(data: bytes) -> Key | None:
    _, curve, point, private, *_ = [*(part for part, _ in zip(strings(data), range(4), strict=False)), b"", b"", b"", b""]
    known = _CURVES.get(curve.decode("ascii", "replace"))
    if not known or not private:
        return None
    key = ec.derive_private_key(int.from_bytes(private, "big"), known) if len(private) <= 67 else None  # noqa: PLR2004
    public = ssh_public(data[: length_of(data, 3)])
    return key_of(public, "dropbear") if key and public and described(key.public_key()) == public and point else None


def _ed25519(data: bytes) -> Key | None:
    both = [*strings(data[: 19 + 4 + 64])][1:]
    if not both or len(both[0]) != 64:  # noqa: PLR2004
        return None
    public = described(ed25519.Ed25519PrivateKey.from_private_bytes(both[0][:32]).public_key())
    return key_of(public, "dropbear") if public.identity.endswith(both[0][32:]) else None


_DROPBEAR: dict[str, Callable[[bytes], Key | None]] = {"ssh-rsa": _rsa, "ssh-dss": _dss, "ecdsa-sha2": _ecdsa, "ssh-ed25519": _ed25519}

_PUTTY = re.compile(
    rb"PuTTY-User-Key-File-[123]: [a-z0-9@.-]{3,64}\r?\nEncryption: ([a-z0-9-]{1,32})\r?\nComment: [^\r\n]{0,512}\r?\nPublic-Lines: (\d{1,3})\r?\n"
)
_PRIVATE_LINES = re.compile(rb"(?:(?:Key-Derivation|Argon2-[A-Za-z]+): [^\r\n]{1,256}\r?\n){0,6}Private-Lines: (\d{1,3})\r?\n")


def putty(data: bytes) -> Key | None:
    """PuTTY's ``.ppk``: a head, the public blob of SSH in base64, the private one. Encrypted or not, it shows whose it is."""
    head = _PUTTY.match(data)
    if not head:
        return None
    blob, at = _base64_lines(data, head.end(), int(head.group(2)))
    private = _PRIVATE_LINES.match(data, at)
    public = ssh_public(blob) if private else None
    if not private or not public or not _base64_lines(data, private.end(), int(private.group(1)))[0]:
        return None
    return key_of(public, "putty", encrypted=head.group(1) != b"none")


def _base64_lines(data: bytes, at: int, count: int) -> tuple[bytes, int]:
    """What ``count`` lines from ``at`` say, and where they end."""
    start = at
    for _ in range(count):
        at = data.find(b"\n", at) + 1
        if not at:
            return b"", len(data)
    try:
        return base64.b64decode(b"".join(data[start:at].split()), validate=True), at
    except binascii.Error:
        return b"", at


SSH1_MAGIC = b"SSH PRIVATE KEY FILE FORMAT 1.1\n\0"


def ssh1(data: bytes) -> Key | None:
    """OpenSSH's key of protocol 1: cipher, four bytes, bits, modulus and exponent with their bits before them; then what may be encrypted."""
    at = len(SSH1_MAGIC)
    if len(data) < at + 9:
        return None
    cipher, at = data[at], at + 9
    numbers = []
    for _ in range(2):
        bits = struct.unpack_from(">H", data, at)[0] if at + 2 <= len(data) else 0
        size = (bits + 7) // 8
        numbers.append(int.from_bytes(data[at + 2 : at + 2 + size], "big"))
        at += 2 + size
    modulus, exponent = numbers
    if at > len(data) or modulus.bit_length() > MAX_BITS:
        return None
    try:
        public = described(rsa.RSAPublicNumbers(exponent, modulus).public_key())
    except ValueError:
        return None
    return key_of(public, "ssh1", encrypted=cipher != 0)
