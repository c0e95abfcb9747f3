"""Settings of a device are written through SNMP without protection.

## What it finds

A device that changes its settings on a request of SNMP version 1 or 2c, whose only secret, the community name, is
sent in clear.

## Why it matters for a patient

Whoever listens once can write too: addresses, alarms' receivers, a restart. A monitor that reports to the wrong
address calls nobody.

## How it decides

A request to set a value that the device answered without an error is a finding. What was set is not kept.

## When it stays silent

Requests that only read; version 3; writes that the device refused.

## When it cannot tell

When a write was seen and no answer to it; when no traffic was given.

## References

CWE-319, CWE-306, CAPEC-94, ATT&CK T0836, ATT&CK T0842
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.uses import by_server, granted, observed, ways
from asepsis.findings.words import listed, short
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="snmp_write_in_clear",
    title="Settings written through SNMP in clear",
    summary="The device takes new settings from whoever knows a word that is sent in clear.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(319, 306),
    needs=(ServiceUse,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-319", "CWE-306", "CAPEC-94", "ATT&CK T0836", "ATT&CK T0842"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every device that was told to set something."""
    for server, uses in by_server(facts, Use.WRITE).items():
        done = granted(uses)
        if done:
            versions = listed(sorted({one.detail for one in done}))
            title = f"Settings of {short(server)} are written through SNMP {versions}, without encryption"
            yield observed(facts, INFO, done, title=title, claims=ways(facts, done))
        elif any(one.granted is False for one in uses):
            yield dismissed(INFO, Exemption.RESTRICTED, f"{short(server)} refused to be written to through SNMP", uses[0].where)
        else:
            yield NotAssessed(INFO.id, f"{short(server)} was told through SNMP to change a setting, and no answer was seen")
