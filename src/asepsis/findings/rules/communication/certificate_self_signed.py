"""A certificate that only vouches for itself is shown.

## What it finds

A server inside that was seen to show a certificate which it signed itself.

## Why it matters for a patient

Whoever stands between can make one that looks the same. Where the other side does not keep a copy to compare, it
believes him, and orders or passwords go to the wrong place behind a lock.

## How it decides

A certificate in recorded traffic whose signature was made by its own key is a finding. Whether the other side
compares it with a copy that it keeps was not seen, so no path is built on it.

## When it stays silent

Certificates that somebody else signed; those of servers on the internet; those that only lie in software.

## When it cannot tell

TLS 1.3 encrypts certificates. When no traffic with a certificate was given.

## References

CWE-295, CWE-296, CAPEC-475, ATT&CK T0830
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.own_certificates import called, is_shown_inside
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import listed, short
from asepsis.model.facts import Certificate, Confidence, TlsSession
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="certificate_self_signed",
    title="Certificate that vouches for itself",
    summary="A server proves who it is by its own word.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(295, 296),
    needs=(TlsSession,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-295", "CWE-296", "CAPEC-475", "ATT&CK T0830"),
)

_HIDES = "TLS 1.3"


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every certificate that was shown inside, and every server of which none was seen."""
    seen = [one for one in facts.of(Certificate) if is_shown_inside(one)]
    for certificate in seen:
        if certificate.self_signed:
            certainty, words = shown(facts, certificate.where)
            yield found(
                INFO,
                subject=f"tls {certificate.server}",
                title=f"TLS at {short(certificate.server)} shows a certificate of {called(certificate)} that only vouches for itself",
                certainty=certainty,
                confidence=Confidence.CONFIRMED,
                locations=[certificate.where],
                claims=(),
                shown_by=[words],
                facts=[f"last day {certificate.not_after.isoformat()}", "whether the other side keeps a copy to compare it with was not seen"],
            )
    shows = {one.server for one in seen}
    hidden = sorted({one.server for one in facts.of(TlsSession) if one.version == _HIDES and one.server not in shows})
    if hidden:
        yield NotAssessed(INFO.id, f"the certificates of {listed(hidden)} were not seen: {_HIDES} encrypts them")
