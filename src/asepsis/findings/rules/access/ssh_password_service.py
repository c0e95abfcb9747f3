"""An SSH service takes passwords that are the same everywhere, or root's.

## What it finds

An SSH service that lets people log in with a password, where root may do so or an account has a password built into
the software.

## Why it matters for a patient

SSH hides what is typed, but not who types. With a password that every unit shares, whoever knows it commands every
unit over the network.

## How it decides

SSH is a finding if it takes passwords and either root may log in with one, or the image holds the password of an
account that can log in and that SSH does not refuse. Where its settings do not say whether it takes passwords, a
built-in password makes it a finding with that assumption shown.

## When it stays silent

When SSH takes keys only, is switched off, answers on loopback only, or when root is refused and no account has a
built-in password.

## When it cannot tell

When SSH's settings do not say whether it takes passwords and no built-in password was found; when services were not
looked for, or parts of the evidence could not be opened.

## References

CWE-749, CWE-798, CAPEC-555, ATT&CK T0886, ICSMA-20-023-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.log_ins import SUPER_USER, cannot_log_in, is_backup, is_empty, is_of_system, refuses, usable_hashes
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.words import PROPOSAL, listed
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Auth, Confidence, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="ssh_password_service",
    title="SSH service with shared passwords",
    summary="The device can be operated over the network by whoever knows a password that all units share.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(749,),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-749", "CWE-798", "CAPEC-555", "ATT&CK T0886", "ICSMA-20-023-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every SSH service with a password that could be shared."""
    for way in ways_in(facts, "ssh"):
        yield set_aside(INFO, way) if way.exempt else _judged(facts, way)


def _judged(facts: Facts, way: WayIn) -> Outcome:
    if way.auth in {Auth.KEY, Auth.MUTUAL}:
        return dismissed(INFO, Exemption.PROTECTED, "SSH takes no passwords", way.locations[0])
    accounts = _built_in(facts, way)
    if accounts:
        unsure = () if way.auth is not Auth.UNKNOWN else (f"SSH is taken to accept passwords: its settings do not say {PROPOSAL}",)
        title = sentence(way, f"takes passwords, and the software has the password of {listed(accounts)} built in")
        return exposed(INFO, way, title=title, assumes=unsure, cwe=(749, 798))
    if way.auth is Auth.UNKNOWN:
        return NotAssessed(INFO.id, "SSH's settings do not say whether it takes passwords, and no built-in password was seen")
    if way.root_log_in and not refuses(way, SUPER_USER):
        return exposed(INFO, way, title=sentence(way, "lets root log in with a password"))
    return dismissed(INFO, Exemption.PROTECTED, "SSH takes passwords, but no account has one built in and root is not let in", way.locations[0])


def _built_in(facts: Facts, way: WayIn) -> tuple[str, ...]:
    """Accounts whose password is in the image and that SSH does not refuse."""
    names = {
        entry.account
        for entry in usable_hashes(facts)
        if is_of_system(entry.source)
        and entry.confidence is not Confidence.WEAK
        and not is_backup(entry.where)
        and not cannot_log_in(facts, entry.account)
        and not refuses(way, entry.account, empty=is_empty(entry))
    }
    return tuple(sorted(f"'{name}'" for name in names))
