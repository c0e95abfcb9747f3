"""Malformed input stops the device.

## What it finds

Input (a packet, message or file) after which the device crashed, restarted or hung.

## Why it matters for a patient

While the device restarts, it does not treat, watch or alarm. If a single packet reaches every unit of the network, a
whole ward goes dark at once.

## How it decides

An observed crash, restart or hang is a finding: whoever can send to that interface can stop the device. An input that
reaches every unit of the network at once is claimed to reach many.

## When it stays silent

When the device was seen to survive the input; battery drain is `battery_drain_by_radio`.

## When it cannot tell

When the outcome is not one of the known words; when no such test was made, or parts of the evidence could not be
opened.

## References

CWE-20, CWE-400, CWE-1286, CWE-476, ATT&CK T0814, ICSMA-22-244-01, ICSMA-19-022-01, ICSMA-25-296-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short, zone_words
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, Gives, MalformedInputEffect
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="crash_on_malformed_input",
    title="Malformed input that stops the device",
    summary="Whoever can send to the device can make it crash, restart or hang.",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(20, 400),
    needs=(MalformedInputEffect,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-20", "CWE-400", "CWE-1286", "CWE-476", "ATT&CK T0814", "ICSMA-22-244-01", "ICSMA-19-022-01", "ICSMA-25-296-01"),
)

_STOPS = {"crash": "crashes the device", "reboot": "makes the device restart", "hang": "makes the device hang"}
_OTHERS = frozenset({"none", "battery-drain"})


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every input that stopped the device."""
    for effect in facts.of(MalformedInputEffect):
        name = named(effect.name, "an input")
        if effect.outcome in _STOPS:
            yield _stops(facts, effect)
        elif effect.outcome == "none":
            yield dismissed(INFO, Exemption.HARMLESS, f"the device survived {name}", effect.where)
        elif effect.outcome not in _OTHERS:
            yield NotAssessed(INFO.id, f"what {name} did is not known: {short(effect.outcome) or 'nothing was noted'} ({place(effect.where)})")


def _stops(facts: Facts, effect: MalformedInputEffect) -> Found:
    certainty, words = shown(facts, effect.where)
    name = short(effect.name)
    claims = [claim("vulnerable", THIS, name, effect.zone, Gives.STOP)]
    claims += [claim("reaches_many", THIS, name)] * effect.broadcast
    back = {True: "it comes back by itself", False: "it does not come back by itself", None: "whether it comes back by itself is not known"}
    return found(
        INFO,
        subject=effect.name,
        title=f"Malformed input {named(effect.name, 'without a name')} {_STOPS[effect.outcome]}"
        + (", and one packet reaches every unit" * effect.broadcast),
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[effect.where],
        claims=claims,
        shown_by=[words],
        facts=[f"sent from {zone_words(effect.zone)}", back[effect.recovers]],
    )
