"""Data of patients can be read by others.

## What it finds

Records of patients that are stored unencrypted, and patient data in unencrypted traffic or radio.

## Why it matters for a patient

Diagnoses, names and treatments become public, cannot be made secret again, and tell an attacker whom to harm and how.
What was read is never copied into a report: only places and counts.

## How it decides

A store, flow or radio link with patient data that is read as unencrypted is a finding; the records are claimed to be
readable from where it is reached.

## When it stays silent

Encrypted stores and links; links without patient data.

## When it cannot tell

When it is not known whether a store is encrypted; when stores, flows or radio links were not looked for, or parts of
the evidence could not be opened.

## References

CWE-359, CWE-312, CWE-319, CAPEC-37, CAPEC-158, ATT&CK T0882, ICSMA-25-030-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import flow_id
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short, zone_words
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Confidence, Flow, PatientDataStore, RadioLink, Zone
from asepsis.model.finding import Weakness
from asepsis.model.where import Where

INFO = RuleInfo(
    id="patient_data_exposed",
    title="Patient data that others can read",
    summary="Records or live data of patients are kept or sent unencrypted.",
    weakness=Weakness.PATIENT_DATA_EXPOSED,
    cwe=(359, 312),
    needs=(PatientDataStore, Flow, RadioLink),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-359", "CWE-312", "CWE-319", "CAPEC-37", "CAPEC-158", "ATT&CK T0882", "ICSMA-25-030-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every unencrypted store or link with patient data."""
    for store in facts.of(PatientDataStore):
        if store.encrypted is None:
            yield NotAssessed(INFO.id, f"whether {named(store.store, 'a store of patient data')} is encrypted is not known ({place(store.where)})")
        elif not store.encrypted:
            count = f"{store.records} records" if store.records is not None else "the number of records is not known"
            yield _exposed(
                facts, store.store, store.where, store.zone, f"Patient data is stored unencrypted in {named(store.store, 'a store')}", count
            )
    links: tuple[Flow | RadioLink, ...] = (*facts.of(Flow), *facts.of(RadioLink))
    for link in links:
        if link.patient_data and link.encrypted is False:
            name = flow_id(link)
            yield _exposed(facts, name, link.where, link.zone, f"Patient data travels unencrypted on {named(name, 'a link')}", "", cwe=(359, 319))


def _exposed(facts: Facts, name: str, where: Where, zone: Zone, title: str, count: str, cwe: tuple[int, ...] = ()) -> Found:
    certainty, words = shown(facts, where)
    return found(
        INFO,
        subject=name,
        title=title,
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[where],
        claims=[claim("exposes_record", THIS, short(name), zone)],
        shown_by=[words],
        facts=[text for text in (f"readable from {zone_words(zone)}", count) if text],
        cwe=cwe,
    )
