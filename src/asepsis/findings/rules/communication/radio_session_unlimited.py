"""A radio session that never ends by itself.

## What it finds

A radio link that is opened close by (a wand, a magnet, a button) and then stays open until somebody closes it.

## Why it matters for a patient

The wand protects only for as long as no session is open. One that was forgotten, after a visit to the clinic or beside
the bed, is open to whoever comes within range.

## How it decides

A link that opens close by and is declared or was seen to have no time limit is a finding. It opens no path by itself:
what an attacker does in an open session is said of the link (`radio_link_unprotected`, `radio_link_replayable`).

## When it stays silent

Links with a time limit, and links that are open to whoever is in range anyway.

## When it cannot tell

When it is not known whether a session ends by itself; when radio links were not looked for; when only a declared
design says so, since nobody looked at the device.

## References

CWE-613, ATT&CK T0860, ICSMA-19-080-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_facts
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short
from asepsis.model.facts import Confidence, RadioLink
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="radio_session_unlimited",
    title="Radio session without an end",
    summary="A session that was opened close by stays open for whoever comes within range.",
    weakness=Weakness.MISSING_HARDENING,
    cwe=(613,),
    needs=(RadioLink,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-613", "ATT&CK T0860", "ICSMA-19-080-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every link that opens close by and does not close by itself."""
    for link in facts.of(RadioLink):
        name = named(link.technology, "radio")
        if not link.proximity_to_open:
            continue
        if link.session_limited is None:
            yield NotAssessed(INFO.id, f"whether a session on the {name} link ends by itself is not known ({place(link.where)})")
        elif not link.session_limited:
            certainty, words = shown(facts, link.where)
            yield found(
                INFO,
                subject=link.technology,
                title=f"A session on the {name} link ({carries(link)}) stays open until somebody closes it",
                certainty=certainty,
                confidence=Confidence.CONFIRMED,
                locations=[link.where],
                claims=(),
                shown_by=[words],
                facts=[*flow_facts(link), *([f"opened by {short(link.opened_by)}"] * bool(link.opened_by))],
            )
