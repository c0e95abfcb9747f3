"""What an X.509 certificate says (RFC 5280): whose it is, until when, how strong its key and its signature are. No I/O."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from asepsis.evidence.protocols import der
from asepsis.evidence.protocols.public_keys import described
from asepsis.model.facts import Certificate
from asepsis.model.where import Where

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


def certificate(where: Where, data: bytes, digest_of: Callable[[bytes], str]) -> Certificate | None:
    """The certificate that ``data`` (DER) begins with; None for what is none. ``digest_of`` gives the keyed digest of its public key."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weak and odd certificates are what we look for; the library warns of them
        try:
            parsed = x509.load_der_x509_certificate(data[: der.size(data)])
            public = described(parsed.public_key())
            return Certificate(
                where,
                _name(parsed.subject),
                _name(parsed.issuer),
                parsed.not_valid_after_utc.date(),
                public.algorithm,
                public.bits,
                digest_of(public.identity),
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
