"""The device speaks to a fixed address outside.

## What it finds

A connection to a public internet address that is written into the device or was seen in its traffic.

## Why it matters for a patient

A patient monitor sold under many names sent patient data to such an address and fetched programs from it. The
hospital neither knows the other end nor can it check what comes back.

## How it decides

A flow whose other end is a literal public IP address is a finding. Names are left to the maker's declaration, because
they can be looked up and filtered; what such a flow carries is said by the other rules. An address before which a command
stands (`mount`, `tftp`, `wget`) is *likely* used; one that only stands in a program is weak evidence.

## When it stays silent

Private, loopback, multicast and documentation addresses; host names; in scripts and programs also the addresses of
public name servers, examples, comments and help texts.

## When it cannot tell

When the other end of a flow that leaves for the internet is not known; when flows were not looked for, or parts of
the evidence could not be opened.

## References

CWE-912, CWE-359, ATT&CK T0862, ICSMA-25-030-01
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_facts
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short
from asepsis.model.facts import Flow, Zone
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="flow_to_outside_address",
    title="Connection to a fixed address outside",
    summary="The device speaks to a computer on the internet by its number.",
    weakness=Weakness.UNDECLARED_BEHAVIOUR,
    cwe=(912,),
    needs=(Flow,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-912", "CWE-359", "ATT&CK T0862", "ICSMA-25-030-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every flow to a literal public address."""
    for flow in facts.of(Flow):
        if not flow.peer and flow.zone is Zone.INTERNET:
            yield NotAssessed(INFO.id, f"the other end of {named(flow.name, 'a flow')} to the internet is not known ({place(flow.where)})")
        if not _is_public_address(flow.peer):
            continue
        certainty, words = shown(facts, flow.where)
        yield found(
            INFO,
            subject=f"{flow.name} to {flow.peer}",
            title=f"The connection {named(flow.name, 'without a name')} ({carries(flow)}) goes to the public address {short(flow.peer)}",
            certainty=certainty,
            confidence=flow.confidence,
            locations=[flow.where],
            claims=(),
            shown_by=[words],
            facts=flow_facts(flow),
        )


def _is_public_address(peer: str) -> bool:
    """A number, and one that the internet routes."""
    try:
        address = ip_address(peer.strip("[]"))
    except ValueError:
        return False
    return address.is_global and not address.is_multicast
