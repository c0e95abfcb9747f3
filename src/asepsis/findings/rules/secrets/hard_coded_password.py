"""A password is built into the software of the device.

## What it finds

The stored password of an account, as a hash or readable, in the software as shipped: every unit of this model has the
same one.

## Why it matters for a patient

Whoever learns the password once, from one unit, a downloaded image or a list on the internet, can log in to every
unit in every hospital. Where a maintenance service takes it, that person can change what the device does to the
patient.

## How it decides

A usable password hash of an account that can log in, or a stored log-in in clear, is a finding. It is joined with
every service of the image that asks for it and does not refuse the account; the certainty is that of the service. A
hash that equals a public default counts as known in clear; any other hash has to be guessed, so it is stated as
hashed and opens no path by itself.

## When it stays silent

Locked passwords, placeholders, accounts whose shell refuses log-in, empty passwords (`empty_password`). SSH that
takes no passwords, and root where the service refuses root, are not joined. A hash in a backup copy (`shadow-`,
`shadow.bak`) is reported but opens nothing.

## When it cannot tell

When password hashes or stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-798, CWE-259, CWE-1392, CAPEC-70, ATT&CK T0891, ICS-ALERT-13-164-01, ICSMA-19-255-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed, of_hash
from asepsis.findings.log_ins import (
    Entry,
    account_assumption,
    cannot_log_in,
    is_backup,
    is_of_system,
    kept_secret,
    log_in_services,
    no_password,
    opens_account,
    passwords,
    together,
)
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, dismissals, opens, said
from asepsis.findings.witness import surest
from asepsis.findings.words import named, secret_words
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import PasswordHash, StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind

INFO = RuleInfo(
    id="hard_coded_password",
    title="Password built into the software",
    summary="Every unit of this model has the same password.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(798, 259),
    needs=(PasswordHash, StoredSecret),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-798", "CWE-259", "CWE-1392", "CAPEC-70", "ATT&CK T0891", "ICS-ALERT-13-164-01", "ICSMA-19-255-01"),
)

_KINDS = (SecretKind.LOGIN, SecretKind.REMOTE_SUPPORT)


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every built-in password of an account that can log in, with the services that take it."""
    for entry in facts.of(PasswordHash):
        if no_password(entry):
            yield dismissed(INFO, of_hash(entry), no_password(entry), entry.where)
    yield from dismissals(INFO, facts, *_KINDS)
    for entries in passwords(facts):
        yield _from_hashes(facts, context, entries)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) == INFO.id:
            yield _from_store(facts, stored)


def _from_hashes(facts: Facts, context: Context, entries: tuple[PasswordHash, ...]) -> Outcome:
    """One account's password, which may stand in several files."""
    first = entries[0]
    of_system = is_of_system(first.source)
    barred = cannot_log_in(facts, first.account) if of_system else ""
    if barred:
        return dismissed(INFO, Exemption.CANNOT_LOG_IN, barred, first.where)
    known = any(entry.secret.known_default for entry in entries)
    what = f"The password of account {named(first.account, 'without a name')}"
    held = kept_secret(facts, first.secret, first.where, what=what, form=SecretForm.CLEARTEXT if known else None)
    entry = together(held, _doors(facts, entries))
    return found(
        INFO,
        subject=first.account,
        title=f"{what} is built into the software" + (" and is a well-known default" if known else ""),
        certainty=entry.certainty,
        confidence=surest(one.confidence for one in entries),
        locations=[one.where for one in entries],
        claims=entry.claims,
        shown_by=entry.shown_by or ("no service that takes it was seen, so it is only present",),
        facts=[f"{first.scheme} hash, {secret_words(first.secret)}", *entry.refused],
        assumes=(*entry.assumes, *(account_assumption(facts, first.account, context.as_of) if of_system else ())),
    )


def _doors(facts: Facts, entries: tuple[PasswordHash, ...]) -> Entry:
    if all(is_backup(entry.where) for entry in entries):
        return Entry(refused=("it lies in a backup copy; whether it still works is not known",))
    return opens_account(facts, entries[0].account, entries[0].secret.digest, log_in_services(entries[0].source))


def _from_store(facts: Facts, stored: StoredSecret) -> Found:
    entry = together(kept_secret(facts, stored.secret, stored.where, what=f"The {said(stored)}"), opens(facts, stored))
    return found(
        INFO,
        subject=stored.subject or stored.store,
        title=f"The {said(stored)} is built into the software",
        certainty=entry.certainty,
        confidence=stored.confidence,
        locations=[stored.where],
        claims=entry.claims,
        shown_by=entry.shown_by or ("no service that takes it was seen, so it is only present",),
        facts=[secret_words(stored.secret), *entry.refused],
        assumes=entry.assumes,
    )
