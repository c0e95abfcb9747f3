"""A password is a well-known default.

## What it finds

A stored password, passphrase or hash that equals a default everybody can look up.

## Why it matters for a patient

Lists of defaults are the first thing an attacker, or a worm, tries. No unit has to be opened for it: reaching the
service is enough.

## How it decides

The reader compared the secret with the list of public defaults and found it there. The secret is stated as public
and, for accounts, joined with the services that take it.

## When it stays silent

Secrets that were compared and are on no list; placeholders; locked passwords; accounts whose shell refuses log-in.

## When it cannot tell

When a hash or a stored secret could not be compared (its scheme is not supported, it is only kept obfuscated, its file
holds more than 500 different ones), when password hashes or stored secrets were not
looked for, or when parts of the evidence could not be opened.

## References

CWE-1392, CWE-1393, CAPEC-70, ATT&CK T0812, ICSMA-18-037-02, ICSMA-24-352-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.log_ins import Entry, cannot_log_in, is_backup, is_of_system, kept_secret, log_in_services, opens_account, passwords, together
from asepsis.findings.rule import Context, Facts, NotAssessed, NotFound, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, is_snmp, no_secret, opens, said
from asepsis.findings.witness import surest
from asepsis.findings.words import listed, named, place, secret_words
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, PasswordHash, StoredSecret
from asepsis.model.finding import Found, Weakness
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where

INFO = RuleInfo(
    id="default_password",
    title="Well-known default password",
    summary="A password is on the public lists of defaults.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(1392, 1393),
    needs=(PasswordHash, StoredSecret),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-1392", "CWE-1393", "CAPEC-70", "ATT&CK T0812", "ICSMA-18-037-02", "ICSMA-24-352-01"),
)
_READABLE = frozenset({SecretForm.CLEARTEXT, SecretForm.RECOVERABLE})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every secret that equals a public default."""
    for entries in passwords(facts):
        yield _of_account(facts, entries)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) not in {"", "snmp_community_default"} and stored.secret.known_default:
            yield _of_store(facts, stored)
    unknown = [stored for stored in facts.of(StoredSecret) if _not_compared(stored)]
    if unknown:
        many = f"{len(unknown)} stored secret{'s' * (len(unknown) > 1)}"
        yield NotAssessed(INFO.id, f"{many} could not be compared with known defaults ({listed(place(one.where) for one in unknown)})")


def _not_compared(stored: StoredSecret) -> bool:
    """A password that can be read, and of which nobody said whether it is a default: it is packed, or its file held too many before it."""
    secret = stored.secret
    asked = secret.kind is not SecretKind.KEY and secret.form in _READABLE and not is_snmp(stored)
    return asked and secret.known_default is None and not no_secret(stored)


def _of_account(facts: Facts, entries: tuple[PasswordHash, ...]) -> Outcome:
    """One account's password, which may stand in several files."""
    entry = entries[0]
    of_system = is_of_system(entry.source)
    barred = cannot_log_in(facts, entry.account) if of_system else ""
    if barred:
        return dismissed(INFO, Exemption.CANNOT_LOG_IN, barred, entry.where)
    if not any(one.secret.known_default for one in entries) and any(one.secret.known_default is None for one in entries):
        who = named(entry.account, "an unnamed account")
        return NotAssessed(INFO.id, f"the {entry.scheme} hash of {who} could not be compared with known defaults ({place(entry.where)})")
    if not any(one.secret.known_default for one in entries):
        return NotFound(INFO.id)
    what = f"The password of account {named(entry.account, 'without a name')}"
    copies = all(is_backup(one.where) for one in entries)
    doors = Entry() if copies else opens_account(facts, entry.account, entry.secret.digest, log_in_services(entry.source))
    held = kept_secret(facts, entry.secret, entry.where, what=what, form=SecretForm.PUBLIC)
    confidence, places = surest(one.confidence for one in entries), [one.where for one in entries]
    return _finding(together(held, doors), entry.account, what, places, confidence, f"{entry.scheme} hash, {secret_words(entry.secret)}")


def _of_store(facts: Facts, stored: StoredSecret) -> Found:
    what = f"The {said(stored)}"
    doors = Entry() if stored.secret.kind in {SecretKind.WIFI, SecretKind.NETWORK_LOGIN} else opens(facts, stored)
    entry = together(kept_secret(facts, stored.secret, stored.where, what=what, form=SecretForm.PUBLIC), doors)
    return _finding(entry, stored.subject or stored.store, what, [stored.where], stored.confidence, secret_words(stored.secret))


def _finding(entry: Entry, subject: str, what: str, places: list[Where], confidence: Confidence, words: str) -> Found:
    return found(
        INFO,
        subject=subject,
        title=f"{what} is a well-known default",
        certainty=entry.certainty,
        confidence=confidence,
        locations=places,
        claims=entry.claims,
        shown_by=entry.shown_by or ("no service that takes it was seen, so it is only present",),
        facts=[words, *entry.refused],
        assumes=entry.assumes,
    )
