"""A medical device tells everybody near it what it is.

## What it finds

Medical devices that announce their maker, model, version or name to the whole network (WS-Discovery, mDNS, SSDP) or
when they ask for an address (DHCP).

## Why it matters for a patient

An attacker need not search: the network tells him which pump of which version hangs where, and so which published
flaw fits.

## How it decides

A device whose kind the traffic shows, and whose names were learned from such an announcement, is a finding. No path
is built on it: knowing is not yet doing.

## When it stays silent

Computers, telephones and printers, which announce themselves everywhere; devices that say who they are only to
whoever logs in or receives their messages.

## When it cannot tell

When nobody recorded stands on the network of the devices, where announcements are heard; when no traffic was given.

## References

CWE-200, CWE-497, CAPEC-169, ATT&CK T0846, ATT&CK T0888
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import listed, short
from asepsis.model.facts import NetworkDevice
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="announced_to_strangers",
    title="Device that announces itself to strangers",
    summary="The network tells an attacker which device is where.",
    weakness=Weakness.MISSING_HARDENING,
    cwe=(200, 497),
    needs=(NetworkDevice,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-200", "CWE-497", "CAPEC-169", "ATT&CK T0846", "ATT&CK T0888"),
)

_HEARD_BY_ALL = {"ws-discovery": "WS-Discovery", "mdns": "mDNS", "ssdp": "SSDP", "dhcp": "DHCP"}
_NO_DEVICES = frozenset({"gateway", "dicom-server"})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every medical device that announced itself."""
    for device in facts.of(NetworkDevice):
        how = [words for key, words in _HEARD_BY_ALL.items() if key in device.shown_by]
        says = {"maker": device.maker, "model": device.model, "version": device.version, "name": device.name}
        told = [word for word, value in says.items() if value]
        if not how or not told or not device.kind or device.kind in _NO_DEVICES:
            continue
        certainty, words = shown(facts, device.where)
        yield found(
            INFO,
            subject=f"{device.kind} {device.address}",
            title=f"The {device.kind.replace('-', ' ')} at {short(device.address)} tells everybody on its network what it is ({listed(how)})",
            certainty=certainty,
            confidence=device.confidence,
            locations=[device.where],
            claims=(),
            shown_by=[words],
            facts=[f"known of it: {listed(told, most=4)}"],
        )
