"""What traffic showed services to do for whoever asked, put together: one finding for each server, however many asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address

from asepsis.findings.rule import Facts, RuleInfo, found
from asepsis.findings.ways_in import ways_in
from asepsis.findings.witness import shown, unique
from asepsis.findings.words import PROPOSAL, listed, short
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.facts import Auth, Confidence, Effect, ServiceUse, Use, Zone
from asepsis.model.finding import Found

Uses = tuple[ServiceUse, ...]


def by_server(facts: Facts, use: Use, service: str = "") -> dict[str, Uses]:
    """Server → what was done with it, in the order of places."""
    groups: dict[str, list[ServiceUse]] = {}
    for one in facts.of(ServiceUse):
        if one.use is use and service in {"", one.service}:
            groups.setdefault(one.server, []).append(one)
    return {server: tuple(uses) for server, uses in groups.items()}


def granted(uses: Iterable[ServiceUse]) -> Uses:
    """Those that the server was seen to grant."""
    return tuple(one for one in uses if one.granted)


def times(uses: Iterable[ServiceUse]) -> str:
    """How often, and for whom."""
    uses = tuple(uses)
    count = sum(one.times for one in uses)
    clients = unique(one.client for one in uses if one.client)
    return f"seen {count} time{'s' * (count != 1)}{f', by {listed(clients)}' if clients else ''}"


def asked_by_outside(uses: Iterable[ServiceUse]) -> str:
    """What is taken for granted of an address that the internet routes."""
    return f"{listed(unique(one.client for one in uses))}: an address of the internet, taken to stand outside the hospital {PROPOSAL}"


def observed(  # noqa: PLR0913 - the sides of a finding, each by its name
    facts: Facts,
    info: RuleInfo,
    uses: Sequence[ServiceUse],
    *,
    title: str,
    claims: Iterable[Claim] = (),
    said: Iterable[str] = (),
    assumes: Iterable[str] = (),
    confidence: Confidence = Confidence.CONFIRMED,
    cwe: tuple[int, ...] = (),
) -> Found:
    """The finding that ``uses``, all of one server, show."""
    first = uses[0]
    certainty, words = shown(facts, first.where)
    return found(
        info,
        subject=f"{first.service} {first.server}",
        title=title,
        certainty=certainty,
        confidence=confidence,
        locations=[one.where for one in uses],
        claims=claims,
        shown_by=[words],
        facts=[times(uses), *(short(line, 200) for line in said)],
        assumes=assumes,
        cwe=cwe,
    )


def zones(uses: Iterable[ServiceUse]) -> tuple[Zone, ...]:
    """From where it was used: an address that the internet routes is outside."""
    return tuple(sorted({Zone.INTERNET if _is_public(one.client) else Zone.DEVICE_NETWORK for one in uses}))


def ways(facts: Facts, uses: Iterable[ServiceUse], auth: Auth | None = None) -> tuple[Claim, ...]:
    """That the services used are there, from where they were used, and what they give; ``auth`` is what they ask for, if that was seen."""
    uses = tuple(uses)
    places, names = zones(uses), unique(one.service for one in uses)
    return unique(one for way in ways_in(facts, *names) if way.zone in places and not way.exempt for one in way.claims(auth))


def sent(uses: Iterable[ServiceUse], name: str, *weaknesses: str) -> tuple[Claim, ...]:
    """That records travel, called ``name``, and what is weak about it; from the device network and from wherever else they were asked for."""
    flow, places = short(name), zones(uses)
    return (*(claim("flow", THIS, flow, zone, Effect.RECORD) for zone in places), *(claim(weakness, THIS, flow) for weakness in weaknesses))


def _is_public(address: str) -> bool:
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return number.is_global and not number.is_multicast
