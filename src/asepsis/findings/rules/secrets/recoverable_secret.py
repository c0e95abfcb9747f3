"""A password is only scrambled: anybody can compute it.

## What it finds

Log-in, remote-support and application passwords stored under a key that is public or lies beside them, such as VNC
passwords.

## Why it matters for a patient

It looks protected and is not. Whoever reads the file has the password, and with it the screen and keyboard of the
device where VNC is on.

## How it decides

A stored secret in recoverable form that is no Wi-Fi or network log-in is a finding. It is joined with the service it
is for.

## When it stays silent

Placeholders; sealed secrets; Wi-Fi passwords (`wifi_secret_in_clear`) and network log-ins (`stored_network_login`),
which say so themselves.

## When it cannot tell

When stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-257, CWE-321, CAPEC-37, ATT&CK T0891, ICSMA-18-058-01, ICSMA-26-146-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.log_ins import kept_secret, together
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, dismissals, opens, said
from asepsis.findings.words import secret_words, short
from asepsis.model.facts import StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretKind

INFO = RuleInfo(
    id="recoverable_secret",
    title="Password that is only scrambled",
    summary="A stored password is hidden by a method that everybody can undo.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(257,),
    needs=(StoredSecret,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-257", "CWE-321", "CAPEC-37", "ATT&CK T0891", "ICSMA-18-058-01", "ICSMA-26-146-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every scrambled password that is no network log-in."""
    yield from dismissals(INFO, facts, SecretKind.LOGIN, SecretKind.REMOTE_SUPPORT, SecretKind.APPLICATION)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) == INFO.id:
            yield _scrambled(facts, stored)


def _scrambled(facts: Facts, stored: StoredSecret) -> Found:
    entry = together(kept_secret(facts, stored.secret, stored.where, what=f"The {said(stored)}"), opens(facts, stored))
    return found(
        INFO,
        subject=stored.subject or stored.store,
        title=f"The {said(stored)} is only scrambled and can be computed by anybody",
        certainty=entry.certainty,
        confidence=stored.confidence,
        locations=[stored.where],
        claims=entry.claims,
        shown_by=entry.shown_by or ("no service that takes it was seen, so it is only present",),
        facts=[secret_words(stored.secret), f"store {short(stored.store)}", *entry.refused],
        assumes=entry.assumes,
    )
