"""An account other than root has root's powers.

## What it finds

A log-in name with user number 0 that is not called root and can log in.

## Why it matters for a patient

Such accounts are made for field service and then forgotten. They do everything root can, and rules for root (no
remote log-in, password changed at installation) do not hold for them.

## How it decides

An account with user number 0, another name than root, and a shell that lets people in, is a finding. What its
password opens is said by the rules of passwords.

## When it stays silent

Root itself; accounts whose shell refuses log-in.

## When it cannot tell

When accounts were not looked for, or parts of the evidence could not be opened.

## References

CWE-250, CWE-269, CAPEC-70, ATT&CK T0859
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.log_ins import SUPER_USER, cannot_log_in, is_backup
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.words import named
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Account, Confidence
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="second_root_account",
    title="Second account with root's powers",
    summary="A log-in other than root may do everything on the device.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(250, 269),
    needs=(Account,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-250", "CWE-269", "CAPEC-70", "ATT&CK T0859"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every account with user number 0 besides root."""
    for account in facts.of(Account):
        if account.uid != 0 or account.name == SUPER_USER:
            continue
        if is_backup(account.where):
            yield dismissed(INFO, Exemption.BACKUP_COPY, f"{named(account.name, 'an account')} has the rights of root", account.where)
            continue
        barred = cannot_log_in(facts, account.name)
        if barred:
            yield dismissed(INFO, Exemption.CANNOT_LOG_IN, barred, account.where)
            continue
        yield found(
            INFO,
            subject=account.name,
            title=f"Account {named(account.name, 'without a name')} has all of root's powers",
            certainty=Certainty.PRESENT,
            confidence=Confidence.CONFIRMED,
            locations=[account.where],
            claims=(),
            shown_by=["user number 0 in the account file"],
        )
