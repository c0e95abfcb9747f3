"""X.509 certificates (RFC 5280) in PEM anywhere, and in DER as a file of their own.

``-----BEGIN CERTIFICATE-----`` and base64 (RFC 7468), also ``TRUSTED CERTIFICATE`` of OpenSSL, with its trust settings behind; DER begins
``30 82 … 30 82 … A0 03 02 01 02``. What counts is the public key, whether it is the one of a private key elsewhere in the software, until when
it lasts, and how it is signed. Files that only say whom to trust stay silent and cost nothing: bundles of more than eight certificates, and the
folders of certification authorities. What is in Java's stores is told with their keys.

Known ways it lies: a certificate without its private key may be anybody's; lasting is compared with a date, and the device's clock may be wrong.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.certificate import certificate
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import KIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Certificate
from asepsis.model.secret import SecretForm, SecretKind

MAX_CERTIFICATE = 16 * KIB
"""Bytes of one certificate with its armour."""
MOST_OF_A_CHAIN = 8
"""Certificates of one file; more are a list of whom to trust."""
_TRUST = re.compile(
    r"(?:^|/)(?:ca-certificates|cacerts?|ca-trust|ca-bundle|mozilla|trust(?:ed|store)?)(?:[/.-]|$)|(?:^|/)etc/(?:ssl|pki/tls)/certs/|ca-bundle|cacert"
    r"|(?:^|/)certifi/|(?:^|/)[0-9a-f]{8}\.\d$",
    re.IGNORECASE,
)
_PEM = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s\"'\\,;]+)-----END")


class CertificatesReader:
    """Emits a :class:`Certificate` for each certificate of a file that does not only list authorities."""

    info = ReaderInfo("certificates", "Certificates", (Certificate,), ("any file",), ("a certificate without its private key may be anybody's",))
    patterns = (
        Pattern("certificate-pem", rb"-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----", before=48, after=0),
        Pattern("certificate-der", rb"^\x30\x82..\x30\x82..\xa0\x03\x02\x01\x02\x02", before=24, after=0),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Nothing is parsed of a file that lists authorities or lies in documentation."""
        places = [match for match in matches if match.pattern == "certificate-pem" or match.start == 0]
        if len(places) > MOST_OF_A_CHAIN or _TRUST.search(source.path) or is_documentation(source.where().path):
            return
        for match in places:
            data = bytes(source.window(match.start, min(MAX_CERTIFICATE, source.size - match.start)).buffer)
            raw = _bytes_of(data) if match.pattern == "certificate-pem" else data
            found = certificate(source.where(offset=match.start), raw, lambda key: source.redact(SecretKind.KEY, SecretForm.CLEARTEXT, key).digest)
            if found:
                emit(found)


def _bytes_of(armour: bytes) -> bytes:
    """What the armour holds, with quotes and escaped line ends of source code taken off."""
    found = _PEM.match(armour.replace(b"\\r", b"").replace(b"\\n", b"\n"))
    try:
        return base64.b64decode(re.sub(rb"[\s\"'\\,;]", b"", found.group(1)), validate=True) if found else b""
    except binascii.Error:
        return b""
