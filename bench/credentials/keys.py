"""Keys made from a seed and written in the forms in which devices keep them. No random number is drawn: the same seed gives the same bytes."""

from __future__ import annotations

import hashlib
import hmac
import random
import struct
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from credentials.der import integer, octet_string, oid, sequence

RSA_BITS = 1024  # small, so that hundreds are quick to make; a reader does not care
SMALL_PRIMES = [number for number in range(3, 1000, 2) if all(number % other for other in range(3, int(number**0.5) + 1, 2))]


def _is_prime(number: int, draw: random.Random) -> bool:
    """Miller and Rabin's test, 24 rounds."""
    if any(number % prime == 0 for prime in SMALL_PRIMES):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, draw.randrange(2, number - 1), odd, twos) for _ in range(24))


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    power = pow(base, odd, number)
    return power in {1, number - 1} or any((power := power * power % number) == number - 1 for _ in range(twos - 1))


def _prime(draw: random.Random) -> int:
    while True:
        candidate = draw.getrandbits(RSA_BITS // 2) | (3 << (RSA_BITS // 2 - 2)) | 1
        if (candidate - 1) % 65537 and _is_prime(candidate, draw):
            return candidate


def rsa_key(draw: random.Random) -> rsa.RSAPrivateKey:
    """An RSA key of 1,024 bits."""
    p, q = sorted((_prime(draw), _prime(draw)), reverse=True)
    d = pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(65537, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def ec_key(draw: random.Random) -> ec.EllipticCurvePrivateKey:
    """A key on P-256."""
    return ec.derive_private_key(int.from_bytes(draw.randbytes(31), "big") + 1, ec.SECP256R1())


def ed_key(draw: random.Random) -> ed25519.Ed25519PrivateKey:
    """An Ed25519 key."""
    return ed25519.Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))


Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def text(value: bytes) -> bytes:
    """SSH's string: a length of four bytes, then the bytes (RFC 4251)."""
    return struct.pack(">I", len(value)) + value


def mpint(number: int) -> bytes:
    """SSH's integer: as a string, with a leading zero where the first bit is set."""
    return text(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def pem(label: str, data: bytes) -> bytes:
    """RFC 7468 with 64 characters a line."""
    body = b64encode(data).decode()
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def traditional_pem(private: Private) -> bytes:
    """PKCS#1 or SEC 1 in PEM."""
    return private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def pkcs8_pem(private: Private) -> bytes:
    """PKCS#8 in PEM."""
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def pkcs8_der(private: Private) -> bytes:
    """PKCS#8 in DER."""
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def encrypted_pem(private: Private, password: bytes, draw: random.Random) -> bytes:
    """PKCS#8 encrypted by PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, AES-256-CBC."""
    salt, vector, rounds = draw.randbytes(16), draw.randbytes(16), 20000
    key = hashlib.pbkdf2_hmac("sha256", password, salt, rounds, 32)
    plain = pkcs8_der(private)
    missing = 16 - len(plain) % 16
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    sealed = cipher.update(plain + bytes([missing]) * missing) + cipher.finalize()
    kdf = sequence(oid("1.2.840.113549.1.5.12"), sequence(octet_string(salt), integer(rounds), sequence(oid("1.2.840.113549.2.9"), b"\x05\x00")))
    scheme = sequence(oid("2.16.840.1.101.3.4.1.42"), octet_string(vector))
    return pem("ENCRYPTED PRIVATE KEY", sequence(sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, scheme)), octet_string(sealed)))


def public_line(private: Private, comment: str = "") -> bytes:
    """The line of an authorised key or a .pub file."""
    line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return line + (f" {comment}".encode() if comment else b"") + b"\n"


def openssh(draw: random.Random) -> bytes:
    """OpenSSH's own form (PROTOCOL.key) of an unencrypted Ed25519 key."""
    private = ed_key(draw)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    blob = text(b"ssh-ed25519") + text(public)
    check = draw.randbytes(4)
    inner = check + check + blob + text(secret + public) + text(b"root@device")
    inner += bytes(range(1, 9))[: -len(inner) % 8]
    outer = b"openssh-key-v1\0" + text(b"none") + text(b"none") + text(b"") + struct.pack(">I", 1) + text(blob) + text(inner)
    body = b64encode(outer).decode()
    lines = "\n".join(body[start : start + 70] for start in range(0, len(body), 70))
    return f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}\n-----END OPENSSH PRIVATE KEY-----\n".encode()


def dropbear(private: rsa.RSAPrivateKey) -> bytes:
    """Dropbear's host key: ``ssh-rsa`` and e, n, d, p, q."""
    numbers = private.private_numbers()
    public = numbers.public_numbers
    return text(b"ssh-rsa") + b"".join(map(mpint, (public.e, public.n, numbers.d, numbers.p, numbers.q)))


def putty(private: rsa.RSAPrivateKey, comment: str) -> bytes:
    """PuTTY's version 2 without a passphrase: public and private part in base64, and an HMAC-SHA-1 that says so."""
    numbers = private.private_numbers()
    public = text(b"ssh-rsa") + mpint(numbers.public_numbers.e) + mpint(numbers.public_numbers.n)
    secret = b"".join(map(mpint, (numbers.d, numbers.p, numbers.q, numbers.iqmp)))
    signed = text(b"ssh-rsa") + text(b"none") + text(comment.encode()) + text(public) + text(secret)
    mac = hmac.new(hashlib.sha1(b"putty-private-key-file-mac-key").digest(), signed, "sha1").hexdigest()
    parts = [f"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: {comment}\n"]
    for name, data in (("Public", public), ("Private", secret)):
        body = b64encode(data).decode()
        lines = [body[start : start + 64] for start in range(0, len(body), 64)]
        parts.append(f"{name}-Lines: {len(lines)}\n" + "\n".join(lines) + "\n")
    return ("".join(parts) + f"Private-MAC: {mac}\n").encode()


def certificate(private: Private, name: str, serial: int) -> x509.Certificate:
    """A certificate that the key signs for itself, valid for twenty years."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(private.public_key()).serial_number(serial)
    builder = builder.not_valid_before(datetime(2024, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2044, 1, 1, tzinfo=UTC))
    if isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("a signature by ECDSA would not be the same twice")
    return builder.sign(private, None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256())


MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "pem-pkcs1": lambda draw: traditional_pem(rsa_key(draw)),
    "pem-sec1": lambda draw: traditional_pem(ec_key(draw)),
    "pem-pkcs8": lambda draw: pkcs8_pem(rsa_key(draw)),
    "pem-encrypted": lambda draw: encrypted_pem(rsa_key(draw), draw.randbytes(24), draw),
    "der-pkcs8": lambda draw: pkcs8_der(rsa_key(draw)),
    "der-pkcs1": lambda draw: rsa_key(draw).private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "openssh": openssh,
    "dropbear": lambda draw: dropbear(rsa_key(draw)),
    "putty": lambda draw: putty(rsa_key(draw), "field service"),
    "public-line": lambda draw: public_line(ed_key(draw), "service@maker.example"),
    "public-line-rsa": lambda draw: public_line(rsa_key(draw), "fse@maker.example"),
    "public-pem": lambda draw: rsa_key(draw).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "certificate": lambda draw: certificate(rsa_key(draw), "pump.example", draw.getrandbits(60)).public_bytes(Encoding.PEM),
    "certificate-and-key": lambda draw: _pair(rsa_key(draw), draw),
}
"""Name → the bytes of one file."""


def _pair(private: rsa.RSAPrivateKey, draw: random.Random) -> bytes:
    """What small web servers want: the key and its certificate in one file."""
    return traditional_pem(private) + certificate(private, "monitor.example", draw.getrandbits(60)).public_bytes(Encoding.PEM)
