"""A DICOM server tells a stranger who its patients are.

## What it finds

A DICOM server that answers a query which asks for everybody (C-FIND with an empty or asterisk name) although the
caller proved nothing.

## Why it matters for a patient

The list of patients, examinations and dates is what an attacker needs to choose whose images to take, change or
delete; it cannot be made secret again.

## How it decides

A query of the patient or study model whose keys name nobody, over an association without user identity and without
TLS, which was answered with at least one match, is a finding. How many were told is counted, who they are is never
kept.

## When it stays silent

Queries that name a patient, an examination or an order; worklists of a modality, which are asked for everybody by
their nature; queries that were refused; associations that offered a user identity.

## When it cannot tell

When a query for everybody was answered with nobody, or no answer was recorded; when no traffic was given.

## References

CWE-306, CWE-359, CAPEC-116, ATT&CK T0861, ICSMA-25-037-02
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.uses import by_server, granted, observed, zones
from asepsis.findings.words import short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="dicom_query_of_all_patients",
    title="DICOM query for all patients is answered",
    summary="Whoever asks is told who the patients are.",
    weakness=Weakness.PATIENT_DATA_EXPOSED,
    cwe=(306, 359),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-306", "CWE-359", "CAPEC-116", "ATT&CK T0861", "ICSMA-25-037-02"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server that was asked for everybody."""
    for server, uses in by_server(facts, Use.QUERY).items():
        open_ = tuple(one for one in granted(uses) if not one.detail)
        if open_:
            store = f"dicom query {short(server)}"
            yield observed(
                facts,
                INFO,
                open_,
                title=f"DICOM at {short(server)} answers a query for all patients to a caller who proved nothing",
                claims=[claim("exposes_record", THIS, store, zone) for zone in zones(open_)],
            )
        elif any(one.granted is None for one in uses):
            yield NotAssessed(INFO.id, f"{short(server)} was asked for all patients, and nobody in an answer was seen")
        else:
            yield dismissed(INFO, Exemption.PROTECTED, f"{short(server)} refused a query for all patients, or knew who asked", uses[0].where)
