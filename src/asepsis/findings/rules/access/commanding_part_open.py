"""A part that commands the device lets strangers in.

## What it finds

A server, home monitor, phone, programmer or clinic system that commands the device, directly or through others, and
that asks strangers for nothing.

## Why it matters for a patient

Nobody has to come near the patient: orders travel the way they always do, from the server to the monitor beside the
bed and on to the implant.

## How it decides

Every part of the system whose orders reach the device is looked at. One that is reached from a place where strangers
stand and asks for no log-in there is a finding; whoever uses it is claimed to be in control of it, and every part on
the way to the device to pass the order on.

## When it stays silent

Parts that ask for a password, a key or both ends' proof; parts whose orders do not reach the device.

## When it cannot tell

When it is not known what a part asks for where it is reached; when the other parts of the system are not known; when
only a declared design says so, since nobody looked at the device.

## References

CWE-306, CWE-862, ATT&CK T0848, ATT&CK T0883, ICSMA-17-009-01A, ICSMA-18-058-01, ICSMA-23-180-01
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import listed, named, place, short, zone_words
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.facts import Auth, Confidence, Gives, SystemPart
from asepsis.model.finding import Weakness
from asepsis.model.system import DEVICE

INFO = RuleInfo(
    id="commanding_part_open",
    title="Part of the system that lets strangers command the device",
    summary="A server, monitor or phone that commands the device does what any stranger asks.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306, 862),
    needs=(SystemPart,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-306", "CWE-862", "ATT&CK T0848", "ATT&CK T0883", "ICSMA-17-009-01A", "ICSMA-18-058-01", "ICSMA-23-180-01"),
)

Parts = Mapping[str, SystemPart]


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every part that strangers reach and whose orders reach the device."""
    parts = {part.name: part for part in facts.of(SystemPart)}
    for part in facts.of(SystemPart):
        way = _way(part, parts)
        if not part.reached_from or not way:
            continue
        if part.log_in is Auth.UNKNOWN:
            yield NotAssessed(INFO.id, f"what {named(part.name, 'a part')} asks of strangers is not known ({place(part.where)})")
        elif part.log_in is Auth.NONE:
            yield _open(facts, part, way)


def _way(part: SystemPart, parts: Parts) -> tuple[SystemPart, ...]:
    """The shortest way of an order from ``part`` to the device: the parts that pass it on, ``part`` first; empty if there is none."""
    ways: list[tuple[SystemPart, ...]] = [(part,)]
    seen = {part.name}
    for way in ways:  # grows while it is read
        if DEVICE in way[-1].commands:
            return way
        for name in way[-1].commands:
            if name in parts and name not in seen:
                seen.add(name)
                ways.append((*way, parts[name]))
    return ()


def _open(facts: Facts, part: SystemPart, way: tuple[SystemPart, ...]) -> Found:
    certainty, words = shown(facts, part.where)
    return found(
        INFO,
        subject=part.name,
        title=f"Strangers can use {named(part.name, 'a part of the system')}, whose orders reach the device",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[one.where for one in way],
        claims=_claims(part, way),
        shown_by=[words],
        facts=[f"reached from {listed(map(zone_words, part.reached_from))}", f"the order goes by {listed((one.name for one in way), most=8)}"],
    )


def _claims(part: SystemPart, way: tuple[SystemPart, ...]) -> Iterator[Claim]:
    name = short(part.name)
    service = f"{name} log-in"
    for zone in part.reached_from:
        yield claim("service", name, service, zone, Auth.NONE)
    yield claim("service_gives", name, service, Gives.CONTROL)
    if part.serves_many:
        yield claim("serves_many", name)
    passed_to = [*(short(one.name) for one in way[1:]), THIS]
    for one, other in zip(way, passed_to, strict=True):
        yield claim("commands", short(one.name), other)
