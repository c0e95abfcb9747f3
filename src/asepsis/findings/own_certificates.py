"""Certificates that the device shows of itself: those whose private key lies in the same software, and those that were seen to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from asepsis.findings.rule import Facts, RuleInfo, found
from asepsis.findings.witness import shown, surest
from asepsis.findings.words import named, place, short
from asepsis.model.facts import Certificate, PrivateKey
from asepsis.model.finding import Certainty, Found


def own_certificates(facts: Facts) -> Iterator[tuple[Certificate, tuple[PrivateKey, ...]]]:
    """Each certificate with the private keys it belongs to. Those of published test keys in no known use are a library's, not the device's.

    One that a server showed in traffic is in use, whether its key is known or not; servers on the internet are none of the device.
    """
    keys = [key for key in facts.of(PrivateKey) if not (key.public_test_key and key.purpose == "unknown")]
    for certificate in facts.of(Certificate):
        own = tuple(key for key in keys if key.secret.digest == certificate.digest)
        if own or is_shown_inside(certificate):
            yield certificate, own


def is_shown_inside(certificate: Certificate) -> bool:
    """Whether a server that is not on the internet was seen to show it."""
    return bool(certificate.server) and is_inside(certificate.server)


def is_inside(server: str) -> bool:
    """Whether ``server`` (address and port) has an address that the internet does not route; a name is none that can be told."""
    try:
        return not ip_address(server.rpartition(":")[0].strip("[]")).is_global
    except ValueError:
        return False


def called(certificate: Certificate) -> str:
    """What it is called."""
    return named(certificate.subject, "no name")


def wrong(
    info: RuleInfo, facts: Facts, certificate: Certificate, own: tuple[PrivateKey, ...], what: str, fact: str, *, cwe: tuple[int, ...] = ()
) -> Found:
    """That something is wrong with it: ``what`` ends the title. It states no path: what the other side makes of it was not seen."""
    certainty, words = Certainty.PRESENT, ""
    if certificate.server:
        certainty, seen = shown(facts, certificate.where)
        words = f"{short(certificate.server)} shows it: {seen}"
    elif own:
        words = f"its private key lies in the same software ({place(own[0].where)}); whether it is in use was not seen"
    return found(
        info,
        subject=certificate.subject,
        title=f"The device's certificate of {called(certificate)} {what}",
        certainty=certainty,
        confidence=surest(key.confidence for key in own),
        locations=[certificate.where],
        claims=(),
        shown_by=(words,),
        facts=(fact,),
        cwe=cwe,
    )
