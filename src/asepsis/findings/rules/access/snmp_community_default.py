"""SNMP answers to a community name that everybody knows.

## What it finds

An SNMP service with a public default community name, or with none asked at all.

## Why it matters for a patient

With the write community an attacker changes network settings or restarts the device from anywhere it can be reached;
with the read community he learns what to attack next.

## How it decides

An SNMP community name that equals a public default is a finding, joined with the SNMP service. An SNMP service that
is known to ask for nothing is one too.

## When it stays silent

When SNMP is switched off or answers on loopback only, and when its community names were compared and are no defaults.

## When it cannot tell

When SNMP is there but none of its community names was read, or one could not be compared; when services or stored
secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-1392, CWE-306, CAPEC-70, ATT&CK T0812
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.log_ins import Entry, entry_by, kept_secret, together
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, is_snmp, no_secret
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.words import secret_words
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Auth, Service, StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm

INFO = RuleInfo(
    id="snmp_community_default",
    title="SNMP with a well-known community name",
    summary="The device's management service answers to a name that everybody knows.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(1392,),
    needs=(Service, StoredSecret),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-1392", "CWE-306", "CAPEC-70", "ATT&CK T0812"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every default community name, and every SNMP service that asks for none."""
    ways = ways_in(facts, "snmp")
    names = [stored for stored in facts.of(StoredSecret) if is_snmp(stored) and not no_secret(stored)]
    if ways and all(way.exempt for way in ways):
        yield from (set_aside(INFO, way) for way in ways)
        return
    for stored in names:
        if belongs_to(stored) == INFO.id:
            yield _default_name(facts, stored, ways)
    for way in ways:
        if not way.exempt:
            yield _service(way, names)


def _default_name(facts: Facts, stored: StoredSecret, ways: tuple[WayIn, ...]) -> Found:
    held = kept_secret(facts, stored.secret, stored.where, what="The SNMP community name", form=SecretForm.PUBLIC)
    entry = together(held, entry_by(ways, "", stored.secret.digest) if ways else Entry())
    return found(
        INFO,
        subject="snmp community",
        title="SNMP answers to a community name that is a well-known default",
        certainty=entry.certainty,
        confidence=stored.confidence,
        locations=[stored.where],
        claims=entry.claims,
        shown_by=entry.shown_by or ("no SNMP service was seen, so it is only present",),
        facts=[secret_words(stored.secret)],
        assumes=entry.assumes,
    )


def _service(way: WayIn, names: list[StoredSecret]) -> Outcome:
    if way.auth is Auth.NONE:
        return exposed(INFO, way, title=sentence(way, "answers without asking for anything"), cwe=(306,))
    if not names:
        return NotAssessed(INFO.id, "SNMP is there, but its community names were not seen")
    if any(stored.secret.known_default is None for stored in names):
        return NotAssessed(INFO.id, "an SNMP community name could not be compared with known defaults")
    return dismissed(INFO, Exemption.PROTECTED, "SNMP's community names were compared with the known defaults", way.locations[0])
