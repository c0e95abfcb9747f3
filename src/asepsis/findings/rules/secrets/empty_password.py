"""An account or service has an empty password.

## What it finds

A password field that is empty: pressing Enter is enough. Also empty passwords of remote-support and application
log-ins.

## Why it matters for a patient

There is nothing to know and nothing to guess. Whoever reaches a service that takes the account is in, on every unit
of this model. A real pacemaker home monitor had such an account.

## How it decides

An empty hash of an account that can log in is a finding. It is joined with every service of the image that asks for
the account's password; there is nothing an attacker has to find out first.

## When it stays silent

Accounts whose shell refuses log-in; locked passwords. SSH is not joined unless its settings allow empty passwords,
because its servers refuse them otherwise; root is not joined where the service refuses root.

## When it cannot tell

When password hashes or stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-258, CWE-521, CAPEC-70, ATT&CK T0812, ICSMA-25-205-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.log_ins import (
    Entry,
    account_assumption,
    cannot_log_in,
    entry_by,
    is_backup,
    is_empty,
    is_of_system,
    log_in_services,
    no_password,
    opens_account,
    together,
)
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, is_of_database, own_database, said
from asepsis.findings.ways_in import ways_in
from asepsis.findings.witness import as_shipped
from asepsis.findings.words import named, same_everywhere, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, PasswordHash, StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where

INFO = RuleInfo(
    id="empty_password",
    title="Empty password",
    summary="An account lets in whoever presses Enter.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(258,),
    needs=(PasswordHash, StoredSecret),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-258", "CWE-521", "CAPEC-70", "ATT&CK T0812", "ICSMA-25-205-01"),
)


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every empty password of an account that can log in."""
    for entry in facts.of(PasswordHash):
        if is_empty(entry) and not no_password(entry):
            yield _of_account(facts, context, entry)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) == INFO.id:
            yield _of_store(facts, stored)


def _of_account(facts: Facts, context: Context, entry: PasswordHash) -> Outcome:
    barred = cannot_log_in(facts, entry.account) if is_of_system(entry.source) else ""
    if barred:
        return dismissed(INFO, Exemption.CANNOT_LOG_IN, f"the empty password is of no use: {barred}", entry.where)
    what = f"The password of account {named(entry.account, 'without a name')}"
    secret = f"empty-{short(entry.account)}"
    doors = Entry(refused=("it lies in a backup copy; whether it still works is not known",))
    if not is_backup(entry.where):
        doors = opens_account(facts, entry.account, secret, log_in_services(entry.source), empty=True)
    held = _nothing(facts, secret, SecretKind.LOGIN, entry.where, what)
    assumes = account_assumption(facts, entry.account, context.as_of)
    return _finding(together(held, doors, Entry(assumes=assumes)), entry.account, what, entry.where, entry.confidence)


def _of_store(facts: Facts, stored: StoredSecret) -> Found:
    secret = f"empty-{short(stored.subject or stored.store)}"
    what = f"The {said(stored)}"
    if is_of_database(stored):
        doors = own_database(facts, stored, secret, empty=True)
    else:
        doors = entry_by(ways_in(facts, stored.opens or stored.store), stored.subject, secret, empty=True)
    return _finding(
        together(_nothing(facts, secret, stored.secret.kind, stored.where, what), doors),
        stored.subject or stored.store,
        what,
        stored.where,
        stored.confidence,
    )


def _nothing(facts: Facts, secret: str, kind: SecretKind, where: Where, what: str) -> Entry:
    """The secret that is none: everybody has it."""
    claims = [claim("secret", THIS, secret, kind, SecretForm.EMPTY)]
    if not as_shipped(facts, where):
        return Entry(claims=tuple(claims))
    return Entry(claims=(*claims, claim("same_in_every_unit", THIS, secret)), assumes=(same_everywhere(what),))


def _finding(entry: Entry, subject: str, what: str, where: Where, confidence: Confidence) -> Found:
    return found(
        INFO,
        subject=subject,
        title=f"{what} is empty: whoever presses Enter is in",
        certainty=entry.certainty,
        confidence=confidence,
        locations=[where],
        claims=entry.claims,
        shown_by=entry.shown_by or ("no service that takes it was seen, so it is only present",),
        facts=entry.refused,
        assumes=entry.assumes,
    )
