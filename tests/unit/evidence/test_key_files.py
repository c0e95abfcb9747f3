"""Keys and key stores of many programs, made here by script: each is found, told open from shut, and has the digest of its public half."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ed448, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols import keys
from asepsis.evidence.reader import Malformed, Sealed
from asepsis.evidence.readers import PATTERN_READERS
from asepsis.evidence.readers.keys.java_keystore import JavaKeystoreReader
from asepsis.model.facts import PrivateKey
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.made_keys import EC, ED, RSA
from tests.unit.evidence.reading import KEY, never, search, source_of
from tests.unit.evidence.test_private_keys import mpint, ssh_string

DSA = dsa.generate_private_key(1024)
PASSES = PatternPass([reader for reader in PATTERN_READERS if PrivateKey in reader.info.emits])
STRONG = "Zq7-known-secret-9"


def found(data: bytes, path: str = "opt/x") -> list[PrivateKey]:
    """What all readers of keys find together."""
    source, facts = source_of(data, path), []
    for reader, matches in PASSES.scan(source.buffer, never):
        reader.read_matches(source, matches, facts.append)
    return facts


def digest(key) -> str:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return KEY.redact(SecretKind.KEY, SecretForm.CLEARTEXT, public).digest


def state(key: PrivateKey) -> str:
    return "open" if not key.encrypted else "usual password" if key.opened_by else "shut"


# --- PuTTY and SSH 1 ---------------------------------------------------------------------------------------------------


def ppk(key, version: int, *, encryption: str = "none") -> bytes:
    name, blob = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[:2]
    halves = [blob[i : i + 64] for i in range(0, len(blob), 64)]
    stretched = b"Key-Derivation: Argon2id\r\nArgon2-Memory: 8192\r\nArgon2-Salt: 00ff\r\n" if version == 3 and encryption != "none" else b""
    head = b"PuTTY-User-Key-File-%d: %s\r\nEncryption: %s\r\nComment: service\r\nPublic-Lines: %d\r\n" % (
        version, name, encryption.encode(), len(halves),
    )  # fmt: skip
    body = b"\r\n".join(halves) + b"\r\n" + stretched
    return head + body + b"Private-Lines: 1\r\n" + base64.b64encode(b"\0\0\0\x20" + b"x" * 32) + b"\r\nPrivate-MAC: 00\r\n"


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("key", [RSA, EC, ED], ids=["rsa", "ec", "ed25519"])
def test_putty_keys_are_found_open_and_shut(version: int, key):
    for encryption, wanted in (("none", "open"), ("aes256-cbc", "shut")):
        (fact,) = found(b"\0" * 7 + ppk(key, version, encryption=encryption))
        assert (state(fact), fact.encoding, fact.purpose, fact.secret.digest) == (wanted, "putty", "ssh-user", digest(key))
        assert fact.where.offset == 7


def test_half_a_putty_key_is_none():
    whole = ppk(ED, 3)
    assert found(whole[: whole.index(b"Private-Lines")]) == []
    assert found(b"PuTTY-User-Key-File-3: %s\0Encryption: ") == []


def ssh1_number(number: int) -> bytes:
    return struct.pack(">H", number.bit_length()) + number.to_bytes((number.bit_length() + 7) // 8, "big")


@pytest.mark.parametrize(("cipher", "wanted"), [(0, "open"), (3, "shut")])
def test_an_ssh_1_key_is_found(cipher: int, wanted: str):
    numbers = RSA.public_key().public_numbers()
    head = b"SSH PRIVATE KEY FILE FORMAT 1.1\n\0" + bytes([cipher]) + b"\0\0\0\0" + struct.pack(">I", 1024)
    (fact,) = found(head + ssh1_number(numbers.n) + ssh1_number(numbers.e) + ssh_string(b"me") + b"rest", "etc/ssh_host_key")
    assert (state(fact), fact.encoding, fact.purpose, fact.secret.digest) == (wanted, "ssh1", "ssh-host", digest(RSA))


def test_the_first_line_of_ssh_1_alone_is_no_key():
    assert found(b"SSH PRIVATE KEY FILE FORMAT 1.1\n\0\0\0\0\0\0") == []


# --- dropbear ----------------------------------------------------------------------------------------------------------


def dropbear_keys() -> dict[str, tuple[object, bytes]]:
    curve, numbers = EC.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), DSA.private_numbers()
    parts = numbers.public_numbers.parameter_numbers
    return {
        "ecdsa": (
            EC,
            ssh_string(b"ecdsa-sha2-nistp256") + ssh_string(b"nistp256") + ssh_string(curve) + mpint(EC.private_numbers().private_value),
        ),
        "dss": (DSA, ssh_string(b"ssh-dss") + b"".join(map(mpint, (parts.p, parts.q, parts.g, numbers.public_numbers.y, numbers.x)))),
    }


@pytest.mark.parametrize("name", ["ecdsa", "dss"])
def test_older_and_newer_dropbear_keys_are_found(name: str):
    key, data = dropbear_keys()[name]
    (fact,) = found(data, f"etc/dropbear/dropbear_{name}_host_key")
    assert (state(fact), fact.encoding, fact.purpose, fact.secret.digest) == ("open", "dropbear", "ssh-host", digest(key))
    assert found(data[:-3] + b"\0\0\0") == []


# --- PEM and DER under passphrases -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize(("password", "wanted"), [("password", "usual password"), (STRONG, "shut")])
def test_a_passphrase_that_everybody_tries_protects_nothing(encoding: Encoding, password: str, wanted: str):
    (fact,) = found(b"\0\0" + RSA.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())))
    assert state(fact) == wanted
    assert (fact.secret.digest == digest(RSA)) is (wanted == "usual password")
    assert fact.secret.form is (SecretForm.RECOVERABLE if wanted == "usual password" else SecretForm.SEALED)


def test_no_passphrase_is_tried_where_a_try_costs_too_much():
    data = RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"password"))
    at = data.index(b"\x02\x02\x08\x00")  # 2,048 iterations
    (fact,) = found(data[:at] + b"\x02\x04\x7f\xff\xff\xff" + data[at + 4 :]) or [None]
    assert fact is None or state(fact) == "shut"


def test_keys_of_every_modern_curve_are_found():
    for key in (ed448.Ed448PrivateKey.generate(), x25519.X25519PrivateKey.generate(), ED, EC):
        (fact,) = found(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        assert fact.secret.digest == digest(key)


def test_a_bare_elliptic_key_is_found():
    (fact,) = found(b"\x7fELF" + EC.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    assert (fact.algorithm, fact.where.offset, fact.secret.digest) == ("EC", 4, digest(EC))


PEM = RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "data",
    [
        b"client-key-data: " + base64.b64encode(PEM) + b"\n",
        b"\n".join(b'"' + line + b'\\n"' for line in PEM.splitlines()),
        json.dumps({"key": PEM.decode()}).encode(),
    ],
    ids=["base64 of a PEM file", "C source", "JSON"],
)
def test_a_key_that_is_quoted_is_the_same_key(data: bytes):
    assert [fact.secret.digest for fact in found(data)] == [digest(RSA)]


# --- stores ------------------------------------------------------------------------------------------------------------


def certificate(key) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pump")])
    day = datetime(2020, 1, 1, tzinfo=UTC)
    draft = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    return draft.not_valid_before(day).not_valid_after(day.replace(year=2040)).sign(key, hashes.SHA256())


CERTIFICATE = certificate(RSA).public_bytes(Encoding.DER)
NEGATIVE = CERTIFICATE.replace(b"\xa0\x03\x02\x01\x02\x02\x01\x07", b"\xa0\x03\x02\x01\x02\x02\x01\x87")
"""Its serial number is negative (RFC 5280, 4.1.2.2)."""


@pytest.mark.parametrize(("password", "wanted"), [("changeit", "usual password"), (STRONG, "shut")])
def test_a_pkcs_12_store_is_as_safe_as_its_password(password: str, wanted: str):
    locked = BestAvailableEncryption(password.encode())
    (fact,) = found(serialize_key_and_certificates(b"pump", RSA, certificate(RSA), None, locked), "etc/pump.p12")
    assert (state(fact), fact.encoding, fact.purpose) == (wanted, "pkcs12", "tls")
    assert (fact.secret.digest == digest(RSA)) is (wanted == "usual password")


def test_a_pkcs_12_store_without_encryption_is_open():
    (fact,) = found(serialize_key_and_certificates(b"pump", RSA, certificate(RSA), None, NoEncryption()), "etc/pump.p12")
    assert (state(fact), fact.secret.digest) == ("open", digest(RSA))


def java_text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


def block(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def sun_sealed(plain: bytes, password: str) -> bytes:
    """As OpenJDK's KeyProtector does it: salt, key under a stream of SHA-1, check."""
    secret, part, stream = password.encode("utf-16-be"), b"s" * 20, b""
    while len(stream) < len(plain):
        part = hashlib.sha1(secret + part).digest()
        stream += part
    kept = b"s" * 20 + bytes(a ^ b for a, b in zip(plain, stream, strict=False)) + hashlib.sha1(secret + plain).digest()
    octets = b"\x04\x82" + struct.pack(">H", len(kept)) + kept
    inner = bytes.fromhex("300e060a2b060104012a021101010500") + octets
    return b"\x30\x82" + struct.pack(">H", len(inner)) + inner


def jks(password: str, key_password: str, *, magic: bytes = b"\xfe\xed\xfe\xed", private: bool = True) -> bytes:
    plain = RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    chain = struct.pack(">I", 1) + java_text("X.509") + block(CERTIFICATE)
    trusted = struct.pack(">I", 2) + java_text("ca") + b"\0" * 8 + java_text("X.509") + block(CERTIFICATE)
    own = struct.pack(">I", 1) + java_text("pump") + b"\0" * 8 + block(sun_sealed(plain, key_password)) + chain
    body = magic + struct.pack(">II", 2, 1 + private) + trusted + own * private
    return body + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


@pytest.mark.parametrize(
    ("password", "key_password", "wanted"),
    [("changeit", "changeit", "usual password"), (STRONG, STRONG, "shut"), ("changeit", STRONG, "shut")],
)
def test_a_java_store_is_as_safe_as_its_passwords_and_always_says_whose_it_is(password: str, key_password: str, wanted: str):
    (fact,) = found(b"\0\0\0" + jks(password, key_password) + b"\0")
    assert (state(fact), fact.encoding, fact.purpose, fact.secret.digest, fact.where.offset) == (wanted, "jks", "tls", digest(RSA), 3)


def test_a_store_of_newer_java_is_read_alike():
    (fact,) = found(jks("changeit", "changeit", magic=b"\xce\xce\xce\xce"))
    assert (state(fact), fact.encoding) == ("usual password", "jceks")


SECRET_OBJECT = b"\xac\xed\x00\x05sr\x00\x33com.sun.crypto.provider.SealedObjectForKeyProtector" + bytes(range(200))


def test_a_secret_key_hides_no_private_key_behind_it():
    secret = struct.pack(">I", 3) + java_text("aes") + b"\0" * 8 + SECRET_OBJECT
    whole = jks("changeit", "changeit", magic=b"\xce\xce\xce\xce")
    body = whole[:8] + struct.pack(">I", 4) + secret + secret + whole[12:-20]
    (fact,) = found(body + hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest())
    assert (state(fact), fact.encoding, fact.secret.digest) == ("usual password", "jceks", digest(RSA))


def test_a_secret_key_whose_end_cannot_be_told_is_said():
    body = b"\xce\xce\xce\xce" + struct.pack(">II", 2, 2) + struct.pack(">I", 3) + java_text("aes") + b"\0" * 8 + SECRET_OBJECT
    with pytest.raises(Malformed):
        search(JavaKeystoreReader(), body + bytes(20))


@pytest.mark.parametrize(
    "head", [struct.pack(">I", 2) + block(bytes(20)) + struct.pack(">I", 1500), bytes.fromhex("308209 fe308209c0 3081b606092a864886f70d01050d")]
)
def test_a_store_that_is_encrypted_as_a_whole_is_said_not_to_be_read(head: bytes):
    with pytest.raises(Sealed):
        search(JavaKeystoreReader(), head + b"\xa7" * 400, "opt/app/pump.bks")
    assert search(JavaKeystoreReader(), head + b"\xa7" * 400, "opt/app/pump.dat") == []


def test_a_certificate_of_a_version_that_does_not_exist_hides_no_key():
    odd = jks("changeit", "changeit").replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x76")
    assert [fact.encoding for fact in found(odd)] == ["jks"]


def test_a_certificate_of_a_version_that_does_not_exist_makes_no_open_store_a_shut_one(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise x509.InvalidVersion("118 is not a valid X509 version", 118)  # only after the password was found to be right

    monkeypatch.setattr(keys, "load_pkcs12", refuse)
    locked = BestAvailableEncryption(STRONG.encode())
    (fact,) = found(serialize_key_and_certificates(b"pump", RSA, certificate(RSA), None, locked), "etc/pump.p12")
    assert (state(fact), fact.encoding, fact.opened_by) == ("usual password", "pkcs12", "an empty password")


def test_what_the_library_warns_of_in_a_store_of_java_is_no_noise():
    assert [fact.encoding for fact in found(jks("changeit", "changeit").replace(CERTIFICATE, NEGATIVE))] == ["jks"]


def test_a_store_of_trusted_certificates_holds_no_key():
    assert found(jks("changeit", "", private=False), "etc/ssl/certs/java/cacerts") == []


def test_a_java_store_that_ends_early_says_so_after_what_it_held():
    with pytest.raises(Malformed):
        search(JavaKeystoreReader(), jks("changeit", "changeit")[:700])


def bks(password: str, version: int) -> bytes:
    salt, rounds = bytes(range(20)), 1024
    chain = struct.pack(">I", 1) + java_text("X.509") + block(CERTIFICATE)
    body = b"\4" + java_text("pump") + b"\0" * 8 + chain + block(b"sealed") + b"\0"
    repeated = (password.encode("utf-16-be") + b"\0\0") * 64
    secret = repeated[: -(-(len(repeated) // 64) // 64) * 64]
    part = hashlib.sha1(b"\3" * 64 + (salt * 4)[:64] + secret).digest()
    for _ in range(rounds - 1):
        part = hashlib.sha1(part).digest()
    return struct.pack(">I", version) + block(salt) + struct.pack(">I", rounds) + body + hmac.digest(part[: 2 if version == 1 else 20], body, "sha1")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("password", "wanted"), [("changeit", "usual password"), (STRONG, "shut")])
def test_a_bouncy_castle_store_is_as_safe_as_its_password(version: int, password: str, wanted: str):
    (fact,) = found(bks(password, version))
    assert (state(fact), fact.encoding, fact.secret.digest) == (wanted, "bks", digest(RSA))


# --- OpenPGP -----------------------------------------------------------------------------------------------------------


def pgp_number(number: int) -> bytes:
    return struct.pack(">H", number.bit_length()) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def pgp_packet(protection: bytes) -> bytes:
    numbers = RSA.public_key().public_numbers()
    body = b"\4" + b"date" + b"\1" + pgp_number(numbers.n) + pgp_number(numbers.e) + protection
    return b"\x95" + struct.pack(">H", len(body)) + body


PROTECTED = b"\xfe\x09\x03\x08" + b"salt1234" + b"\x60" + b"iv" * 8 + b"sealed"
STUB = b"\xff\x00\x65\x00GNU\x01"


def armour(data: bytes) -> bytes:
    text = base64.encodebytes(data)
    return b"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n" + text + b"=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n"


@pytest.mark.parametrize(("protection", "wanted"), [(b"\0" + pgp_number(7) * 4 + b"\0\0", "open"), (PROTECTED, "shut")])
def test_an_openpgp_key_is_found_in_armour_and_as_a_file(protection: bytes, wanted: str):
    for data in (pgp_packet(protection), b"text\n" + armour(pgp_packet(protection))):
        (fact,) = found(data)
        assert (state(fact), fact.encoding, fact.secret.digest) == (wanted, "openpgp", digest(RSA))


def test_a_key_on_a_card_is_no_key_and_one_beside_it_counts():
    assert found(pgp_packet(STUB)) == []
    (fact,) = found(armour(pgp_packet(STUB) + pgp_packet(b"\0" + pgp_number(7) * 4 + b"\0\0")))
    assert state(fact) == "open"


def test_packets_in_the_middle_of_a_file_are_no_key_file():
    assert found(b"\0" + pgp_packet(PROTECTED)) == []


# --- JSON and Windows --------------------------------------------------------------------------------------------------


def b64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")


def jwks() -> dict[str, tuple[object, dict[str, str]]]:
    own, curve = RSA.private_numbers(), EC.private_numbers()
    raw = base64.urlsafe_b64encode(ED.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())).decode().rstrip("=")
    public = base64.urlsafe_b64encode(ED.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode().rstrip("=")
    numbers = {"n": own.public_numbers.n, "e": own.public_numbers.e, "d": own.d, "p": own.p, "q": own.q}
    return {
        "RSA": (RSA, {"kty": "RSA", **{name: b64url(value) for name, value in numbers.items()}}),
        "EC": (
            EC,
            {"kty": "EC", "crv": "P-256", "x": b64url(curve.public_numbers.x), "y": b64url(curve.public_numbers.y), "d": b64url(curve.private_value)},
        ),
        "OKP": (ED, {"kty": "OKP", "crv": "Ed25519", "x": public, "d": raw}),
    }


@pytest.mark.parametrize("name", ["RSA", "EC", "OKP"])
def test_a_json_web_key_is_found_where_it_has_its_private_half(name: str):
    key, parts = jwks()[name]
    text = json.dumps({"keys": [{"kid": "1", **parts, "use": "sig"}]}, indent=1).encode()
    (fact,) = found(text)
    assert (state(fact), fact.encoding, fact.secret.digest) == ("open", "jwk", digest(key))
    assert found(json.dumps({name: value for name, value in parts.items() if name != "d"}).encode()) == []
    assert found(json.dumps({**parts, "d": parts["d"][:-4] + "AAAA"}).encode()) == []


def test_a_json_web_key_without_factors_is_checked_by_its_exponents():
    key, parts = jwks()["RSA"]
    text = json.dumps({name: value for name, value in parts.items() if name not in "pq"}).encode()
    assert [fact.secret.digest for fact in found(text)] == [digest(key)]


def windows_blob() -> bytes:
    own = RSA.private_numbers()
    halves = b"".join(number.to_bytes(64, "little") for number in (own.p, own.q, own.dmp1, own.dmq1, own.iqmp))
    head = b"\x07\x02\0\0\0\xa4\0\0RSA2" + struct.pack("<II", 1024, own.public_numbers.e)
    return head + own.public_numbers.n.to_bytes(128, "little") + halves + own.d.to_bytes(128, "little")


def windows_xml(*, private: bool) -> bytes:
    own = RSA.private_numbers()
    numbers = {"Modulus": own.public_numbers.n, "Exponent": own.public_numbers.e, **({"P": own.p, "Q": own.q, "D": own.d} if private else {})}
    parts = (
        f"<{name}>{base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8, 'big')).decode()}</{name}>" for name, number in numbers.items()
    )
    return f"<RSAKeyValue>{''.join(parts)}</RSAKeyValue>".encode()


def test_keys_of_windows_programs_are_found():
    for data in (b"\0" + windows_blob(), b"<config>" + windows_xml(private=True)):
        (fact,) = found(data)
        assert (state(fact), fact.encoding, fact.secret.digest) == ("open", "windows", digest(RSA))


def test_public_and_broken_keys_of_windows_programs_stay_silent():
    assert found(windows_xml(private=False)) == []
    assert found(windows_blob()[:-1] + b"\xff") == []
    assert found(windows_blob()[:300]) == []


def small_sealed(length: int) -> bytes:
    """PBES1 with MD5 and DES around ``length`` bytes, as PKCS#8 has it (RFC 5958)."""
    algorithm = bytes.fromhex("301b06092a864886f70d010503300e0408") + b"saltsalt" + bytes.fromhex("02020800")
    sealed = b"\x04" + bytes([length]) + b"x" * length if length < 128 else b"\x04\x81" + bytes([length]) + b"x" * length
    return b"\x30\x81" + bytes([len(algorithm) + len(sealed)]) + algorithm + sealed


def test_what_is_shorter_than_any_encrypted_key_is_none():
    assert [state(fact) for fact in found(b"\0" + small_sealed(200) + b"\0")] == ["shut"]
    assert found(b"\0" + small_sealed(40) + small_sealed(100)[:-100] + b"\0") == []


def test_the_numbers_in_a_store_of_nss_are_no_keys_of_their_own():
    database = b"SQLite format 3\0" + bytes(100) + b"CREATE TABLE nssPrivate (id, a0)" + bytes(300) + small_sealed(160)
    assert found(database, "home/a/.mozilla/firefox/x/key4.db") == []
    assert [state(fact) for fact in found(database.replace(b"nssPrivate", b"mssPrivate"), "opt/x.db")] == ["shut"]
