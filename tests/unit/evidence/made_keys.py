"""Keys made from fixed numbers, so that a test or a fuzz target that fails does so again."""

from __future__ import annotations

from hashlib import sha512

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa


def prime(name: str) -> int:
    """A prime of 512 bits by Fermat's test, always the same for a name."""
    number = int.from_bytes(sha512(name.encode()).digest(), "big") | 3 << 510 | 1
    while pow(2, number - 1, number) != 1:
        number += 2
    return number


def rsa_key() -> rsa.RSAPrivateKey:
    p, q, e = prime("p"), prime("q"), 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public).private_key()


RSA = rsa_key()
EC = ec.derive_private_key(int.from_bytes(bytes(range(1, 33)), "big"), ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
