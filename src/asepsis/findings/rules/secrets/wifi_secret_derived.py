"""A Wi-Fi key is stored in a derived form that opens the network just as well.

## What it finds

The 256-bit pre-shared key of a wireless network (64 hex digits), computed from the passphrase and the network's name.

## Why it matters for a patient

Hiding the passphrase does not help: the derived key joins the same network, so whoever takes it from one device
stands beside every other device of that ward. Only reuse of the passphrase elsewhere is prevented.

## How it decides

A stored secret of kind Wi-Fi in derived form is a finding. It is *enabled* if a Wi-Fi program is started by the
device.

## When it stays silent

Placeholders and templates; sealed secrets; passphrases in clear (`wifi_secret_in_clear`).

## When it cannot tell

When stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-522, CWE-312, ATT&CK T0860, IEEE 802.11 annex J.4
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, dismissals
from asepsis.findings.wifi import joining
from asepsis.findings.words import named, secret_words
from asepsis.model.facts import StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretKind

INFO = RuleInfo(
    id="wifi_secret_derived",
    title="Wi-Fi key stored in derived form",
    summary="The key of a wireless network can be read from the device and used without knowing the password.",
    weakness=Weakness.WIFI_SECRET_STORED,
    cwe=(522, 312),
    needs=(StoredSecret,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-522", "CWE-312", "ATT&CK T0860", "IEEE 802.11 annex J.4"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every derived Wi-Fi key that is no placeholder."""
    yield from dismissals(INFO, facts, SecretKind.WIFI)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) != INFO.id:
            continue
        entry = joining(facts, stored)
        yield found(
            INFO,
            subject=stored.subject or stored.store,
            title=f"The Wi-Fi key of {named(stored.subject, 'an unnamed network')} is stored in a form that opens the network",
            certainty=entry.certainty,
            confidence=stored.confidence,
            locations=[stored.where],
            claims=entry.claims,
            shown_by=entry.shown_by,
            facts=[secret_words(stored.secret)],
            assumes=entry.assumes,
        )
