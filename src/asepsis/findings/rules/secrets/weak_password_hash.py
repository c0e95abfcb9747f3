"""A password is protected by a hash that is quickly guessed.

## What it finds

A stored password hash of an old scheme: DES crypt, MD5 crypt, Apache MD5, plain SHA-1.

## Why it matters for a patient

Whoever reads the file can try millions of passwords a second and then log in to every unit. A real surgical generator
gave root away through a DES hash that any visitor could read.

## How it decides

The scheme of a usable hash is compared with the list above. DES crypt cuts passwords to eight characters, so all of
them can be tried; it is stated as recoverable, with that assumption shown. The others stay hashed: they only make
guessing cheap.

## When it stays silent

Locked, empty and placeholder passwords; accounts whose shell refuses log-in; SHA-256 and SHA-512 crypt, bcrypt,
scrypt, yescrypt.

## When it cannot tell

When the scheme of a hash is not known, when password hashes were not looked for, or when parts of the evidence could
not be opened.

## References

CWE-916, CWE-328, CWE-759, CAPEC-49, ICSMA-19-311-02
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.log_ins import cannot_log_in, is_of_system, kept_secret, passwords
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import surest
from asepsis.findings.words import PROPOSAL, named, place, secret_words
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import PasswordHash
from asepsis.model.finding import Certainty, Weakness
from asepsis.model.secret import SecretForm

INFO = RuleInfo(
    id="weak_password_hash",
    title="Password hash that is quickly guessed",
    summary="A password is protected by an old hash from which it can be found out.",
    weakness=Weakness.WEAK_PASSWORD_HASH,
    cwe=(916, 328),
    needs=(PasswordHash,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-916", "CWE-328", "CWE-759", "CAPEC-49", "ICSMA-19-311-02"),
)

_WEAK = {
    "des": "DES crypt",
    "bsdi": "extended DES crypt",
    "md5": "MD5 crypt",
    "apr1": "Apache MD5 crypt",
    "sha1": "SHA-1",
    "lm": "the LAN Manager hash",
}
_SEARCHABLE = frozenset({"des", "lm"})
"""Schemes whose whole space can be searched: at most 8 characters of 7 bits, or two halves of 7 capital letters each."""


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every usable hash of an old scheme, once for all files that hold it."""
    for entries in passwords(facts):
        entry = entries[0]
        barred = cannot_log_in(facts, entry.account) if is_of_system(entry.source) else ""
        if barred:
            yield dismissed(INFO, Exemption.CANNOT_LOG_IN, barred, entry.where)
        elif entry.scheme == "unknown":
            yield NotAssessed(INFO.id, f"the scheme of the hash of {named(entry.account, 'an account')} is not known ({place(entry.where)})")
        elif entry.scheme in _WEAK:
            yield _weak(facts, entries)


def _weak(facts: Facts, entries: tuple[PasswordHash, ...]) -> Outcome:
    entry = entries[0]
    searchable = entry.scheme in _SEARCHABLE
    what = f"The password of account {named(entry.account, 'without a name')}"
    held = kept_secret(facts, entry.secret, entry.where, what=what, form=SecretForm.RECOVERABLE if searchable else None)
    search = f"{what} is taken to be found by trying: {_WEAK[entry.scheme]} uses few characters {PROPOSAL}"
    return found(
        INFO,
        subject=entry.account,
        title=f"{what} is protected by {_WEAK[entry.scheme]} only",
        certainty=Certainty.PRESENT,
        confidence=surest(one.confidence for one in entries),
        locations=[one.where for one in entries],
        claims=held.claims,
        shown_by=["read as a line of a password file" if entry.source == "pattern" else "read from the password file"],
        facts=[secret_words(entry.secret)],
        assumes=(*held.assumes, search) if searchable else held.assumes,
    )
