"""The software comes with a key that may log in.

## What it finds

A public key in `authorized_keys` of the software as shipped: whoever holds its private half logs in to every unit over
SSH, without a password.

## Why it matters for a patient

The hospital did not put the key there and cannot know who holds it. One private half that leaks, from the maker, a
service company or another product, opens every device at once.

## How it decides

Each key is a finding; one key in several lists of one account is told once. The lists that this version knows are
`authorized_keys` and `authorized_keys2` of any home, `/etc/dropbear/authorized_keys` and the usual folders under
`/etc/ssh`. The claim is that the device's SSH service accepts the key, unless the service is switched off, answers only
to the device itself, takes no keys, refuses root, or does not read this list. A path to the patient follows only where
somebody is shown to have the private half: it lies in the same evidence, or it was published. Otherwise the finding
says that its holder is not known. `from=` is shown, with the assumption that an attacker can speak from there.

## When it stays silent

Lines that are commented out; keys that are bound to one fixed command, have expired, count only from the device
itself, or belong to an account that cannot log in; `known_hosts`, which lets nobody in. Keys in documentation are weak
evidence and state no path.

## When it cannot tell

When authorised keys were not looked for, or parts of the evidence could not be opened.

## References

CWE-798, CWE-912, CAPEC-191, ATT&CK T0859, ICSMA-20-023-01
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from asepsis.findings.dismissals import dismissed
from asepsis.findings.key_log_ins import account_of, lets_in, restricted
from asepsis.findings.log_ins import Entry, cannot_log_in, together
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.witness import surest
from asepsis.findings.words import named, place, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import AuthorizedKey, PrivateKey
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind

INFO = RuleInfo(
    id="authorized_key_shipped",
    title="Key that may log in, shipped in the software",
    summary="The software comes with a key whose holder can log in to every unit without a password.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(798, 912),
    needs=(AuthorizedKey,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-798", "CWE-912", "CAPEC-191", "ATT&CK T0859", "ICSMA-20-023-01"),
)


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every key of every account."""
    entries = sorted(facts.of(AuthorizedKey), key=lambda entry: (account_of(facts, entry), entry.digest))
    open_entries = []
    for entry in entries:
        limits = restricted(entry, context.as_of)
        why = limits or cannot_log_in(facts, account_of(facts, entry))
        if why:
            exemption = Exemption.RESTRICTED if limits else Exemption.CANNOT_LOG_IN
            yield dismissed(INFO, exemption, f"an authorised key of {_account(facts, entry)}: {why}", entry.where)
        else:
            open_entries.append(entry)
    for _, same in groupby(open_entries, key=lambda entry: (account_of(facts, entry), entry.digest)):
        yield _shipped(facts, context, list(same))


def _shipped(facts: Facts, context: Context, entries: Sequence[AuthorizedKey]) -> Found:
    first = entries[0]
    entry = together(*(lets_in(facts, one, context.as_of) for one in entries), _published(first))
    account = _account(facts, first)
    restrictions = [f"restricted by {short(one.options, 160)}" for one in entries if one.options]
    return found(
        INFO,
        subject=f"{first.algorithm} key of {account}",
        title=f"A key that the software comes with may log in as {account} over SSH",
        certainty=entry.certainty,
        confidence=surest(one.confidence for one in entries),
        locations=[one.where for one in entries],
        claims=entry.claims,
        shown_by=entry.shown_by,
        facts=(_key_words(first), _holder(facts, first), *restrictions, *(f"not everywhere: {why}" for why in entry.refused)),
        assumes=entry.assumes,
    )


def _published(entry: AuthorizedKey) -> Entry:
    """Everybody has the private half of a published pair."""
    if not entry.public_test_key:
        return Entry()
    return Entry(claims=(claim("secret", THIS, entry.digest, SecretKind.KEY, SecretForm.PUBLIC),))


def _holder(facts: Facts, entry: AuthorizedKey) -> str:
    """Who is shown to have the private half."""
    if entry.public_test_key:
        return f"its private half is published: {short(entry.public_test_key)}"
    halves = [key for key in facts.of(PrivateKey) if key.secret.digest == entry.digest]
    usable = next((key for key in halves if not key.encrypted), None)
    if usable:
        return f"its private half lies in {_near(facts, usable, entry)}: {place(usable.where)}"
    if halves:
        return f"its private half lies in {_near(facts, halves[0], entry)} under a passphrase: {place(halves[0].where)}; no path is built on it"
    return "who holds its private half is not in the evidence: ask the maker; no path is built on it"


def _near(facts: Facts, key: PrivateKey, entry: AuthorizedKey) -> str:
    """The piece of evidence that a private half lies in."""
    return "the same evidence" if key.where.evidence == entry.where.evidence else facts.name_of(key.where)


def _key_words(entry: AuthorizedKey) -> str:
    bits = f" {entry.bits} bits" if entry.bits else ""
    return f"{entry.algorithm}{bits}, digest {entry.digest}, called {named(entry.comment, 'nothing')}"


def _account(facts: Facts, entry: AuthorizedKey) -> str:
    return named(account_of(facts, entry), "an unnamed account")
