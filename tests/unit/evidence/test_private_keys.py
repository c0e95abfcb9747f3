"""Private keys, made here for each test, in every encoding that devices use."""

from __future__ import annotations

import base64
import hashlib
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from asepsis.evidence.protocols import test_keys
from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader
from asepsis.model.facts import Confidence, PrivateKey
from asepsis.model.secret import SecretForm
from tests.unit.evidence.made_keys import EC, ED, RSA
from tests.unit.evidence.reading import search

PLAIN = NoEncryption()


def found(data: bytes, path: str = "etc/x") -> list[PrivateKey]:
    return [fact for fact in search(PrivateKeysReader(), data, path) if isinstance(fact, PrivateKey)]


def ssh_string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def mpint(number: int) -> bytes:
    return ssh_string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def dropbear_rsa(key: rsa.RSAPrivateKey) -> bytes:
    numbers = key.private_numbers()
    parts = (numbers.public_numbers.e, numbers.public_numbers.n, numbers.d, numbers.p, numbers.q)
    return ssh_string(b"ssh-rsa") + b"".join(map(mpint, parts))


def public_of(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


RSA_ENCODINGS = {
    "pem pkcs1": RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, PLAIN),
    "pem pkcs8": RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN),
    "der pkcs1": RSA.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, PLAIN),
    "der pkcs8": RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, PLAIN),
    "openssh": RSA.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN),
    "dropbear": dropbear_rsa(RSA),
}


@pytest.mark.parametrize("name", RSA_ENCODINGS)
def test_an_rsa_key_is_found_alone_and_inside_a_program(name: str):
    data = RSA_ENCODINGS[name]
    for place in (0, 4097):
        (key,) = found(b"\x7f" * place + data + b"\n\0\0")
        assert (key.algorithm, key.bits, key.encrypted, key.encoding) == ("RSA", 1024, False, name.partition(" ")[0])
        assert key.where.offset == place
        assert key.secret.form is SecretForm.CLEARTEXT


IN_PROGRAMS = {
    "C": ('"', '\\n"\n  "', '\\n";'),
    "Java": ('"', '\\n" +\n    "', '";'),
    "Visual Basic": ('"', '" & vbCrLf & _\n  "', '"'),
    "PHP": ("'", "'\n . '", "';"),
    "a list": ("'", "', '", "']"),
    "JSON": ('{"key": "', "\\n", '\\n"}'),
    "JSON in a text": ('"{\\"key\\": \\"', "\\\\n", '\\"}"'),
    "XML": ("<key>", "&#10;", "</key>"),
}
"""What stands before, between and after the lines of a key."""


@pytest.mark.parametrize("language", IN_PROGRAMS)
@pytest.mark.parametrize("name", ["pem pkcs1", "openssh"])
def test_a_key_in_the_texts_of_a_program_is_found(language: str, name: str):
    before, between, after = IN_PROGRAMS[language]
    text = before + between.join(RSA_ENCODINGS[name].decode().splitlines()) + after
    assert [key.secret.digest for key in found(text.encode(), "opt/app/main")] == [found(RSA_ENCODINGS[name])[0].secret.digest]


def test_openssh_s_form_under_another_name_is_found():
    text = RSA_ENCODINGS["openssh"].replace(b"OPENSSH", b"RSA")
    assert [key.encoding for key in found(text)] == ["openssh"]


@pytest.mark.parametrize("layout", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
@pytest.mark.parametrize("key", [RSA, EC, ED], ids=["RSA", "EC", "Ed25519"])
def test_a_key_in_base64_without_armour_is_found(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, layout: PrivateFormat
):
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8 if key is ED else layout, PLAIN)
    expected = [one.secret.digest for one in found(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN))]
    lines = base64.encodebytes(raw).decode()
    for text in (f'{{"key": "{base64.b64encode(raw).decode()}", "x": 1}}', f"<key>\n  {lines}</key>", '"' + '" +\n  "'.join(lines.split()) + '";'):
        assert [one.secret.digest for one in found(text.encode(), "opt/app/main")] == expected
    assert found(base64.b64encode(raw[:-9]), "opt/app/main") == []


def test_the_same_key_has_the_same_digest_in_every_encoding():
    digests = {found(data)[0].secret.digest for data in RSA_ENCODINGS.values()}
    assert len(digests) == 1
    assert found(EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN))[0].secret.digest not in digests


def test_a_file_of_one_key_in_two_encodings_holds_one_key():
    assert len(found(RSA_ENCODINGS["pem pkcs1"] + RSA_ENCODINGS["openssh"])) == 1


@pytest.mark.parametrize("layout", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8, PrivateFormat.OpenSSH])
def test_an_elliptic_key_is_found(layout: PrivateFormat):
    (key,) = found(EC.private_bytes(Encoding.PEM, layout, PLAIN))
    assert (key.algorithm, key.bits) == ("EC", 256)


def test_an_ed25519_key_is_found_in_openssh_and_dropbear_form():
    raw = ED.private_bytes(Encoding.Raw, PrivateFormat.Raw, PLAIN) + public_of(ED)
    dropbear = ssh_string(b"ssh-ed25519") + ssh_string(raw)
    (first,), (second,) = found(ED.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN)), found(dropbear)
    assert (first.algorithm, first.encoding, second.encoding) == ("Ed25519", "openssh", "dropbear")
    assert first.secret.digest == second.secret.digest


def test_encrypted_keys_are_sealed():
    locked = BestAvailableEncryption(b"a passphrase")
    old = (
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
        + base64.encodebytes(bytes(range(256)))
        + b"-----END RSA PRIVATE KEY-----\n"
    )
    for data, encoding in (
        (RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked), "pem"),
        (old, "pem"),
    ):
        (key,) = found(data)
        assert (key.encrypted, key.encoding, key.secret.form) == (True, encoding, SecretForm.SEALED)


def test_an_encrypted_openssh_key_still_shows_whose_it_is():
    public = ssh_string(b"ssh-ed25519") + ssh_string(public_of(ED))
    body = b"openssh-key-v1\0" + ssh_string(b"aes256-ctr") + ssh_string(b"bcrypt") + ssh_string(b"salt") + struct.pack(">I", 1)
    armour = (
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n"
        + base64.encodebytes(body + ssh_string(public) + ssh_string(b"sealed"))
        + b"-----END OPENSSH PRIVATE KEY-----\n"
    )
    (sealed,), (plain,) = found(armour), found(ED.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN))
    assert (sealed.encrypted, sealed.algorithm, sealed.secret.form) == (True, "Ed25519", SecretForm.SEALED)
    assert sealed.secret.digest == plain.secret.digest


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA not base64 at all!\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----\0%s: bad key\0",
        RSA_ENCODINGS["pem pkcs1"][:-100],
        RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        RSA.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        ssh_string(b"ssh-rsa") + mpint(65537) + mpint(RSA.public_key().public_numbers().n),
        ssh_string(b"ssh-rsa") + mpint(65537) + mpint(RSA.public_key().public_numbers().n) + mpint(12345),
        RSA_ENCODINGS["der pkcs1"][:200],
    ],
    ids=[
        "empty armour",
        "rubbish",
        "text of a program",
        "cut short",
        "public pem",
        "public openssh",
        "public in ssh form",
        "wrong private part",
        "der cut short",
    ],
)
def test_what_only_looks_like_a_private_key_stays_silent(data: bytes):
    assert found(data) == []


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("etc/ssh/ssh_host_rsa_key", "ssh-host"),
        ("etc/dropbear/dropbear_rsa_host_key", "ssh-host"),
        ("root/.ssh/id_rsa", "ssh-user"),
        ("etc/lighttpd/server.pem", "tls"),
        ("bin/pump", "unknown"),
    ],
)
def test_the_purpose_comes_from_the_place(path: str, purpose: str):
    (key,) = found(RSA_ENCODINGS["pem pkcs1"], path)
    assert key.purpose == purpose


def test_a_key_of_a_test_suite_is_a_weak_witness():
    (key,) = found(RSA_ENCODINGS["pem pkcs1"], "lib/python3.11/test/certdata/ssl_key.pem")
    assert key.confidence is Confidence.WEAK
    assert found(RSA_ENCODINGS["pem pkcs1"], "etc/ssl/device.pem")[0].confidence is Confidence.CONFIRMED


def test_a_key_that_everybody_has_is_called_so(monkeypatch: pytest.MonkeyPatch):
    public = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert found(RSA_ENCODINGS["der pkcs1"])[0].public_test_key == ""
    monkeypatch.setitem(test_keys._KNOWN, hashlib.sha256(public).hexdigest(), "a test")
    assert {found(data)[0].public_test_key for data in RSA_ENCODINGS.values()} == {"a test"}


OPENSSL = Path("/usr/bin/openssl")


@pytest.mark.skipif(not OPENSSL.is_file() or b"OpenSSL 3.0." not in OPENSSL.read_bytes(), reason="there is no openssl program of 3.0 here")
def test_the_test_keys_in_the_openssl_program_are_all_known():
    keys = found(OPENSSL.read_bytes(), "usr/bin/openssl")
    assert [key for key in keys if not key.public_test_key] == []


@pytest.mark.parametrize("part", ["p", "d"])
def test_numbers_that_do_not_belong_together_are_no_key(part: str):
    length = {"p": 64, "d": 128}[part]
    number = getattr(RSA.private_numbers(), part).to_bytes(length, "big")
    wrong = (int.from_bytes(number, "big") ^ 2).to_bytes(length, "big")
    data = RSA_ENCODINGS["der pkcs1"]
    assert data.count(number) == 1
    assert found(data.replace(number, wrong)) == []


def test_a_key_written_with_carriage_returns_or_into_a_string_is_still_one():
    pem = RSA_ENCODINGS["pem pkcs1"]
    assert len(found(pem.replace(b"\n", b"\r\n"))) == 1
    assert len(found(b'char key[] = "' + pem.replace(b"\n", b"\\n") + b'";')) == 1
