"""Private keys in the encodings that devices keep them in. No I/O. What ``cryptography`` cannot parse is no key.

Its own check of RSA numbers takes half a minute for the longest keys, so they are multiplied here instead.
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key, load_ssh_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509 import InvalidVersion

from asepsis.evidence.protocols import der
from asepsis.evidence.protocols.passphrases import Tries, said
from asepsis.evidence.protocols.public_keys import PublicKey, described, length_of, ssh_public, strings


@dataclass(frozen=True, slots=True)
class Key:
    """A private key: ``identity`` is its public key (SubjectPublicKeyInfo, DER) or, sealed so that not even that can be seen, its bytes.

    ``opened_by`` says what kind of password opened an encrypted one.
    """

    algorithm: str
    bits: int | None
    encoding: str
    encrypted: bool
    identity: bytes
    opened_by: str = ""


Load = Callable[..., PrivateKeyTypes]
"""A loader of ``cryptography``: data, password, unsafe_skip_rsa_key_validation."""

_END = re.compile(rb"-----END [A-Z ]*PRIVATE KEY-----")
_BETWEEN = re.compile(rb"([\"'`])[^\"'`]{0,60}\1")
"""From the end of one text of a program to the start of the next: ``" +``, ``", "``, ``" & vbLf & _``, ``" << "``."""
_QUOTES = re.compile(rb"&#(?:10|13|x0?[aAdD]);|[\s\"'`\\,;]")
_RUN = re.compile(rb"[A-Za-z0-9+/]{64,}")
_MAGIC = b"openssh-key-v1\0"
_HEADERS = re.compile(rb"(?:\A|\n)(?:Proc-Type|DEK-Info|Comment|X-[\w-]+):[^\n]*")
_LEAST_SEALED = 48
"""Bytes of the smallest encrypted key, of Ed25519; checks of passwords have this form and are shorter."""
_NAMES = {"RSA ": "RSA", "DSA ": "DSA", "EC ": "EC", "ENCRYPTED ": "unknown", "OPENSSH ": "unknown"}


def parse(pattern: str, data: bytes, tries: Tries | None = None) -> Key | None:
    """The key that begins with ``data``, or None. ``pattern`` says which encoding was recognised, ``tries`` what may be spent on passphrases."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weak keys are what we look for; the library warns of them
        return _PARSERS.get(pattern, _der)(data, tries or Tries())


def _pem(data: bytes, tries: Tries) -> Key | None:
    end = _END.search(data)
    if not end:
        return None
    first, _, body = data[: end.start()].partition(b"-----BEGIN ")[2].partition(b"-----")
    kind = first.decode("ascii").removesuffix("PRIVATE KEY")
    lines = _BETWEEN.sub(b"", body).replace(b"\r\n", b"\n").replace(b"\\r", b"").replace(b"\\n", b"\n")
    headers = _HEADERS.findall(lines)
    raw = _unarmoured(_HEADERS.sub(b"", lines))
    if not raw:
        return None
    if kind == "OPENSSH " or raw.startswith(_MAGIC):
        return _openssh(raw)
    if kind == "ENCRYPTED " or any(b"ENCRYPTED" in header for header in headers):
        return sealed("pem", load_pem_private_key, _rewrapped(first, raw, headers), _NAMES.get(kind, "unknown"), tries, raw)
    return loaded("pem", load_pem_private_key, _rewrapped(first, raw))


def _unarmoured(text: bytes) -> bytes:
    """The bytes of base64 that a programming language may have put into quotes, line by line."""
    plain = _QUOTES.sub(b"", text)
    try:
        return base64.b64decode(plain, validate=True)
    except binascii.Error:
        return b""


def _pem_in_base64(data: bytes, tries: Tries) -> Key | None:
    """A PEM file in base64 once more: kubeconfig, cloud-init, JSON."""
    text = _RUN.match(data)
    return _pem(base64.b64decode(text.group()[: len(text.group()) // 4 * 4]), tries) if text else None


def _der_in_base64(data: bytes, tries: Tries) -> Key | None:
    """A key in base64 without armour, over as many lines as its own length asks for."""
    text = _RUN.match(_QUOTES.sub(b"", _BETWEEN.sub(b"", data)))
    if not text:
        return None
    whole = text.group() if len(text.group()) % 4 != 1 else text.group()[:-1]
    return _der(base64.b64decode(whole + b"=" * (-len(whole) % 4)), tries)


def _rewrapped(kind: bytes, raw: bytes, headers: Sequence[bytes] = ()) -> bytes:
    """Clean armour: what a config file or a C string did to the line ends is undone."""
    text = base64.b64encode(raw)
    lines = b"\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    head = b"".join(header.strip() + b"\n" for header in headers) + b"\n" * bool(headers)
    return b"-----BEGIN " + kind + b"-----\n" + head + lines + b"\n-----END " + kind + b"-----\n"


def _openssh(raw: bytes) -> Key | None:
    """OpenSSH's PROTOCOL.key: cipher, kdf, options, count, public key, private part. An encrypted one still shows its public key."""
    if not raw.startswith(_MAGIC):
        return None
    try:
        parts = strings(raw[len(_MAGIC) :])
        cipher, _, _ = next(parts), next(parts), next(parts)
    except StopIteration:
        return None
    if cipher == b"none":
        return loaded("openssh", load_ssh_private_key, _rewrapped(b"OPENSSH PRIVATE KEY", raw))
    blob = next(strings(raw[len(_MAGIC) + length_of(raw[len(_MAGIC) :], 3) + 4 :]), b"")
    public = ssh_public(blob)
    return key_of(public, "openssh", encrypted=True) if public else None


def key_of(public: PublicKey, encoding: str, *, encrypted: bool = False) -> Key:
    """A private key by its public half."""
    return Key(public.algorithm, public.bits, encoding, encrypted, public.identity)


def _der(data: bytes, _tries: Tries) -> Key | None:
    length = der.size(data)
    return loaded("der", load_der_private_key, data[:length]) if length else None


def _sealed_der(data: bytes, tries: Tries) -> Key | None:
    """EncryptedPrivateKeyInfo (PKCS#8, RFC 5958): the algorithm, then an OCTET STRING, and nothing else."""
    outer = der.element(data)
    parts = list(der.children(data, outer)) if outer else []
    if not outer or [part.tag for part in parts] != [der.SEQUENCE, der.OCTETS] or parts[-1].end != outer.end:
        return None
    if parts[-1].end - parts[-1].start < _LEAST_SEALED:
        return None
    return sealed("der", load_der_private_key, data[: outer.end], "unknown", tries)


def sealed(encoding: str, load: Load, data: bytes, algorithm: str, tries: Tries, raw: bytes = b"") -> Key:
    """A key under a passphrase, with everything that can be seen of it if it is one of the usual ones."""
    for password in tries.at(der.derivation_cost(raw or data)):
        key = loaded(encoding, load, data, password.encode())
        if key:
            return replace(key, encrypted=True, opened_by=said(password))
    return Key(algorithm, None, encoding, True, raw or data)


def loaded(encoding: str, load: Load, data: bytes, password: bytes | None = None) -> Key | None:
    """The key that ``load`` of ``cryptography`` makes of ``data``, if its parts belong together."""
    try:
        key = load(data, password=password, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm, OverflowError):
        return None
    if isinstance(key, rsa.RSAPrivateKey):
        own = key.private_numbers()
        if not belongs_together(own.public_numbers.n, own.public_numbers.e, own.d, (own.p, own.q)):
            return None
    return key_of(described(key.public_key()), encoding)


def belongs_together(n: int, e: int, d: int, primes: tuple[int, int]) -> bool:
    """The factors make the modulus, and the private exponent undoes the public one (RFC 8017, 3.2)."""
    p, q = primes
    return min(p, q) > 1 and p * q == n and all(e * d % (prime - 1) == 1 for prime in primes)


def of_store_without_password(data: bytes, tries: Tries) -> Key | None:
    """The key of a PKCS#12 store (RFC 7292) under an empty password, which its bags alone cannot be tried with; None if it has another one.

    It has no identity if the store opens and the library then stumbles over a certificate in it.
    """
    outer = der.element(data)
    parts = list(der.children(data, outer)) if outer else []
    mac = list(der.children(data, parts[2])) if len(parts) > 2 else []  # noqa: PLR2004
    rounds = int.from_bytes(data[mac[2].start : mac[2].end], "big") if len(mac) > 2 else 1  # noqa: PLR2004
    if not outer or next(tries.at(der.derivation_cost(data) + rounds), None) is None:
        return None
    try:
        key = load_pkcs12(data[: outer.end], b"").key
    except InvalidVersion:  # raised of what is inside, so the password was right
        return Key("unknown", None, "pkcs12", True, b"", said(""))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return replace(key_of(described(key.public_key()), "pkcs12"), encrypted=True, opened_by=said("")) if key else None


_PARSERS: dict[str, Callable[[bytes, Tries], Key | None]] = {
    "pem": _pem,
    "pem-base64": _pem_in_base64,
    "der-base64": _der_in_base64,
    "pkcs8-sealed": _sealed_der,
}
"""Everything else is DER that ``cryptography`` tells apart by itself."""
