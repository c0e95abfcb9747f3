"""Certificates that the device shows of itself: those whose private key lies in the same software."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Facts
from asepsis.findings.words import named
from asepsis.model.facts import Certificate, PrivateKey


def own_certificates(facts: Facts) -> Iterator[tuple[Certificate, tuple[PrivateKey, ...]]]:
    """Each certificate with the private keys it belongs to. Those of published test keys in no known use are a library's, not the device's."""
    keys = [key for key in facts.of(PrivateKey) if not (key.public_test_key and key.purpose == "unknown")]
    for certificate in facts.of(Certificate):
        own = tuple(key for key in keys if key.secret.digest == certificate.digest)
        if own:
            yield certificate, own


def called(certificate: Certificate) -> str:
    """What it is called."""
    return named(certificate.subject, "no name")
