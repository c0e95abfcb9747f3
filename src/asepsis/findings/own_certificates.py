"""Certificates that the device shows of itself: those whose private key lies in the same software."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Facts, RuleInfo, found
from asepsis.findings.witness import surest
from asepsis.findings.words import named, place
from asepsis.model.facts import Certificate, PrivateKey
from asepsis.model.finding import Certainty, Found


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


def wrong(info: RuleInfo, certificate: Certificate, own: tuple[PrivateKey, ...], what: str, fact: str, *, cwe: tuple[int, ...] = ()) -> Found:
    """That something is wrong with it: ``what`` ends the title. Where it is used was not seen, so it is present and states no path."""
    return found(
        info,
        subject=certificate.subject,
        title=f"The device's certificate of {called(certificate)} {what}",
        certainty=Certainty.PRESENT,
        confidence=surest(key.confidence for key in own),
        locations=[certificate.where],
        claims=(),
        shown_by=(f"its private key lies in the same software ({place(own[0].where)}); whether it is in use was not seen",),
        facts=(fact,),
        cwe=cwe,
    )
