"""A device that reported regularly fell silent.

## What it finds

Recorded traffic in which a device's regular messages stop, for much longer than they ever paused before.

## Why it matters for a patient

Whoever watches from afar sees old values and no alarm. Silence is how an attack that stops a device, or cuts it off,
looks from outside.

## How it decides

The rhythm of reports, associations and data is learned for each sender. What is missing for five times the usual
interval, and clearly longer than any pause before, is a silence. If the same device was flooded in the same recording,
the silence is claimed to show that a flood stops it.

## When it stays silent

Devices that said goodbye (a connection closed in good order, an address given back, a farewell by WS-Discovery), pauses
that happened before, messages without a rhythm, recordings that end.

## When it cannot tell

When nobody at all was heard, so that the recording paused; when the device goes on speaking to others and may have
nothing to report; when no traffic was given.

## References

CWE-400, CAPEC-125, CAPEC-607, ATT&CK T0814, ATT&CK T0804, IEC 60601-1-8
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Confidence, Disturbance, Gives, Zone
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="device_fell_silent",
    title="Device that fell silent",
    summary="A device that reported regularly suddenly no longer did.",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(400,),
    needs=(Disturbance,),
    fixed_by=("hospital",),
    since="0.1.0",
    references=("CWE-400", "CAPEC-125", "CAPEC-607", "ATT&CK T0814", "ATT&CK T0804", "IEC 60601-1-8"),
)

_FLOODS = frozenset({"flood", "half-open flood"})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every silence."""
    all_seen = facts.of(Disturbance)
    flooded = {_address(one.victim) for one in all_seen if one.what in _FLOODS and one.confidence is not Confidence.WEAK}
    for seen in all_seen:
        if seen.what != "silence":
            continue
        if seen.confidence is Confidence.WEAK:
            yield NotAssessed(INFO.id, _doubt(seen))
            continue
        certainty, words = shown(facts, seen.where)
        stopped = bool(seen.victim) and _address(seen.victim) in flooded
        yield found(
            INFO,
            subject=f"silence {seen.victim}".strip(),
            title=f"{named(seen.victim, 'Several devices at once')} fell silent" + ", and was flooded" * stopped,
            certainty=certainty,
            confidence=seen.confidence,
            locations=[seen.where],
            claims=[claim("vulnerable", THIS, "flood", Zone.DEVICE_NETWORK, Gives.STOP)] * stopped,
            shown_by=[words],
            assumes=seen.assumes,
            facts=[short(seen.detail, 200), f"told after {seen.seconds} s", f"could also be: {short('; '.join(seen.explained_by), 300)}"],
        )


def _doubt(seen: Disturbance) -> str:
    if not seen.victim:
        return f"{short(seen.detail, 200)} ({seen.seconds} s, {place(seen.where)})"
    return f"{named(seen.victim, 'a device')} no longer reports, but may have nothing to report ({place(seen.where)})"


def _address(victim: str) -> str:
    """Without the port of a service or the device behind a gateway."""
    name = victim.split(" ", maxsplit=1)[0]
    return name.rpartition(":")[0].strip("[]") if name.count(":") == 1 or name.startswith("[") else name
