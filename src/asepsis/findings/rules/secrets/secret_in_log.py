"""A secret was written into a log.

## What it finds

Wi-Fi passphrases and keys, network log-ins, passwords and tokens that a program wrote down while it worked: in the
system's logs, or in a log of its own.

## Why it matters for a patient

Logs are copied to maintenance laptops, sent to makers, and stay on a unit that is sold. Whoever reads one joins the
network of the medical devices, or logs in where the device does.

## How it decides

A secret in clear or in a form that works as well, read in a log, is a finding. A Wi-Fi secret or network log-in is
claimed to open the device network, as where it is stored on purpose. A log shows that the secret was used; it is
*enabled* if a program that uses such secrets is started by the device.

## When it stays silent

Values that the program hid (stars, `[REMOVED]`, `<hidden>`), templates, and prose that speaks of passwords.

## When it cannot tell

When stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-532, CWE-522, CAPEC-215, ATT&CK T0859
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.log_ins import Entry, kept_secret, together
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.stored import LOG_STORE, belongs_to, dismissal, no_secret, opens, said
from asepsis.findings.wifi import joining
from asepsis.findings.words import named, secret_words
from asepsis.model.facts import StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretKind

INFO = RuleInfo(
    id="secret_in_log",
    title="Secret written into a log",
    summary="A program of the device wrote a password, key or token into a log, where it can be read.",
    weakness=Weakness.WIFI_SECRET_STORED,
    cwe=(532, 522),
    needs=(StoredSecret,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-532", "CWE-522", "CAPEC-215", "ATT&CK T0859"),
)
_JOINING = frozenset({SecretKind.WIFI, SecretKind.NETWORK_LOGIN})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every secret of a log that can be used."""
    logged = [stored for stored in facts.of(StoredSecret) if stored.store == LOG_STORE]
    yield from (dismissal(INFO, stored) for stored in logged if no_secret(stored))
    for stored in logged:
        if belongs_to(stored) != INFO.id:
            continue
        entry = _entry(facts, stored)
        file = named(stored.where.member.rsplit("/", 1)[-1], "a log")
        yield found(
            INFO,
            subject=stored.subject or stored.key_name,
            title=f"The {said(stored)} was written into the log {file}",
            certainty=entry.certainty,
            confidence=stored.confidence,
            locations=[stored.where],
            claims=entry.claims,
            shown_by=entry.shown_by or ("what it opens was not seen, so it is only present",),
            facts=[f"{stored.key_name}, {secret_words(stored.secret)}", *entry.refused],
            assumes=entry.assumes,
        )


def _entry(facts: Facts, stored: StoredSecret) -> Entry:
    if stored.secret.kind in _JOINING:
        return joining(facts, stored)
    return together(kept_secret(facts, stored.secret, stored.where, what=f"The {said(stored)}"), opens(facts, stored))
