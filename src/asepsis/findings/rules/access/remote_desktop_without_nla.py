"""Remote Desktop shows its screen to whoever connects.

## What it finds

A Remote Desktop server that agrees to a connection without Network Level Authentication (CredSSP).

## Why it matters for a patient

Whoever connects is talking to the log-in screen of the device before he has shown who he is. Flaws in exactly that
part opened scanners and workstations without a password.

## How it decides

A server that chose RDP's own protection or TLS alone is a finding: one that demands CredSSP would have refused. RDP's
own protection does not prove who the server is either.

## When it stays silent

Servers that chose CredSSP, and those that refused.

## When it cannot tell

When the answer of the server was not recorded; when no traffic was given.

## References

CWE-287, CWE-306, ATT&CK T0866, ATT&CK T0886, CVE-2019-0708
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.uses import by_server, granted, observed, ways
from asepsis.findings.words import listed, short
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="remote_desktop_without_nla",
    title="Remote Desktop without log-in before the screen",
    summary="A stranger gets as far as the screen for logging in.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(287, 306),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-287", "CWE-306", "ATT&CK T0866", "ATT&CK T0886", "CVE-2019-0708"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every Remote Desktop server that was connected to."""
    for server, uses in by_server(facts, Use.EARLY_SCREEN).items():
        early = granted(uses)
        if early:
            how = listed(sorted({one.detail for one in early}))
            title = f"Remote Desktop at {short(server)} shows the screen for logging in to whoever connects ({how})"
            yield observed(facts, INFO, early, title=title, claims=ways(facts, early))
        else:
            what = f"Remote Desktop at {short(server)} asks who it is before it shows a screen"
            yield dismissed(INFO, Exemption.PROTECTED, what, uses[0].where)
