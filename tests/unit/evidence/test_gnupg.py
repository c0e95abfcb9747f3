"""GnuPG's key files, made here from public numbers that are no key of anybody."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from asepsis.evidence.protocols import sexp
from asepsis.evidence.protocols.public_keys import described
from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.keys.gnupg import GnupgReader
from asepsis.model.facts import Fact, PrivateKey
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import KEY, read_file

PATH = f"root/.gnupg/private-keys-v1.d/{'AB' * 20}.key"
N = b"\0" + bytes(b | 1 for b in b"".join(hashlib.sha256(bytes([i])).digest() for i in range(8))).replace(b"\0", b"\1")
N = b"\0\xc1" + N[2:]
E = b"\1\0\1"


def canonical(*parts: object) -> bytes:
    """A list in canonical form."""
    return b"(" + b"".join(part if isinstance(part, bytes) and part[:1] == b"(" else atom(part) for part in parts) + b")"


def atom(part: object) -> bytes:
    data = part if isinstance(part, bytes) else str(part).encode()
    return str(len(data)).encode() + b":" + data


RSA = canonical("private-key", canonical("rsa", canonical("n", N), canonical("e", E), canonical("d", b"secret-number")))
PROTECTED = canonical("protected-private-key", canonical("rsa", canonical("n", N), canonical("e", E), canonical("protected", "aes", b"sealed")))
CARD = canonical("shadowed-private-key", canonical("rsa", canonical("n", N), canonical("e", E), canonical("shadowed", "t1-v1", b"x")))
EXTENDED = b"Created: 20260101T000000\nKey: (private-key (rsa (n #" + N.hex().encode() + b"#)\n (e #010001#)\n (d #00AA#)))\nToken: -\n"
POINT = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()


def read(data: bytes) -> list[Fact]:
    return read_file(GnupgReader(), data, PATH)


def keys(data: bytes) -> list[tuple[str, int | None, bool, SecretForm]]:
    return [(key.algorithm, key.bits, key.encrypted, key.secret.form) for key in read(data) if isinstance(key, PrivateKey)]


def test_ordinary() -> None:
    assert keys(RSA) == [("RSA", 2048, False, SecretForm.CLEARTEXT)]


def test_its_digest_is_that_of_its_public_half() -> None:
    public = described(rsa.RSAPublicNumbers(65537, int.from_bytes(N, "big")).public_key())
    (key,) = read(RSA)
    assert isinstance(key, PrivateKey)
    assert key.secret.digest == KEY.redact(SecretKind.KEY, SecretForm.CLEARTEXT, public.identity).digest


def test_the_form_with_names_holds_the_same_key() -> None:
    (first,), (second,) = read(RSA), read(EXTENDED)
    assert first == second


def test_a_key_under_a_passphrase_is_sealed_and_one_on_a_card_is_none() -> None:
    assert keys(PROTECTED) == [("RSA", 2048, True, SecretForm.SEALED)]
    assert keys(CARD) == []


def test_smallest_a_point_of_a_curve() -> None:
    point = b"\x40" + POINT.public_bytes_raw()
    data = canonical("private-key", canonical("ecc", canonical("curve", "Ed25519"), canonical("flags", "eddsa"), canonical("q", point)))
    assert keys(data) == [("Ed25519", 256, False, SecretForm.CLEARTEXT)]


@pytest.mark.parametrize("data", [RSA[:-9], RSA[:40], b"Key: (private-key", b"(11:private-key(3:rsa))", b"(11:private-key(3:rsa(1:n9999:a)))"])
def test_truncated_and_corrupt(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


def test_very_deep_and_very_many_entries_come_to_an_end() -> None:
    assert sexp.parse(b"(" * 100_000) is None
    assert sexp.parse(b"(" + b"1:a" * 100_000 + b")") is None


def test_no_secret_number_is_said() -> None:
    assert "secret-number" not in repr(read(RSA))
