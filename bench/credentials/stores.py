"""Key stores: PKCS#12 (RFC 7292) and Java's JKS, written from a seed."""

from __future__ import annotations

import hashlib
import hmac
import random
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.serialization import Encoding

from credentials import keys
from credentials.der import element, explicit, integer, octet_string, oid, sequence

DATA = "1.2.840.113549.1.7.1"
ROUNDS = 2048


def pkcs12(draw: random.Random, password: str) -> bytes:
    """A key bag without encryption and its certificate; the MAC is made with ``password``, which may be empty."""
    private = keys.rsa_key(draw)
    certificate = keys.certificate(private, "ward-client.example", draw.getrandbits(60)).public_bytes(Encoding.DER)
    key_bag = sequence(oid("1.2.840.113549.1.12.10.1.1"), explicit(0, keys.pkcs8_der(private)))
    bag = sequence(oid("1.2.840.113549.1.9.22.1"), explicit(0, octet_string(certificate)))
    certificate_bag = sequence(oid("1.2.840.113549.1.12.10.1.3"), explicit(0, bag))
    return _pfx(sequence(_data(sequence(key_bag)), _data(sequence(certificate_bag))), password, draw.randbytes(8))


def pkcs12_shrouded(draw: random.Random, password: str) -> bytes:
    """The key encrypted by PBES2 under ``password``, the certificate in clear."""
    private = keys.rsa_key(draw)
    lines = keys.encrypted_pem(private, password.encode(), draw).split(b"\n")[1:-2]
    import base64

    shrouded = base64.b64decode(b"".join(lines))
    key_bag = sequence(oid("1.2.840.113549.1.12.10.1.2"), explicit(0, shrouded))
    return _pfx(sequence(_data(sequence(key_bag))), password, draw.randbytes(8))


def _data(content: bytes) -> bytes:
    return sequence(oid(DATA), explicit(0, octet_string(content)))


def _pfx(safe: bytes, password: str, salt: bytes) -> bytes:
    mac = hmac.new(_derived(password, salt), safe, "sha1").digest()
    digest = sequence(sequence(oid("1.3.14.3.2.26"), b"\x05\x00"), octet_string(mac))
    return sequence(integer(3), _data(safe), sequence(digest, octet_string(salt), integer(ROUNDS)))


def _derived(password: str, salt: bytes) -> bytes:
    """RFC 7292 appendix B.2 for a MAC key: one block of SHA-1 is enough for it."""
    block = 64
    secret = password.encode("utf-16-be") + b"\0\0"
    filled = [(part * (block // len(part) + 1))[: -(-len(part) // block) * block] for part in (salt, secret)]
    digest = hashlib.sha1(bytes([3]) * block + b"".join(filled)).digest()
    for _ in range(ROUNDS - 1):
        digest = hashlib.sha1(digest).digest()
    return digest


def jks(draw: random.Random, password: str) -> bytes:
    """A Java key store, version 2, with one private key and its certificate."""
    private = keys.rsa_key(draw)
    certificate = keys.certificate(private, "hl7-listener.example", draw.getrandbits(60)).public_bytes(Encoding.DER)
    sealed = _sealed(keys.pkcs8_der(private), password, draw.randbytes(20))
    entry = struct.pack(">I", 1) + _utf("listener") + struct.pack(">QI", 1_700_000_000_000, len(sealed)) + sealed
    chain = struct.pack(">I", 1) + _utf("X.509") + struct.pack(">I", len(certificate)) + certificate
    return _jks([entry + chain], password)


def trust_store(draw: random.Random, password: str) -> bytes:
    """A Java key store with certificates of others only."""
    certificate = keys.certificate(keys.rsa_key(draw), "hospital-ca.example", draw.getrandbits(60)).public_bytes(Encoding.DER)
    entry = struct.pack(">I", 2) + _utf("hospital-ca") + struct.pack(">Q", 1_700_000_000_000)
    return _jks([entry + _utf("X.509") + struct.pack(">I", len(certificate)) + certificate], password)


def _jks(entries: list[bytes], password: str) -> bytes:
    body = struct.pack(">III", 0xFEEDFEED, 2, len(entries)) + b"".join(entries)
    return body + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


def _utf(word: str) -> bytes:
    return struct.pack(">H", len(word)) + word.encode()


def _sealed(plain: bytes, password: str, salt: bytes) -> bytes:
    """JKS's own cipher: a stream of SHA-1 over password and the block before it, starting with the salt; a digest at the end."""
    secret = password.encode("utf-16-be")
    stream, block = b"", salt
    while len(stream) < len(plain):
        block = hashlib.sha1(secret + block).digest()
        stream += block
    hidden = bytes(left ^ right for left, right in zip(plain, stream, strict=False))
    protected = salt + hidden + hashlib.sha1(secret + plain).digest()
    return sequence(sequence(oid("1.3.6.1.4.1.42.2.17.1.1"), element(0x05, b"")), octet_string(protected))


MAKERS: dict[str, Callable[[random.Random, str], bytes]] = {
    "pkcs12": pkcs12,
    "pkcs12-shrouded": pkcs12_shrouded,
    "jks": jks,
    "jks-trust": trust_store,
}
