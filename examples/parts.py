"""The parts of a device image that are not plain text: little ELF files, keys made from a seed, a U-Boot header.

Nothing here reads a clock or draws a random number, so the same files always give the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ELF_HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
PROGRAM_HEADER = struct.Struct("<8I")
UIMAGE_HEADER = struct.Struct(">7I4B32s")


def elf(text: Sequence[str]) -> bytes:
    """A valid 32-bit ARM ELF file of one loadable segment that holds ``text`` and an endless loop."""
    code = struct.pack("<I", 0xEAFFFFFE)  # b .
    body = code + b"\0".join(line.encode() for line in ["", *text, ""])
    start = ELF_HEADER.size + PROGRAM_HEADER.size
    base = 0x8000
    ident = b"\x7fELF" + bytes([1, 1, 1]) + bytes(9)
    header = ELF_HEADER.pack(ident, 2, 40, 1, base + start, ELF_HEADER.size, 0, 0x05000000, ELF_HEADER.size, PROGRAM_HEADER.size, 1, 0, 0, 0)
    size = start + len(body)
    return header + PROGRAM_HEADER.pack(1, 0, base, base, size, size, 5, 0x1000) + body


def uimage(kernel: str, banner: str) -> bytes:
    """A U-Boot legacy image (magic 27 05 19 56) of a gzip-packed kernel that says its version and nothing else."""
    payload = gzip.compress(bytes(4096) + banner.encode() + b"\n\0" + bytes(4096), mtime=0)
    fields = [0x27051956, 0, 0, len(payload), 0x80008000, 0x80008000, zlib.crc32(payload)]
    kinds = (5, 2, 2, 1)  # Linux, ARM, kernel, gzip
    name = f"Linux-{kernel}".encode()
    fields[1] = zlib.crc32(UIMAGE_HEADER.pack(*fields, *kinds, name))
    return UIMAGE_HEADER.pack(*fields, *kinds, name) + payload


def key(seed: str, form: str) -> bytes:
    """A key derived from ``seed``: P-256 as ``pem``, ``public-pem`` or ``authorized-key``, or a 1024-bit RSA host key of ``dropbear``'s."""
    if form == "dropbear":
        return _dropbear(seed)
    return KEY_FORMS[form](ec.derive_private_key(_number(seed, 31), ec.SECP256R1()))


def _number(seed: str, size: int) -> int:
    """``size`` bytes, at most 64, that follow from the seed."""
    return int.from_bytes(hashlib.sha512(f"asepsis example: {seed}".encode()).digest()[:size], "big")


def _pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def _public_pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _ssh_public(private: ec.EllipticCurvePrivateKey) -> bytes:
    """RFC 5656: the algorithm, the curve, the point."""
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b"".join(_ssh_string(part) for part in (b"ecdsa-sha2-nistp256", b"nistp256", point))


def _authorized_key(private: ec.EllipticCurvePrivateKey) -> bytes:
    return b"ecdsa-sha2-nistp256 " + b64encode(_ssh_public(private)) + b" service@pumpmaker.example\n"


def _dropbear(seed: str) -> bytes:
    """Dropbear keeps an RSA host key as ``ssh-rsa`` and the SSH integers e, n, d, p, q."""
    first, second = _prime(f"{seed} p"), _prime(f"{seed} q")
    secret = pow(65537, -1, (first - 1) * (second - 1))
    numbers = (65537, first * second, secret, first, second)
    return _ssh_string(b"ssh-rsa") + b"".join(_ssh_string(number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in numbers)


def _prime(seed: str) -> int:
    """The first number from the seed upwards that passes Fermat's test: good enough for a key that protects nothing."""
    number = _number(seed, 64) | 3 << 510 | 1
    while (number - 1) % 65537 == 0 or any(pow(base, number - 1, number) != 1 for base in (2, 3, 5, 7)):
        number += 2
    return number


def _ssh_string(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part


KEY_FORMS: dict[str, Callable[[ec.EllipticCurvePrivateKey], bytes]] = {
    "pem": _pem,
    "public-pem": _public_pem,
    "authorized-key": _authorized_key,
}
