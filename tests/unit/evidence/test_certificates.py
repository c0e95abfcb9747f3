"""Certificates, made here for each test: those of the device are read, lists of whom to trust stay silent."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader
from asepsis.evidence.readers.keys.certificates import CertificatesReader
from asepsis.model.facts import Certificate
from tests.unit.evidence.made_keys import EC as KEY
from tests.unit.evidence.made_keys import ED, RSA
from tests.unit.evidence.reading import search


def made(subject: str = "pump", issuer: str = "pump", *, key=KEY, authority: bool | None = None, signer=None) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) if name else x509.Name([]) for name in (subject, issuer)]
    day = datetime(2020, 1, 1, tzinfo=UTC)
    draft = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key()).serial_number(7)
    draft = draft.not_valid_before(day).not_valid_after(day.replace(year=2030, month=5))
    if authority is not None:
        draft = draft.add_extension(x509.BasicConstraints(authority, None), critical=True)
    signer = signer or key
    return draft.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def found(data: bytes, path: str = "etc/pump/cert.bin") -> list[Certificate]:
    return [fact for fact in search(CertificatesReader(), data, path) if isinstance(fact, Certificate)]


RSA_SHA256 = bytes.fromhex("2a864886f70d01010b")
OTHER = ec.generate_private_key(ec.SECP256R1())
PEM = made().public_bytes(Encoding.PEM)
DER = made().public_bytes(Encoding.DER)
ODD = DER.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x76")
ODD = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(ODD) + b"-----END CERTIFICATE-----\n"


def test_a_certificate_says_whose_it_is_and_until_when():
    (fact,) = found(b"text\n" + made("pump 7", "Maker CA", authority=False).public_bytes(Encoding.PEM))
    assert (fact.subject, fact.issuer, fact.not_after, fact.algorithm, fact.bits) == ("pump 7", "Maker CA", date(2030, 5, 1), "EC", 256)
    assert (fact.self_signed, fact.authority, fact.signature_hash, fact.where.offset) == (False, False, "sha256", 5)


def test_an_authority_that_signed_itself_is_called_so():
    (fact,) = found(made(authority=True).public_bytes(Encoding.PEM))
    assert (fact.self_signed, fact.authority) == (True, True)


@pytest.mark.parametrize(("key", "signer"), [(RSA, KEY), (KEY, RSA), (KEY, OTHER)], ids=["rsa-by-ec", "ec-by-rsa", "ec-by-ec"])
def test_one_that_another_key_signed_under_the_same_name_did_not_sign_itself(key, signer):
    (fact,) = found(made(key=key, signer=signer).public_bytes(Encoding.PEM))
    assert (fact.subject, fact.issuer, fact.self_signed) == ("pump", "pump", False)


@pytest.mark.parametrize("key", [RSA, KEY, ED], ids=["rsa", "ec", "ed"])
def test_one_that_its_own_key_signed_did(key):
    (fact,) = found(made(key=key).public_bytes(Encoding.PEM))
    assert fact.self_signed


def over_sha1(signer: rsa.RSAPrivateKey) -> bytes:
    """What the library makes no more: the certificate of ``RSA``, with SHA-1."""
    certificate = made(key=RSA).public_bytes(Encoding.DER).replace(RSA_SHA256, RSA_SHA256[:-1] + b"\x05")
    parsed = x509.load_der_x509_certificate(certificate)
    signature = signer.sign(parsed.tbs_certificate_bytes, padding.PKCS1v15(), hashes.SHA1())
    return x509.load_der_x509_certificate(certificate[: -len(signature)] + signature).public_bytes(Encoding.PEM)


def test_who_signed_over_sha1_is_computed_too():
    (own,) = found(over_sha1(RSA))
    (other,) = found(over_sha1(rsa.generate_private_key(65537, RSA.key_size)))
    assert (own.signature_hash, own.self_signed, other.signature_hash, other.self_signed) == ("sha1", True, "sha1", False)


def test_it_has_the_digest_of_its_private_key():
    private = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (key,) = search(PrivateKeysReader(), private)
    assert {fact.digest for data in (PEM, DER, PEM.replace(b"\n", b"\\n")) for fact in found(data)} == {key.secret.digest}


def test_a_signature_with_a_hash_in_its_scheme_is_called_by_the_scheme():
    (fact,) = found(made(key=ED).public_bytes(Encoding.PEM))
    assert (fact.algorithm, fact.signature_hash) == ("Ed25519", "ed25519")


@pytest.mark.parametrize(("last", "name"), [(11, "sha256"), (2, "md2"), (3, "md4"), (4, "md5"), (5, "sha1"), (0x63, "")])
def test_a_certificate_is_told_whatever_its_signature_is_made_over(last: int, name: str):
    signed = bytes.fromhex("2a864886f70d0101")  # PKCS #1 (RFC 8017), the last byte is the scheme
    data = made(key=RSA).public_bytes(Encoding.DER).replace(signed + b"\x0b", signed + bytes([last]))
    armour = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(data) + b"-----END CERTIFICATE-----\n"
    assert [fact.signature_hash for fact in found(armour)] == [name]


def test_a_nameless_certificate_has_no_name():
    assert [fact.subject for fact in found(made("", "").public_bytes(Encoding.PEM))] == [""]


@pytest.mark.parametrize(
    "path",
    [
        "etc/ssl/certs/ca-certificates.crt",
        "usr/share/ca-certificates/mozilla/A_Root.crt",
        "system/etc/security/cacerts/00673b5b.0",
        "usr/lib/python3/dist-packages/certifi/roots.pem",
        "usr/share/doc/stunnel/examples/cert.pem",
    ],
)
def test_where_only_authorities_or_examples_lie_nothing_is_told(path: str):
    assert found(PEM, path) == []


def test_a_chain_is_read_and_a_bundle_is_not():
    assert len(found(PEM * 8)) == 8
    assert found(PEM * 9) == []


@pytest.mark.parametrize(
    "data",
    [
        PEM[:200],
        b"-----BEGIN CERTIFICATE-----\0%s\0-----END CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        DER[:100],
        b"\0" + DER,
        DER[:8] + b"\xff" * 90 + DER[98:],
        ODD,
    ],
    ids=[
        "cut short",
        "text of a program",
        "no certificate",
        "DER cut short",
        "DER inside a file",
        "DER overwritten",
        "a version that does not exist",
    ],
)
def test_what_only_looks_like_a_certificate_stays_silent(data: bytes):
    assert found(data) == []
