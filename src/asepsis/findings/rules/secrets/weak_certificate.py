"""A certificate of the device can be forged.

## What it finds

A certificate whose private key lies in the same software, or that a server inside was seen to show, and whose key is
too short, or that was signed over a hash for which collisions are made.

## Why it matters for a patient

Whoever works out the private key, or gets a twin of the certificate signed, poses as the device or as the server it
trusts, and reads or alters what passes.

## How it decides

Keys below 2,048 bits for RSA and DSA or 224 bits for elliptic curves (NIST SP 800-131A) are too short; signatures over
MD2, MD4, MD5 or SHA-1 are not trusted any more. A self-signed certificate is trusted as it is and not for its
signature, so what it signed itself over is no weakness; the length of its key is. In software it is *present*: whether
the certificate is in use was not seen; in recorded traffic it is. It states no attack path.

## When it stays silent

Certificates with long keys and sound signatures; those without their private key in the software, unless a server
inside showed them; those of servers on the internet; those in documentation; those of the self-tests of libraries.

## When it cannot tell

When the length of the key or the hash of the signature is not known; when certificates or private keys were not
looked for, or parts of the evidence could not be opened.

## References

CWE-326, CWE-327, CAPEC-475
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.own_certificates import called, own_certificates, wrong
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.words import place
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Certificate, PrivateKey
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="weak_certificate",
    title="Certificate that can be forged",
    summary="A certificate by which the device proves who it is rests on a key or a signature that no longer holds.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(326, 327),
    needs=(Certificate, PrivateKey),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-326", "CWE-327", "CAPEC-475"),
)
_SHORTEST = {"RSA": 2048, "DSA": 2048, "EC": 224}
"""Bits (NIST SP 800-131A rev. 2, tables 2 and 4)."""
_SOUND = frozenset({"Ed25519", "Ed448"})
"""Algorithms with keys of one length only (RFC 8032)."""
_BROKEN = frozenset({"md2", "md4", "md5", "sha1"})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every certificate of the device."""
    for certificate, own in own_certificates(facts):
        numbers, doubt = _weak(certificate), _unknown(certificate)
        if numbers:
            yield wrong(INFO, facts, certificate, own, f"has {' and '.join(numbers.values())}", _words(certificate), cwe=tuple(numbers))
        elif doubt:
            yield NotAssessed(INFO.id, f"{doubt} of the device's certificate of {called(certificate)} is not known ({place(certificate.where)})")
        else:
            signed = "and vouches for itself" if certificate.self_signed else "and signature"
            yield dismissed(INFO, Exemption.PROTECTED, f"the certificate of {called(certificate)} has a sound key {signed}", certificate.where)


def _weak(certificate: Certificate) -> dict[int, str]:
    """What is weak about it, by CWE."""
    weak = {}
    shortest = _SHORTEST.get(certificate.algorithm, 0)
    if certificate.bits is not None and certificate.bits < shortest:
        weak[326] = f"a key of {certificate.bits} bits, below {shortest}"
    if certificate.signature_hash in _BROKEN and not certificate.self_signed:
        weak[327] = f"a signature over {certificate.signature_hash.upper()}"
    return weak


def _unknown(certificate: Certificate) -> str:
    """What of it cannot be judged, or an empty string."""
    if certificate.algorithm not in _SOUND and (certificate.algorithm not in _SHORTEST or certificate.bits is None):
        return "the strength of the key"
    return "" if certificate.signature_hash or certificate.self_signed else "the hash of the signature"


def _words(certificate: Certificate) -> str:
    bits = "an unknown number of" if certificate.bits is None else certificate.bits
    return f"{certificate.algorithm} {bits} bits, signed over {certificate.signature_hash or 'an unknown hash'}"
