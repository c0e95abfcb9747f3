"""A tunnel leads from inside to somebody outside.

## What it finds

Connections from inside to the internet through which somebody outside can come back in: SSH, WireGuard, IPsec, and
the meeting points of programs for remote support.

## Why it matters for a patient

Such a tunnel goes past every firewall of the hospital. Who is at its other end, and what else is on that network, the
hospital does not see.

## How it decides

An answered SSH, WireGuard or IKE conversation with an address of the internet, or a TLS connection that asks for a
name of a maker of remote-support programs, is a finding. What is moved in it cannot be seen, so no path is built on
it: find out who began it, and why.

## When it stays silent

Tunnels between addresses of the hospital; connections that were not answered; ordinary HTTPS.

## When it cannot tell

Tunnels that look like ordinary HTTPS, and those that were not recorded. When no traffic was given.

## References

CWE-912, CWE-923, ATT&CK T0822, ATT&CK T0884, ICSMA-25-030-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.uses import by_server, observed
from asepsis.findings.words import named, short
from asepsis.model.facts import Confidence, ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="remote_access_tunnel",
    title="Tunnel to somebody outside",
    summary="Somebody outside may come in by a connection that was begun inside.",
    weakness=Weakness.UNDECLARED_BEHAVIOUR,
    cwe=(912, 923),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-912", "CWE-923", "ATT&CK T0822", "ATT&CK T0884", "ICSMA-25-030-01"),
)

_CALLED = {"ssh": "SSH", "wireguard": "WireGuard", "ike": "IPsec", "tls": "remote support"}


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every end of a tunnel outside."""
    for server, uses in by_server(facts, Use.TUNNEL).items():
        first = uses[0]
        by = f" ({named(first.detail, 'no name')})" if first.detail else ""
        yield observed(
            facts,
            INFO,
            uses,
            title=f"A tunnel ({_CALLED.get(first.service, first.service)}) leads from {short(first.client)} to {short(server)} outside{by}",
            confidence=Confidence.LIKELY,
        )
