"""Encryption that no longer protects.

## What it finds

Recorded TLS connections in a version or with a suite that is known to be broken.

## Why it matters for a patient

What looks protected can be read or changed by somebody who stands between: orders, settings, readings, passwords.
Nobody looks closer, because a lock is shown.

## How it decides

Versions before TLS 1.2 (RFC 8996), suites without encryption or without a check of the other side, export keys, RC4,
DES and triple DES (RFC 9325) are findings. They are what both ends agreed on in recorded traffic, not what they might
offer to others.

## When it stays silent

TLS 1.2 and 1.3 with suites that have not been broken. Whether both sides prove who they are is told by
`flow_without_authentication`.

## When it cannot tell

When no traffic was given: what a server would agree to with somebody else is not in a recording.

## References

CWE-326, CWE-327, CWE-757, CAPEC-217, CAPEC-620, ATT&CK T0830
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import short
from asepsis.model.facts import Confidence, TlsSession
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="weak_tls",
    title="Encryption that no longer protects",
    summary="A connection is encrypted in a way that has been broken.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(326, 327),
    needs=(TlsSession,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-326", "CWE-327", "CWE-757", "CAPEC-217", "CAPEC-620", "ATT&CK T0830"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server that agreed to something weak."""
    for session in facts.of(TlsSession):
        if not session.weak:
            continue
        certainty, words = shown(facts, session.where)
        yield found(
            INFO,
            subject=f"tls {session.server}",
            title=f"TLS at {short(session.server)} does not protect: {', '.join(session.weak)}",
            certainty=certainty,
            confidence=Confidence.CONFIRMED,
            locations=[session.where],
            claims=(),
            shown_by=[words],
            facts=[f"{session.version}, suite {session.suite}", f"seen in {session.times} connection{'s' * (session.times != 1)}"],
        )
