"""Somebody tried to wear a device or service down.

## What it finds

Recorded floods of handshakes, connections, datagrams, segments without content, ICMP or broadcasts, connections broken
off again and again, bursts of broken messages, and connections, handshakes or associations held open and never used.

## Why it matters for a patient

A monitor, gateway or server that is kept busy loses readings and alarms, and orders arrive late or not at all.

## How it decides

Each is measured against what was usual for its victim before, and against a floor below which nothing on a hospital's
network is hurt. Whether the victim stopped is told by `device_fell_silent`, which alone states a path.

## When it stays silent

Busy hours, backups, streams of pictures, scans of ports, clients that call a server which is down, a service that
restarts.

## When it cannot tell

When it began with the recording, so that what is usual is not known; when no traffic was given.

## References

CWE-400, CWE-770, CAPEC-125, CAPEC-482, CAPEC-469, ATT&CK T0814
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short
from asepsis.model.facts import Confidence, Disturbance
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="flood_observed",
    title="A service is being worn down",
    summary="Recorded traffic shows somebody who keeps a device or service from its work.",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(400, 770),
    needs=(Disturbance,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-400", "CWE-770", "CAPEC-125", "CAPEC-482", "CAPEC-469", "ATT&CK T0814"),
)

_DEEDS = {
    "flood": "is flooded",
    "broadcast storm": "is flooded with frames to all hosts",
    "half-open flood": "is flooded with handshakes that are never completed",
    "reset storm": "loses its connections again and again",
    "malformed burst": "gets a burst of broken messages",
    "held connections": "has its connections held open and unused",
}


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Everything but silences."""
    for seen in facts.of(Disturbance):
        if seen.what not in _DEEDS:
            continue
        victim = named(seen.victim, "a service" if seen.what != "malformed burst" else "the network")
        if seen.confidence is Confidence.WEAK:
            why = f"{victim} {_DEEDS[seen.what]}, or that is usual for it: what came before was not recorded ({place(seen.where)})"
            yield NotAssessed(INFO.id, why)
            continue
        certainty, words = shown(facts, seen.where)
        yield found(
            INFO,
            subject=f"{seen.what} {seen.victim}",
            title=f"{victim} {_DEEDS[seen.what]}" + f" by {short(seen.peer)}" * bool(seen.peer),
            certainty=certainty,
            confidence=seen.confidence,
            locations=[seen.where],
            claims=(),
            shown_by=[words],
            assumes=seen.assumes,
            facts=[short(seen.detail, 200), f"could also be: {short('; '.join(seen.explained_by), 300)}"],
        )
