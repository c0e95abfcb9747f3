"""A device of IEEE 11073 SDC can be spoken to without TLS.

## What it finds

A medical device that announces (WS-Discovery) that it is spoken to by plain `http`.

## Why it matters for a patient

SDC carries readings, alarms and orders of devices around the bed. Without TLS whoever is on that network reads and
changes them, and a device takes orders from strangers.

## How it decides

An announcement with the type `MedicalDevice` that gives an address with `http` is a finding. What was really said in
clear is told by `flow_in_clear`.

## When it stays silent

Devices that announce `https` only; whether they ask for a certificate of the other side is told by
`client_certificate_not_asked`.

## When it cannot tell

When an announcement gives no address; when no traffic was given.

## References

CWE-319, CWE-306, CAPEC-94, ATT&CK T0830, IEEE 11073-20701
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.uses import by_server, observed
from asepsis.findings.words import short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, Effect, ServiceUse, Use, Zone
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="sdc_without_tls",
    title="SDC device without TLS",
    summary="A device that others may command says that it speaks without protection.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(319, 306),
    needs=(ServiceUse,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-319", "CWE-306", "CAPEC-94", "ATT&CK T0830", "IEEE 11073-20701"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every device that announced itself."""
    for address, uses in by_server(facts, Use.ANNOUNCED).items():
        schemes = {word for one in uses for word in one.detail.split()}
        if "http" in schemes:
            name = f"sdc at {short(address)}"
            flow = claim("flow", THIS, name, Zone.DEVICE_NETWORK, Effect.READING)
            yield observed(
                facts,
                INFO,
                tuple(one for one in uses if "http" in one.detail.split()),
                title=f"The medical device at {short(address)} says that it speaks SDC without TLS",
                claims=[flow, claim("readable", THIS, name), claim("alterable", THIS, name)],
                confidence=Confidence.LIKELY,
            )
        elif "https" in schemes:
            yield dismissed(INFO, Exemption.PROTECTED, f"the medical device at {short(address)} announces https only", uses[0].where)
        else:
            yield NotAssessed(INFO.id, f"the medical device at {short(address)} did not say how it is spoken to")
