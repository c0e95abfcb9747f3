"""A private key is shipped in the software.

## What it finds

A private key that anybody with the image can read: of an SSH server, of an SSH user, of a TLS server or client, or of
unknown use.

## Why it matters for a patient

A user's key logs in wherever its public half is accepted; one such key opened every monitor and central station of a
large maker. A server's key lets an impostor pose as the device, so that a technician hands his password to the wrong
machine.

## How it decides

A readable private key is a finding and, in the software as shipped, the same in every unit. Where its public half is
among the authorised keys of an account that can log in, it is claimed to open the SSH service that reads them; the
finding says which list and which start showed it. A user's key is otherwise claimed to be accepted by the device's own
SSH service only if there are no lists of authorised keys to compare it with; that is an assumption, and shown. A
server's key opens nothing by itself; a certificate that belongs to it is named. The host key of an SSH service that asks
for a password, in a firmware image or in two units, lets whoever has it pose as the device and learn the password of
whoever logs in. The host key in a folder of files may be one that a unit made for itself, and states no such path. A key that Wi-Fi
settings name (802.1X with EAP-TLS) is the device's identity in the network and claimed to open it. A key of a test
suite or sample is weak evidence and states no path either. A passphrase that everybody tries first, or an empty one,
protects nothing; the password of a key store that stands in the same software is taken to open it, and that is shown.

## When it stays silent

Keys under a passphrase that is not known, placeholders, keys in manuals, published test keys in no known use (the `openssl` program
carries some for its speed test), and keys with which an installed library tests itself (in a folder of tests below
`dist-packages`, `site-packages`, `node_modules` or `gems`), unless an account lets them in.

## When it cannot tell

When private keys were not looked for, or parts of the evidence could not be opened.

## References

CWE-321, CWE-522, CWE-1394, CAPEC-37, ATT&CK T0891, ICSMA-20-023-01
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from asepsis.findings.dismissals import dismissed, of_secret
from asepsis.findings.documentation import is_library_test
from asepsis.findings.host_keys import known_by
from asepsis.findings.key_log_ins import account_of, authorised, lets_in
from asepsis.findings.log_ins import Entry, kept_secret, together
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.wifi import named_by, use_of
from asepsis.findings.witness import most_certain, shown, unique
from asepsis.findings.words import PROPOSAL, listed, named, place, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import AuthorizedKey, Certificate, Confidence, KeyReference, PrivateKey, ShownKey, StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import USABLE_FORMS, SecretForm

INFO = RuleInfo(
    id="private_key_in_image",
    title="Private key shipped in the software",
    summary="A key that should be secret and different in every unit lies in the software that everybody gets.",
    weakness=Weakness.PRIVATE_KEY_SHIPPED,
    cwe=(321, 522),
    needs=(PrivateKey,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-321", "CWE-522", "CWE-1394", "CAPEC-37", "ATT&CK T0891", "ICSMA-20-023-01"),
)

_USES = {
    "ssh-host": (
        "the device's SSH service",
        "whoever has it can pose as any unit towards a technician; each unit should make its own when first started",
    ),
    "ssh-user": ("an SSH user", "whoever has it logs in wherever its public half is accepted"),
    "network": ("this device in its network (802.1X)", "whoever has it joins that network as the device"),
    "tls": ("a TLS connection", "whoever has it can pose as the device, or as its user, on that connection"),
}
_SERVED_BY = {"ssh-host": ("ssh",), "ssh-user": ("ssh",), "tls": ("https",)}


_STORES = frozenset({"jks", "jceks", "bks", "pkcs12", "pem", "der"})
_STORE_PASSWORD = re.compile(r"(?:store|private.?key|pfx|p12|pkcs.?12|ssl.?key|tls.?key).{0,12}pass|keypass", re.IGNORECASE)


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every readable private key."""
    for key in facts.of(PrivateKey):
        exemption, why = _exempt(facts, key)
        yield dismissed(INFO, exemption, why, key.where) if why else _shipped(facts, key, context)


def _exempt(facts: Facts, key: PrivateKey) -> tuple[Exemption, str]:
    """Why a key is of no use to whoever reads it; empty words if it is."""
    if key.encrypted and not key.opened_by and not _passwords_beside(facts, key):
        return Exemption.SEALED, "a private key under a passphrase"
    if key.secret.placeholder:
        return of_secret(key.secret), f"a private key that is {key.secret.placeholder}"
    if key.public_test_key and key.purpose not in _USES and not authorised(facts, key.secret.digest):
        return Exemption.PUBLIC_TEST_KEY, f"the published test key {short(key.public_test_key)} in no known use"
    if is_library_test(key.where) and not authorised(facts, key.secret.digest):
        return Exemption.LIBRARY_TEST, "a key with which a library tests itself"
    return Exemption.OTHER, ""


def _passwords_beside(facts: Facts, key: PrivateKey) -> tuple[StoredSecret, ...]:
    """Passwords of key stores that stand in the same software, readable."""
    if not key.encrypted or key.opened_by or key.encoding not in _STORES:
        return ()
    usable = (one for one in facts.of(StoredSecret) if one.secret.form in USABLE_FORMS and not one.secret.placeholder)
    return tuple(one for one in usable if _STORE_PASSWORD.search(one.key_name) and one.where.evidence == key.where.evidence)


def _shipped(facts: Facts, key: PrivateKey, context: Context) -> Found:
    lists, certificates, settings = authorised(facts, key.secret.digest), _certificates(facts, key), named_by(facts, key.where)
    key = replace(key, purpose=_purpose(key, lists, certificates, settings))
    owner, means = _USES.get(key.purpose, ("unknown use", "what it opens is not known"))
    what = f"The private key of {owner}"
    ways = [way for way in ways_in(facts, *_SERVED_BY.get(key.purpose, ("",))) if not way.exempt]
    use = together(*(lets_in(facts, one, context.as_of) for one in lists)) if lists else _use(facts, key, ways)
    use = together(use, *(use_of(facts, one.store, key.secret.digest) for one in settings))
    beside = _passwords_beside(facts, key)
    form = SecretForm.PUBLIC if key.public_test_key else SecretForm.RECOVERABLE if key.encrypted else None
    entry = together(kept_secret(facts, key.secret, key.where, what=what, form=form), use, known_by(facts, key, ways), _unlocked(beside, key))
    on_wire = _on_wire(facts, key)
    opened = [f"it is under a passphrase, but {key.opened_by} opens it"] if key.opened_by else []
    public = [f"it is the published test key {short(key.public_test_key)}"] if key.public_test_key else []
    return found(
        INFO,
        subject=f"{key.purpose} {key.algorithm} key",
        title=f"{what} is shipped in the software{_opening(facts, lists, use)}",
        certainty=most_certain((entry.certainty, *(shown(facts, one.where)[0] for one in on_wire))),
        confidence=key.confidence,
        locations=[key.where],
        claims=entry.claims,
        shown_by=(*entry.shown_by, *(f"{short(one.server)} proves with it who it is ({place(one.where)})" for one in on_wire))
        or ("no service that uses it was seen, so it is only present",),
        facts=[
            f"{key.algorithm}{f' {key.bits} bits' * bool(key.bits)}, {key.encoding}, digest {key.secret.digest}",
            means,
            *opened,
            *public,
            *(f"it belongs to the certificate of {named(one.subject, 'nobody named')} ({place(one.where)})" for one in certificates),
            *(f"it is named by the settings of {named(one.subject, 'a network')} ({place(one.where)})" for one in settings),
            *use.refused,
        ],
        assumes=entry.assumes,
        cwe=(321, 522, 1394) if key.purpose == "ssh-host" else (),
    )


def _on_wire(facts: Facts, key: PrivateKey) -> tuple[ShownKey, ...]:
    """The servers that were seen to prove with it who they are."""
    return tuple(one for one in facts.of(ShownKey) if one.digest == key.secret.digest)


def _unlocked(beside: Sequence[StoredSecret], key: PrivateKey) -> Entry:
    """What is taken for granted of a store whose password stands elsewhere."""
    if not beside:
        return Entry()
    return Entry(assumes=(f"The key store's password in {place(beside[0].where)} is taken to open {place(key.where)} {PROPOSAL}",))


def _opening(facts: Facts, lists: Sequence[AuthorizedKey], use: Entry) -> str:
    """Whom it lets in, for the title."""
    accounts = unique(named(account_of(facts, one), "an account") for one in lists)
    return f" and logs in as {listed(accounts)}" if accounts and use.claims else ""


def _certificates(facts: Facts, key: PrivateKey) -> tuple[Certificate, ...]:
    """The certificates that it belongs to."""
    return tuple(certificate for certificate in facts.of(Certificate) if certificate.digest == key.secret.digest)


def _purpose(key: PrivateKey, lists: Sequence[AuthorizedKey], certificates: Sequence[Certificate], settings: Sequence[KeyReference]) -> str:
    """What it is for: what it was matched with says more than where it lies."""
    if lists:
        return "ssh-user"
    if settings:
        return "network"
    return "tls" if certificates and key.purpose not in _USES else key.purpose


def _use(facts: Facts, key: PrivateKey, ways: list[WayIn]) -> Entry:
    """The service that uses the key is there. A user's key that no list was seen for may be let in all the same."""
    certainty, lines = most_certain(way.certainty for way in ways), unique(f"{way.label}: {line}" for way in ways for line in way.shown_by)
    if key.purpose != "ssh-user" or not ways:
        return Entry(certainty=certainty, shown_by=lines)
    if any(one.confidence is not Confidence.WEAK for one in facts.of(AuthorizedKey)):
        return Entry(refused=("its public half is in none of the lists of authorised keys that were seen: it is a key to some other machine",))
    claims = [one for way in ways for one in (claim("accepts", THIS, key.secret.digest, way.id), *way.claims())]
    accepted = f"The SSH user's key in {place(key.where)} is taken to be accepted by the device's own SSH service {PROPOSAL}"
    return Entry(unique(claims), certainty, lines, (accepted, *(text for way in ways for text in way.assumes)))
