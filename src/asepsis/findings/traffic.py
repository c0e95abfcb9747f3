"""Flows and radio links as the attack graph sees them: a name, a zone, and what changing them achieves."""

from __future__ import annotations

from asepsis.findings.words import PROPOSAL, UNNAMED, short, zone_words
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.facts import Effect, Flow, RadioLink

_CARRIES = {
    Effect.COMMAND: "orders to the device",
    Effect.READING: "readings of the patient",
    Effect.STOP: "what keeps the device running",
    Effect.RECORD: "records",
}


def carries(thing: Flow | RadioLink) -> str:
    """What travels on it, in plain words."""
    return _CARRIES[thing.effect]


def flow_id(thing: Flow | RadioLink) -> str:
    """Its name in claims."""
    return short(thing.name) or UNNAMED if isinstance(thing, Flow) else f"radio-{short(thing.technology) or UNNAMED}"


def flow_claims(thing: Flow | RadioLink, *weaknesses: str) -> tuple[Claim, ...]:
    """That it is there, and each of its ``weaknesses`` (``readable``, ``alterable`` …)."""
    name = flow_id(thing)
    return (claim("flow", THIS, name, thing.zone, thing.effect), *(claim(weakness, THIS, name) for weakness in weaknesses))


def flow_facts(thing: Flow | RadioLink) -> tuple[str, ...]:
    """What was read of it."""
    said = [f"within {zone_words(thing.zone)}", f"it carries {carries(thing)}"]
    if isinstance(thing, Flow):
        said += [f"protocol {short(thing.protocol)}"] * bool(thing.protocol) + [f"the other end is {short(thing.peer)}"] * bool(thing.peer)
    else:
        said += [f"the other end is {short(thing.peer)}"] * bool(thing.peer) + [f"a session is opened by {thing.opened_by}"] * bool(thing.opened_by)
        said += [f"the design calls verified: {short(one, 160)}" for one in thing.verified]
    return tuple(said)


def session_assumption(link: RadioLink) -> tuple[str, ...]:
    """A link that opens only close by is attacked while somebody has it open."""
    if link.proximity_to_open:
        return (f"The {short(link.technology)} link opens only close by; an attacker is taken to wait until somebody has opened it {PROPOSAL}",)
    return ()
