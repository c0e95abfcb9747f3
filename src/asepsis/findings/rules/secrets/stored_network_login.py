"""A log-in to the hospital's network is stored on the device.

## What it finds

The password, key or token with which the device itself joins a protected network: 802.1X (WPA-Enterprise), VPN, PPP,
RADIUS.

## Why it matters for a patient

Such a log-in opens the network of the medical devices to whoever takes it from one unit, and because it belongs to a
machine, nobody is there to notice that it is used twice.

## How it decides

A stored secret of kind network log-in in clear, derived or recoverable form is a finding. It is claimed to open the
device network.

## When it stays silent

Placeholders and templates; sealed secrets; secrets for file shares and other services that open no network are
reported without that claim.

## When it cannot tell

When stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-522, CWE-256, CWE-257, ATT&CK T0859, IEEE 802.1X
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.log_ins import Entry, kept_secret
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, dismissals, said
from asepsis.findings.wifi import joining
from asepsis.findings.words import named, secret_words
from asepsis.model.facts import StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretKind

INFO = RuleInfo(
    id="stored_network_login",
    title="Network log-in stored on the device",
    summary="The log-in with which the device joins a protected network can be read from it.",
    weakness=Weakness.WIFI_SECRET_STORED,
    cwe=(522, 256),
    needs=(StoredSecret,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-522", "CWE-256", "CWE-257", "ATT&CK T0859", "IEEE 802.1X"),
)

_SHARES = frozenset({"smb", "cifs", "nfs", "ftp", "webdav", "fstab"})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every usable network log-in."""
    yield from dismissals(INFO, facts, SecretKind.NETWORK_LOGIN)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) != INFO.id:
            continue
        entry = _entry(facts, stored)
        yield found(
            INFO,
            subject=stored.subject or stored.store,
            title=f"The network log-in of {named(stored.subject, 'the device')} can be read from the device",
            certainty=entry.certainty,
            confidence=stored.confidence,
            locations=[stored.where],
            claims=entry.claims,
            shown_by=entry.shown_by,
            facts=[secret_words(stored.secret)],
            assumes=entry.assumes,
        )


def _entry(facts: Facts, stored: StoredSecret) -> Entry:
    return kept_secret(facts, stored.secret, stored.where, what=f"The {said(stored)}") if _opens_no_network(stored) else joining(facts, stored)


def _opens_no_network(stored: StoredSecret) -> bool:
    """A file share's password is used inside a network, not to join one."""
    return stored.opens in _SHARES or stored.store in _SHARES
