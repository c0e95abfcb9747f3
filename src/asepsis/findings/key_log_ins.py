"""Whom a key lets in: authorised keys, their accounts, the services that read them, and the reasons why one does not open the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from ipaddress import ip_address

from asepsis.findings.log_ins import SUPER_USER, Entry, cannot_log_in, together
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import ROOT_KEPT_OUT, TAKES_NO_KEYS, WayIn, ways_in
from asepsis.findings.witness import most_certain, unique
from asepsis.findings.words import PROPOSAL, named, place, short
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Account, AuthorizedKey, Confidence

_FROM = re.compile(r'(?:^|,)from="([^"]*)"')
_EXPIRY = re.compile(r'(?:^|,)expiry-time="(\d{4})(\d\d)(\d\d)')
_COMMAND = re.compile(r'(?:^|,)command="')
_READS = re.compile(r"reads keys from ([^,]+)")
"""How readers say in ``detail`` which lists of keys a service is told of."""
_DROPBEAR_ONLY = re.compile(r"(?:^|/)etc/dropbear/")
_OPENSSH_ONLY = re.compile(r"(?:^|/)etc/ssh/|/authorized_keys2$|administrators_authorized_keys$")


def authorised(facts: Facts, digest: str) -> tuple[AuthorizedKey, ...]:
    """The places that let the holder of the key in; those in documentation let nobody in."""
    return tuple(entry for entry in facts.of(AuthorizedKey) if entry.digest == digest and entry.confidence is not Confidence.WEAK)


def accounts_of(facts: Facts, entry: AuthorizedKey) -> tuple[str, ...]:
    """Whose log-ins it opens: every account whose home it lies in, or else what its place says; one empty name if that is not known."""
    folder = "/" + entry.where.member.rpartition("/.ssh/")[0]
    homes = [account for account in facts.of(Account) if len(account.home) > 1 and folder.endswith(account.home.rstrip("/"))]
    longest = max((len(account.home.rstrip("/")) for account in homes), default=0)
    closest = [account.name for account in homes if len(account.home.rstrip("/")) == longest]
    return unique(closest) if closest and "/.ssh/" in entry.where.member else (entry.account,)


def account_of(facts: Facts, entry: AuthorizedKey) -> str:
    """One of those: the first that can log in, if any can."""
    accounts = accounts_of(facts, entry)
    return next((account for account in accounts if not cannot_log_in(facts, account)), accounts[0])


def restricted(entry: AuthorizedKey, as_of: date) -> str:
    """Why its line gives nobody a shell, or an empty string."""
    if _COMMAND.search(entry.options):
        return "it may only run one fixed command, which was not looked into"
    expires = _EXPIRY.search(entry.options)
    if expires and tuple(map(int, expires.groups())) < (as_of.year, as_of.month, as_of.day):
        return f"it expired on {'-'.join(expires.groups())}"
    hosts = _hosts(entry)
    return "it counts from the device itself only" if hosts and all(map(_is_itself, hosts)) else ""


def lets_in(facts: Facts, entry: AuthorizedKey, as_of: date) -> Entry:
    """What the holder of the private half opens: every SSH service that reads this list and takes one of its accounts."""
    why = restricted(entry, as_of)
    return Entry(refused=(why,)) if why else together(*(_lets_in(facts, entry, account) for account in accounts_of(facts, entry)))


def _lets_in(facts: Facts, entry: AuthorizedKey, account: str) -> Entry:
    why = cannot_log_in(facts, account)
    if why:
        return Entry(refused=(why,))
    ways = ways_in(facts, "ssh")
    refusals = [_refuses(way, entry, account) for way in ways]
    open_ways = [way for way, refusal in zip(ways, refusals, strict=True) if not refusal]
    claims = (one for way in open_ways for one in (claim("accepts", THIS, entry.digest, way.id), *way.claims()))
    whose = f"{named(account, 'an account that its place does not name')} ({place(entry.where)})"
    return Entry(
        claims=unique(claims),
        certainty=most_certain(way.certainty for way in open_ways),
        shown_by=(f"its public half is among the authorised keys of {whose}", *_shown(open_ways)),
        assumes=_assumed(entry, open_ways),
        refused=unique(refusal for refusal in refusals if refusal) or (() if ways else ("no SSH service was seen",)),
    )


def _shown(ways: Iterable[WayIn]) -> tuple[str, ...]:
    return unique(f"{way.label} takes it: {line}" for way in ways for line in way.shown_by)


def _assumed(entry: AuthorizedKey, ways: list[WayIn]) -> tuple[str, ...]:
    assumed = [text for way in ways for text in way.assumes]
    assumed += [
        f"{way.label} is taken to read {place(entry.where)}: its settings name other lists {PROPOSAL}" for way in ways if _reads_others(way, entry)
    ]
    hosts = _hosts(entry)
    if ways and hosts:
        assumed.append(
            f"One of the addresses that the key counts from ({short(', '.join(hosts))}) is taken to be within an attacker's reach {PROPOSAL}"
        )
    return unique(assumed)


def _refuses(way: WayIn, entry: AuthorizedKey, account: str) -> str:
    """Why ``way`` does not take the key, or an empty string."""
    if way.exempt:
        return way.exempt
    if way.says(TAKES_NO_KEYS):
        return f"{way.label} takes no keys"
    if account == SUPER_USER and way.says(ROOT_KEPT_OUT):
        return f"{way.label} refuses root"
    if way.keeps_accounts_out or way.keeps_out(account):
        return f"{way.label} refuses {short(account)}"
    programs = way.programs
    if (_DROPBEAR_ONLY.search(entry.where.member) and programs == {"sshd"}) or (
        (not entry.usual_place or _OPENSSH_ONLY.search(entry.where.member)) and programs == {"dropbear"}
    ):
        return f"{way.label} ({', '.join(sorted(programs))}) does not read {place(entry.where)}"
    return ""


def _reads_others(way: WayIn, entry: AuthorizedKey) -> bool:
    """Its settings name lists of keys, and none that is called like this one."""
    named = [text for part in way.parts for found in [_READS.search(part.detail)] if found for text in found[1].split()]
    folder, _, file = entry.where.member.rpartition("/")
    return bool(named) and not any(text.endswith(f"/{file}") or folder.endswith(text.rpartition("/")[0].strip("/")) for text in named)


def _hosts(entry: AuthorizedKey) -> tuple[str, ...]:
    """The hosts that a key counts from; empty for all."""
    found = _FROM.search(entry.options)
    hosts = tuple(host.strip() for host in found.group(1).split(",") if not host.strip().startswith("!")) if found else ()
    return () if "*" in hosts else hosts


def _is_itself(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
