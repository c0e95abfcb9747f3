"""What device profile and site state to the attack graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asepsis.model.claim import Claim, claim
from asepsis.model.device import ROUTES, BarrierState, Device, Site
from asepsis.model.facts import Zone
from asepsis.model.secret import SecretKind

OWN_ZONES = (Zone.WIFI_RANGE, Zone.BLUETOOTH_RANGE, Zone.RADIO_RANGE, Zone.INDUCTIVE_RANGE, Zone.TOUCH, Zone.SUPPLY_CHAIN)
"""Zones that a device carries around itself: what it offers there is reached from there, whatever network it hangs on."""

NETWORK_SECRETS = frozenset({SecretKind.WIFI.value, SecretKind.NETWORK_LOGIN.value})
"""Secrets that belong to the hospital's network rather than to the unit."""


def profile_claims(device: Device) -> tuple[Claim, ...]:
    """The harms of each function, and each route to them that no *verified* barrier guards."""
    return tuple(sorted(set(_profile(device))))


def _profile(device: Device) -> Iterator[Claim]:
    for function in device.functions:
        for harm in function.harms:
            yield claim("harms", device.id, function.id, harm.effect, harm.level)
            guarded = {
                route
                for barrier in device.barriers
                if barrier.state is BarrierState.VERIFIED and (barrier.function, barrier.effect) == (function.id, harm.effect)
                for route in barrier.routes
            }
            yield from (claim("unguarded", device.id, function.id, harm.effect, route) for route in ROUTES if route not in guarded)
    if device.patients_per_unit > 1:
        yield claim("serves_many", device.id)


def site_claims(site: Site, device: Device) -> tuple[Claim, ...]:
    """Where attackers start, which networks lead to which, where the device hangs, and whether units can be had."""
    attached = {*site.attached, *(zone.value for zone in OWN_ZONES)}
    claims = {claim("starts", zone) for zone in site.starts}
    claims |= {claim("leads_to", link.from_zone, link.to_zone) for link in site.links}
    claims |= {claim("attached", device.id, zone) for zone in attached}
    if site.units_obtainable:
        claims.add(claim("unit_obtainable", device.id))
    return tuple(sorted(claims))


def consequent_claims(stated: Iterable[Claim], site: Site, device: Device) -> tuple[Claim, ...]:
    """What follows for the site from the findings' own claims.

    A thing that evidence says is reached from the internet puts the device there. The hospital's network secrets and patient records
    stay in a unit that leaves the house, unless somebody wipes it (ICSMA-17-017-02, ICSMA-22-251-01). The other parts of its system, of which a
    finding speaks, stand where they are reached.
    """
    claims: set[Claim] = set()
    for known in stated:
        if Zone.INTERNET.value in known.args[2:] and known.predicate != "opens_network":
            claims.add(claim("attached", device.id, Zone.INTERNET))
        if site.units_obtainable and _leaves_the_house(known):
            claims.add(claim("outlives_unit", known.args[0], known.args[1]))
        claims.update(_of_another_part(known, site, device))
    return tuple(sorted(claims))


def _of_another_part(known: Claim, site: Site, device: Device) -> Iterator[Claim]:
    """Another part of the system stands where its services are reached; units of it can be had as those of the device can."""
    if known.predicate == "service" and known.args[0] != device.id:
        yield claim("attached", known.args[0], known.args[2])
    if known.predicate == "obeys_any_unit" and site.units_obtainable:
        yield claim("unit_obtainable", known.args[1])


def _leaves_the_house(known: Claim) -> bool:
    if known.predicate == "secret":
        return known.args[2] in NETWORK_SECRETS
    return known.predicate == "exposes_record" and known.args[2] == Zone.TOUCH.value
