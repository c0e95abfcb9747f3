"""A Wi-Fi network of the device is open.

## What it finds

A wireless network without a password: the device's own access point, or one that the device is set to join.

## Why it matters for a patient

Whoever is within range of the device's own network is beside the device at once and reaches all its services. Where
the device joins an open network, anybody can pretend to be that network.

## How it decides

An access point that asks for nothing, or an empty Wi-Fi secret, is a finding. An empty secret is claimed to open the
device network.

## When it stays silent

Networks with a password or certificate; access points that are switched off.

## When it cannot tell

When what an access point asks for is not known; when services and stored secrets were not looked for, or parts of the
evidence could not be opened.

## References

CWE-306, CWE-311, CAPEC-615, ATT&CK T0860
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.exposed import set_aside
from asepsis.findings.log_ins import Entry
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.witness import as_shipped
from asepsis.findings.words import named, place, same_everywhere, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Auth, Confidence, Service, StoredSecret, Zone
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where

INFO = RuleInfo(
    id="open_wifi_access_point",
    title="Open Wi-Fi network",
    summary="A wireless network of the device can be joined without a password.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306, 311),
    needs=(Service, StoredSecret),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-306", "CWE-311", "CAPEC-615", "ATT&CK T0860"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every open network, told by a service or by an empty key."""
    for way in ways_in(facts, "wifi-access-point"):
        yield _access_point(facts, way)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) == INFO.id:
            yield _open(facts, stored.subject, stored.where, stored.confidence, Entry(shown_by=("read from the Wi-Fi settings",)))


def _access_point(facts: Facts, way: WayIn) -> Outcome:
    where = way.locations[0]
    if way.exempt:
        return set_aside(INFO, way)
    if way.auth is Auth.UNKNOWN:
        return NotAssessed(INFO.id, f"what the device's access point asks for is not known ({place(where)})")
    if way.auth is not Auth.NONE:
        return dismissed(INFO, Exemption.PROTECTED, f"the device's access point asks for a {way.auth.value}", where)
    return _open(
        facts, way.subject, where, way.confidence, Entry(certainty=way.certainty, shown_by=(*way.shown_by, *way.details), assumes=way.assumes)
    )


def _open(facts: Facts, ssid: str, where: Where, confidence: Confidence, entry: Entry) -> Found:
    secret = f"empty-{short(ssid or 'wifi')}"
    claims = [claim("secret", THIS, secret, SecretKind.WIFI, SecretForm.EMPTY), claim("opens_network", secret, Zone.DEVICE_NETWORK)]
    assumes = [*entry.assumes]
    if as_shipped(facts, where):
        claims.append(claim("same_in_every_unit", THIS, secret))
        assumes.append(same_everywhere(f"The open Wi-Fi network {named(ssid, 'without a name')}"))
    return found(
        INFO,
        subject=ssid or "wifi",
        title=f"The Wi-Fi network {named(ssid, 'without a name')} is open to everybody in range",
        certainty=entry.certainty,
        confidence=confidence,
        locations=[where],
        claims=claims,
        shown_by=entry.shown_by,
        assumes=assumes,
    )
