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
import warnings
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols import der
from asepsis.evidence.protocols.public_keys import described
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
            found = _certificate(source, match.start, _bytes_of(data) if match.pattern == "certificate-pem" else data)
            if found:
                emit(found)


def _bytes_of(armour: bytes) -> bytes:
    """What the armour holds, with quotes and escaped line ends of source code taken off."""
    found = _PEM.match(armour.replace(b"\\r", b"").replace(b"\\n", b"\n"))
    try:
        return base64.b64decode(re.sub(rb"[\s\"'\\,;]", b"", found.group(1)), validate=True) if found else b""
    except binascii.Error:
        return b""


_BROKEN = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""All that the library raises of bytes that are no certificate."""


def _certificate(source: BoundedSource, offset: int, data: bytes) -> Certificate | None:
    """The certificate that ``data`` begins with; None for what is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weak and odd certificates are what we look for; the library warns of them
        try:
            parsed = x509.load_der_x509_certificate(data[: der.size(data)])
            public = described(parsed.public_key())
            return Certificate(
                source.where(offset=offset),
                _name(parsed.subject),
                _name(parsed.issuer),
                parsed.not_valid_after_utc.date(),
                public.algorithm,
                public.bits,
                source.redact(SecretKind.KEY, SecretForm.CLEARTEXT, public.identity).digest,
                self_signed=_signed_itself(parsed),
                authority=_is_authority(parsed),
                signature_hash=_hash(parsed),
            )
        except _BROKEN:
            return None


def _signed_itself(parsed: x509.Certificate) -> bool:
    """Whether its own key made its signature; the equal names decide where that cannot be computed, as of MD2 and DSA."""
    if parsed.subject != parsed.issuer:
        return False
    try:
        return _verifies(parsed)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return True


def _verifies(parsed: x509.Certificate) -> bool:
    """The library's own check knows no SHA-1 and no MD5, which matter most here."""
    key, how, hash_ = parsed.public_key(), parsed.signature_algorithm_parameters, parsed.signature_hash_algorithm
    match key, how:
        case rsa.RSAPublicKey(), padding.PKCS1v15() | padding.PSS() if hash_:
            key.verify(parsed.signature, parsed.tbs_certificate_bytes, how, hash_)
        case ec.EllipticCurvePublicKey(), ec.ECDSA():
            key.verify(parsed.signature, parsed.tbs_certificate_bytes, how)
        case (rsa.RSAPublicKey(), ec.ECDSA()) | (ec.EllipticCurvePublicKey(), padding.PKCS1v15() | padding.PSS()):
            return False
        case _:
            parsed.verify_directly_issued_by(parsed)
    return True


def _name(name: x509.Name) -> str:
    """The common name, or else the whole."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value if common else name.rfc4514_string())[:128]


def _is_authority(parsed: x509.Certificate) -> bool:
    try:
        return parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


_OLD = {"1.2.840.113549.1.1.2": "md2", "1.2.840.113549.1.1.3": "md4", "1.3.14.3.2.29": "sha1", "1.3.14.3.2.13": "sha1"}
"""Signatures that the library knows no more, by their object identifiers (RFC 8017, A.2.4; ISO/IEC 14888-3 as in OIW)."""
_OWN_HASH = {SignatureAlgorithmOID.ED25519: "ed25519", SignatureAlgorithmOID.ED448: "ed448"}


def _hash(parsed: x509.Certificate) -> str:
    """The hash of its signature, or the scheme that has its own in it (RFC 8410); empty if it is not known."""
    try:
        used = parsed.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return _OLD.get(parsed.signature_algorithm_oid.dotted_string, "")
    return used.name if used else _OWN_HASH.get(parsed.signature_algorithm_oid, "")
