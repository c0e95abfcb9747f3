"""A certificate of the device has expired.

## What it finds

A certificate whose private key lies in the same software, or that a server inside was seen to show, and whose last
day is past.

## Why it matters for a patient

The other side either refuses the connection, and alarms, orders or records do not get through, or it was told not to
look at the date, and then it rarely looks at anything else: an impostor is believed as well.

## How it decides

The last day is compared with the day of the assessment. In software it is *present*: whether the certificate is in use
was not seen. One that was shown in recorded traffic is compared with the day of the recording. It states no attack
path; what an expired certificate does depends on the other side.

## When it stays silent

Certificates that last; those without their private key in the software, since they say whom to trust and not who the
device is, unless a server inside showed them; those of servers on the internet; those in documentation; those of the
self-tests of libraries.

## When it cannot tell

When a certificate has run out since it was recorded; when certificates or private keys were not looked for, or parts
of the evidence could not be opened.

## References

CWE-298, CWE-295, CAPEC-475
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.own_certificates import called, own_certificates, wrong
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.words import short
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Certificate, PrivateKey
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="certificate_expired",
    title="Certificate that has expired",
    summary="A certificate by which the device proves who it is has run out.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(298, 295),
    needs=(Certificate, PrivateKey),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-298", "CWE-295", "CAPEC-475"),
)


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every certificate of the device."""
    for certificate, own in own_certificates(facts):
        last = certificate.not_after.isoformat()
        day = certificate.seen_on or context.as_of
        if certificate.not_after < day:
            issued = f"issued by {certificate.issuer[:64] or 'nobody named'}, last day {last}, compared with {day.isoformat()}"
            yield wrong(INFO, facts, certificate, own, f"expired on {last}", issued)
        elif certificate.not_after < context.as_of:
            reason = f"the certificate of {called(certificate)} has run out on {last}, after it was recorded at {short(certificate.server)}"
            yield NotAssessed(INFO.id, f"{reason}; whether it is still shown is not known")
        else:
            yield dismissed(INFO, Exemption.SUPPORTED, f"the certificate of {called(certificate)} lasts until {last}", certificate.where)
