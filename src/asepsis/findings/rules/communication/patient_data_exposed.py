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

When it is not known whether a store is encrypted; when a store is empty, as one is in software that was never in use;
when stores, flows or radio links were not looked for, or parts of the evidence could not be opened.

## References

CWE-359, CWE-312, CWE-319, CAPEC-37, CAPEC-158, ATT&CK T0882, ICSMA-25-030-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import flow_id
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short, zone_words
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.facts import Confidence, Effect, Flow, PatientDataStore, RadioLink
from asepsis.model.finding import Weakness

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
        elif not store.encrypted and store.records == 0:
            yield NotAssessed(
                INFO.id, f"{named(store.store, 'a store of patient data')} is empty here: what it holds in use was not seen ({place(store.where)})"
            )
        elif not store.encrypted:
            yield _stored(facts, store)
    links: tuple[Flow | RadioLink, ...] = (*facts.of(Flow), *facts.of(RadioLink))
    for link in links:
        if link.patient_data and link.encrypted is False:
            yield _travelling(facts, link)


def _stored(facts: Facts, store: PatientDataStore) -> Found:
    count = f"{store.records} records" if store.records is not None else "the number of records is not known"
    title = f"Patient data is stored unencrypted in {named(store.store, 'a store')}"
    return _exposed(facts, store, store.store, title, [claim("exposes_record", THIS, short(store.store), store.zone)], [count])


def _travelling(facts: Facts, link: Flow | RadioLink) -> Found:
    """What travels is stated as a flow of its own: encrypting the link ends it, and nobody changes a dose by reading."""
    name = flow_id(link)
    records = f"{short(name)} (patient data)"
    claims = [claim("flow", THIS, records, link.zone, Effect.RECORD), claim("readable", THIS, records)]
    return _exposed(facts, link, name, f"Patient data travels unencrypted on {named(name, 'a link')}", claims, [], cwe=(359, 319))


def _exposed(
    facts: Facts, fact: PatientDataStore | Flow | RadioLink, name: str, title: str, claims: list[Claim], said: list[str], cwe: tuple[int, ...] = ()
) -> Found:
    certainty, words = shown(facts, fact.where)
    return found(
        INFO,
        subject=name,
        title=title,
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[fact.where],
        claims=claims,
        shown_by=[words],
        facts=[f"readable from {zone_words(fact.zone)}", *said],
        cwe=cwe,
    )
