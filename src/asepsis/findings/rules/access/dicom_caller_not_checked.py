"""A DICOM server lets in whoever calls himself something.

## What it finds

A DICOM server or modality that accepts an association whatever name (application entity title) the caller gives
himself.

## Why it matters for a patient

Whoever reaches it stores images under a patient's name, reads and deletes others, or fills it until it stops. A
tumour that was put into an image or taken out of it changes the treatment.

## How it decides

The calling title is the only thing by which DICOM without TLS and without user identity tells callers apart, and
anybody can write it. A server that let in a caller with the title that public tools bear as they come (`ECHOSCU`,
`STORESCU`, `PYNETDICOM` …) is taken to have no list. One address that was let in under several titles is weak
evidence: a router of images does that too, so no path is built on it.

## When it stays silent

Where an association was refused because the calling title is not known (PS3.8, table 9-21): that server has a list.

## When it cannot tell

Where all that was seen are accepted associations, each address under one title: they may all be on a list. Calling
once with a title that nobody has would tell. When no traffic was given.

## References

CWE-306, CWE-290, CAPEC-151, ATT&CK T0866, ICSMA-25-037-02
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.uses import Uses, by_server, granted, observed, zones
from asepsis.findings.witness import unique
from asepsis.findings.words import listed, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Auth, Confidence, Gives, ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="dicom_caller_not_checked",
    title="DICOM server that knows no callers",
    summary="An image archive or scanner opens to whoever names himself.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306, 290),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-306", "CWE-290", "CAPEC-151", "ATT&CK T0866", "ICSMA-25-037-02"),
)

_OF_TOOLS = frozenset({"ECHOSCU", "STORESCU", "FINDSCU", "MOVESCU", "GETSCU", "DCMSEND", "ANY-SCU", "ANYSCU", "PYNETDICOM", "GDCMSCU"})
"""Calling titles of DCMTK, dcm4che, pynetdicom and GDCM, if nobody gives them another [K]."""
_NO_LIST = "The title is that of a public tool as it comes, which is taken to be on no list of callers [K]"


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server that was called."""
    for server, uses in by_server(facts, Use.CALLER).items():
        let_in = granted(uses)
        if len(let_in) < len(uses):
            yield dismissed(INFO, Exemption.PROTECTED, f"{short(server)} refused a caller whose title it does not know", uses[0].where)
            continue
        tools = tuple(one for one in let_in if one.detail.strip().upper() in _OF_TOOLS)
        several = tools or _under_several(let_in)
        titles = listed(unique(one.detail for one in several or let_in))
        if not several:
            reason = f"{short(server)} let in {titles}, and nobody was refused; whether it would let in another title was not seen"
            yield NotAssessed(INFO.id, reason)
            continue
        yield observed(
            facts,
            INFO,
            several,
            title=f"DICOM at {short(server)} lets in who calls himself {titles}: it seems to know no callers",
            claims=[
                one
                for zone in zones(tools)
                for one in (claim("service", THIS, "dicom", zone, Auth.NONE), claim("service_gives", THIS, "dicom", Gives.RECORD))
            ],
            said=[f"let in under the titles {listed(unique(one.detail for one in let_in), most=8)}; none was refused"],
            assumes=[_NO_LIST],
            confidence=Confidence.LIKELY if tools else Confidence.WEAK,
        )


def _under_several(let_in: Uses) -> Uses:
    """The uses of addresses that were let in under more than one title."""
    return tuple(one for one in let_in if len({other.detail for other in let_in if other.client == one.client}) > 1)
