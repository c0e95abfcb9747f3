"""Files are shared through the first version of SMB.

## What it finds

A Windows share, or one that imitates it, that agrees to version 1 of SMB.

## Why it matters for a patient

Two worms went through hospitals by this version and stopped scanners, pumps' servers and laboratories for days. It
encrypts nothing, so images and reports can be read on the way, and changed where messages are not signed.

## How it decides

A server that chose a dialect of version 1, or went on speaking it, is a finding. Which flaws its software has is not
shown by that, and no path through one is built; that what is moved can be read, and changed where it did not ask for
signatures, is claimed.

## When it stays silent

Servers that answer with version 2 or 3, and those that answer in the old format only to say that they know none of
the offered versions.

## When it cannot tell

When no traffic was given.

## References

CWE-327, CWE-311, ATT&CK T0866, ATT&CK T0867, CVE-2017-0144, CISA KEV
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.uses import by_server, granted, observed, sent
from asepsis.findings.words import short
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="smb_outdated_version",
    title="Outdated version of Windows file sharing",
    summary="The device shares files in a way that worms are known for.",
    weakness=Weakness.OUT_OF_DATE_SOFTWARE,
    cwe=(327, 311),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-327", "CWE-311", "ATT&CK T0866", "ATT&CK T0867", "CVE-2017-0144", "CISA KEV"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server that chose version 1."""
    for server, uses in by_server(facts, Use.OLD_VERSION).items():
        agreed = granted(uses)
        if not agreed:
            yield dismissed(INFO, Exemption.PROTECTED, f"{short(server)} refused version 1 of SMB", uses[0].where)
            continue
        unsigned = any("unsigned" in one.detail for one in agreed)
        yield observed(
            facts,
            INFO,
            agreed,
            title=f"The Windows share at {short(server)} agrees to version 1 of SMB",
            claims=sent(agreed, f"smb files at {server}", "readable", *["alterable"] * unsigned),
            said=["it does not ask for signed messages"] if unsigned else [],
        )
