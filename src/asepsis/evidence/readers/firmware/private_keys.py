"""Private keys in any file: PEM, DER, OpenSSH's own format, dropbear's host keys.

PEM armour (RFC 7468; PKCS#1, SEC 1, PKCS#8, and OpenSSH's ``openssh-key-v1``), bare DER of PKCS#8 and PKCS#1 (``30 82 … 02 01 00``),
dropbear's files (SSH strings ``ssh-rsa`` e n d p q, ``ssh-ed25519`` and 64 bytes). Every candidate is parsed: empty armour, certificates
and public keys stay silent. The digest is taken over the public key, so that one key has one digest in every encoding.

Known ways it lies: programs carry the armour line as text; libraries carry published test keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols import keys
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.test_keys import test_key_of
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import KIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PrivateKey
from asepsis.model.secret import SecretForm, SecretKind

MAX_KEY = 24 * KIB
"""Bytes of one key: RSA with 16,384 bits in PEM is below 13 KiB."""
_ARMOUR = rb"-----BEGIN ((?:RSA |DSA |EC |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY)-----"
_HOST = re.compile(r"(?:^|/)(?:ssh_host_\w+_key|dropbear_\w+_host_key|host_?key)\b|(?:^|/)etc/(?:ssh|dropbear)/", re.IGNORECASE)
_USER = re.compile(r"(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh/|authorized)|_id_(?:rsa|dsa|ecdsa|ed25519)", re.IGNORECASE)
_TLS = re.compile(
    r"(?:^|/)(?:ssl|tls|certs?|httpd|lighttpd|nginx|apache2?|uhttpd|mini_httpd|stunnel|www|openvpn|mosquitto)\b|\.(?:pem|crt|key)$", re.IGNORECASE
)


class PrivateKeysReader:
    """Emits a :class:`PrivateKey` for each key that parses, or that is encrypted as its header says."""

    info = ReaderInfo("private_keys", "Private keys", (PrivateKey,), ("any file",), ("programs carry the armour line as text",))
    patterns = (
        Pattern("pem", rb"-----BEGIN (RSA |DSA |EC |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY-----", _ARMOUR, before=64, after=0),
        Pattern("pkcs8", rb"\x30(\x81.|\x82..|[\x20-\x7f])\x02\x01\x00\x30.\x06[\x03-\x09]", before=24, after=0),
        Pattern("pkcs1", rb"\x30\x82..\x02\x01\x00\x02(\x81[\x40-\xff]|\x82[\x01-\x08].|[\x40\x41])", before=16, after=0),
        Pattern("dropbear-rsa", rb"\x00\x00\x00\x07ssh-rsa\x00\x00\x00[\x01-\x08]", before=16, after=0),
        Pattern("dropbear-ed25519", rb"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x40", before=24, after=0),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """A key counts once for each file, however many encodings of it overlap."""
        seen: set[bytes] = set()
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for match in matches:
            length = min(MAX_KEY, source.size - match.start)
            found = keys.parse(match.pattern, bytes(source.window(match.start, length).buffer))
            if not found or found.identity in seen or (confidence is Confidence.WEAK and found.encrypted):
                continue
            seen.add(found.identity)
            form = SecretForm.SEALED if found.encrypted else SecretForm.CLEARTEXT
            redacted = source.redact(SecretKind.KEY, form, found.identity)
            where = source.where(offset=match.start)
            purpose, known = _purpose(source.path, found.encoding), test_key_of(found.identity)
            emit(PrivateKey(where, found.algorithm, found.bits, found.encoding, found.encrypted, redacted, purpose, known, confidence))


def _purpose(path: str, encoding: str) -> str:
    """What the key is for, by where it lies."""
    if encoding == "dropbear" or _HOST.search(path):
        return "ssh-host"
    if _USER.search(path):
        return "ssh-user"
    return "tls" if _TLS.search(path) else "unknown"
