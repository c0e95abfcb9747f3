"""A key as a fact: redacted, with its purpose by place, its form, and whether everybody has it. No I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.test_keys import test_key_of
from asepsis.guard.limits import KIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PrivateKey
from asepsis.model.secret import SecretForm, SecretKind

MAX_KEY = 24 * KIB
"""Bytes of one key: RSA with 16,384 bits in PEM is below 13 KiB."""

_HOST = re.compile(r"(?:^|/)(?:ssh_host_(?:\w+_)?key|dropbear_\w+_host_key|host_?key)\b|(?:^|/)etc/(?:ssh|dropbear)/", re.IGNORECASE)
_USER = re.compile(r"(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh/|authorized)|_id_(?:rsa|dsa|ecdsa|ed25519)|\.ppk$|(?:^|/)identity$", re.IGNORECASE)
_TLS = re.compile(
    r"(?:^|/)(?:ssl|tls|certs?|httpd|lighttpd|nginx|apache2?|uhttpd|mini_httpd|stunnel|www|openvpn|mosquitto)\b"
    r"|\.(?:pem|crt|key|p12|pfx|jks|jceks|bks|keystore)$",
    re.IGNORECASE,
)
_STORES = frozenset({"jks", "jceks", "bks", "pkcs12"})


Candidate = tuple[str, int]
"""The name of a pattern, and where it was seen."""


def found_keys(
    source: BoundedSource, candidates: Iterable[Candidate], parse: Callable[[str, bytes], Key | None], most: int = MAX_KEY
) -> Iterator[PrivateKey]:
    """Each key of a file once, however many encodings of it overlap; ``parse`` gets a pattern's name and at most ``most`` bytes."""
    seen: set[bytes] = set()
    for name, start in candidates:
        key = parse(name, bytes(source.window(start, min(most, source.size - start)).buffer))
        found = fact(source, key, start) if key and key.identity not in seen else None
        if key and found:
            seen.add(key.identity)
            yield found


def fact(source: BoundedSource, key: Key, offset: int) -> PrivateKey | None:
    """The key that begins at ``offset``; None for one that neither opens anything nor is news: encrypted, in documentation."""
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    sealed = key.encrypted and not key.opened_by
    if confidence is Confidence.WEAK and sealed:
        return None
    form = SecretForm.SEALED if sealed else SecretForm.RECOVERABLE if key.encrypted else SecretForm.CLEARTEXT
    return PrivateKey(
        source.where(offset=offset),
        key.algorithm,
        key.bits,
        key.encoding,
        key.encrypted,
        source.redact(SecretKind.KEY, form, key.identity),
        purpose(source.path, key.encoding),
        test_key_of(key.identity),
        confidence,
        key.opened_by,
    )


def purpose(path: str, encoding: str) -> str:
    """What the key is for, by where it lies and how it is written."""
    if encoding == "dropbear" or _HOST.search(path):
        return "ssh-host"
    if encoding in {"putty", "ssh1"} or _USER.search(path):
        return "ssh-user"
    if encoding in {"openpgp", "gnupg"}:
        return "unknown"
    return "tls" if encoding in _STORES or _TLS.search(path) else "unknown"
