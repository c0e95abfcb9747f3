"""A clinical server with TLS lets in any client.

## What it finds

A DICOM, HL7 or SDC server that speaks TLS and does not ask the client for a certificate.

## Why it matters for a patient

The lock protects against listening, not against strangers: whoever reaches the server gives it orders, readings or
images, and is believed. IHE asks that both ends prove who they are (ATNA).

## How it decides

Up to TLS 1.2 a server asks for the client's certificate in clear. One that showed its own in a whole handshake and
did not ask is a finding, if the port is registered for a clinical protocol (DICOM 104, 2761, 2762, 11112; HL7 2575)
or a medical device announced it as the place where it speaks SDC. Who logs in inside TLS cannot be seen; that nobody
does is an assumption.

## When it stays silent

Servers that ask; web servers on other ports, where people log in with a password; handshakes that only take an older
one up again.

## When it cannot tell

TLS 1.3 encrypts the request, so whether one was made cannot be seen; so it is where only resumed handshakes were
recorded. When no traffic was given.

## References

CWE-306, CWE-295, CAPEC-151, ATT&CK T0848, IEC 62443-4-2
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import PROPOSAL, place, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, Effect, TlsSession, Zone
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="client_certificate_not_asked",
    title="Clinical server that asks no client for a certificate",
    summary="Behind the lock, the server talks with anybody.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306, 295),
    needs=(TlsSession,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-306", "CWE-295", "CAPEC-151", "ATT&CK T0848", "IEC 62443-4-2"),
)

_CARRIES = {"dicom": Effect.RECORD, "hl7": Effect.READING, "sdc": Effect.READING}
"""The least that such a server takes in."""


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server with TLS around a clinical protocol."""
    for session in facts.of(TlsSession):
        if not session.inside:
            continue
        what = f"{session.inside.upper()} over TLS at {short(session.server)}"
        if session.client_certificate:
            yield dismissed(INFO, Exemption.PROTECTED, f"{what} asks the client for a certificate", session.where)
        elif session.client_certificate is None:
            yield NotAssessed(
                INFO.id, f"whether {what} asks the client for a certificate cannot be seen in {session.version} ({place(session.where)})"
            )
        else:
            yield _open(facts, session, what)


def _open(facts: Facts, session: TlsSession, what: str) -> Found:
    certainty, words = shown(facts, session.where)
    name = f"{session.inside} over tls at {short(session.server)}"
    effect = _CARRIES.get(session.inside, Effect.RECORD)
    return found(
        INFO,
        subject=f"tls {session.server}",
        title=f"{what} lets in any client: it asks for no certificate",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[session.where],
        claims=[claim("flow", THIS, name, Zone.DEVICE_NETWORK, effect), claim("believes_strangers", THIS, name)],
        shown_by=[words],
        facts=[f"{session.version}, suite {session.suite}", f"seen in {session.times} connection{'s' * (session.times != 1)}"],
        assumes=[f"Nobody is asked for a password inside TLS at {short(session.server)}: that cannot be seen {PROPOSAL}"],
    )
