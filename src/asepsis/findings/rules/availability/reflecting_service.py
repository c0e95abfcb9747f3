"""A service answers every packet and can be made to answer for ever.

## What it finds

The old test services echo, chargen, discard, daytime, time and quote of the day.

## Why it matters for a patient

One forged packet makes two such services answer each other without end. A real central station lost its monitors that
way.

## How it decides

Echo, chargen, daytime and quote of the day are findings unless switched off: whoever can send one forged packet can
keep the device busy until it stops its work. Discard and time are reported without that claim, since they start no
loop.

## When it stays silent

When they are switched off or answer on loopback only.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-400, CWE-406, ATT&CK T0814, CVE-1999-0103, ICSMA-18-233-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.facts import Auth, Gives, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="reflecting_service",
    title="Test service that answers every packet",
    summary="One forged packet can keep the device busy without end.",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(400, 406),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-400", "CWE-406", "ATT&CK T0814", "CVE-1999-0103", "ICSMA-18-233-01"),
)

_LOOP = ("echo", "chargen", "daytime", "qotd")
_QUIET = ("discard", "time")


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every test service that is not switched off."""
    for way in ways_in(facts, *_LOOP, *_QUIET):
        title = sentence(way, "answers every packet" if way.name in _LOOP else "takes packets from anybody")
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=title, auth=Auth.NONE, claims=_loop(way))


def _loop(way: WayIn) -> tuple[Claim, ...]:
    """A service that answers can be made to answer another."""
    return (claim("vulnerable", THIS, way.id, way.zone, Gives.STOP),) if way.name in _LOOP else ()
