"""A log-in is written into a script, an address or a program.

## What it finds

Passwords, keys and tokens in command lines (`sshpass`, `curl -u`), in addresses (`scheme://user:password@host`), in
application settings, and passwords and PINs that the code of a program compares its input with.

## Why it matters for a patient

Whoever reads the file can do what the device does: fetch or replace its updates, change the records it writes, log in
to the maker's or the hospital's server, and from there reach other devices.

## How it decides

A stored log-in in a script, address or program, and every stored application password or key, is a finding. It is
joined with a service of this device only if its settings say so or if it names an account of this device; a log-in to
a database is joined with the device's own, which is said as an assumption. What it opens elsewhere is not known. A
constant that code compares with is *likely* a password: it looks like one, and the code around it asks for a password
and judges it. Such a secret is named after its function or after the prompt.

## When it stays silent

Placeholders, shell variables and templates; sealed secrets; log-ins in settings files of the device's own services
(`hard_coded_password`). Commands, options, file names, user names and words of protocols that a program compares.

## When it cannot tell

When stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-798, CWE-260, CWE-321, CAPEC-191, ATT&CK T0891, ICSMA-25-336-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.log_ins import kept_secret, together
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, dismissals, opens, said
from asepsis.findings.words import named, secret_words, short
from asepsis.model.facts import StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretKind

INFO = RuleInfo(
    id="embedded_credential",
    title="Log-in written into a script or program",
    summary="A password or key stands readable in a script, an address or a program of the device.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(798, 260),
    needs=(StoredSecret,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-798", "CWE-260", "CWE-321", "CAPEC-191", "ATT&CK T0891", "ICSMA-25-336-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every log-in in a script, address or program, every application secret."""
    yield from dismissals(INFO, facts, SecretKind.APPLICATION, SecretKind.KEY, SecretKind.LOGIN)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) == INFO.id:
            yield _embedded(facts, stored)


def _embedded(facts: Facts, stored: StoredSecret) -> Found:
    entry = together(kept_secret(facts, stored.secret, stored.where, what=f"The {said(stored)}"), opens(facts, stored))
    purpose = [f"for {short(stored.opens)}"] if stored.opens else []
    how = "is compared in the code of" if stored.store == "binary" else "stands readable in"
    return found(
        INFO,
        subject=stored.subject or stored.key_name or stored.store,
        title=f"The {said(stored)} {how} {named(stored.where.member.rsplit('/', 1)[-1], 'a file')}",
        certainty=entry.certainty,
        confidence=stored.confidence,
        locations=[stored.where],
        claims=entry.claims,
        shown_by=entry.shown_by or ("what it opens was not seen, so it is only present",),
        facts=[secret_words(stored.secret), f"store {short(stored.store)}", *purpose, *entry.refused],
        assumes=entry.assumes,
        cwe=(321,) if stored.secret.kind is SecretKind.KEY else (),
    )
