"""A program is told not to check whom it speaks to.

## What it finds

Scripts, settings and programs' sources that switch the check of certificates, host names or host keys off: `curl -k`,
`verify=False`, `StrictHostKeyChecking no`, `rejectUnauthorized: false` and their like.

## Why it matters for a patient

Encryption without that check hides nothing from whoever stands in between: orders, readings, updates and passwords
go to anybody who answers first, and the device believes what comes back.

## How it decides

Each line that switches a check off is read with the file that it stands in. It is *enabled* if the file is one that
the device starts by itself, or that something it starts calls. No path is built on it: what is spoken of there is not known.

## When it stays silent

In comments, in manuals and samples, in the own sources of libraries, and in compiled programs, whose help texts name
their options.

## When it cannot tell

When such lines were not looked for, or parts of the evidence could not be opened.

## References

CWE-295, CWE-297, CWE-322, CAPEC-94, ATT&CK T0830, ICSMA-18-058-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.witness import most_certain, shown
from asepsis.findings.words import place, short
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, StartedProgram, UncheckedPeer
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="peer_not_checked",
    title="Peer that nobody checks",
    summary="The device speaks to whoever answers, and believes it.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(295, 297),
    needs=(UncheckedPeer,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-295", "CWE-297", "CWE-322", "CAPEC-94", "ATT&CK T0830", "ICSMA-18-058-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every line that switches a check off, once for each file and way."""
    starts = [start for start in facts.of(StartedProgram) if start.enabled]
    inside = {(start.where.evidence, start.where.path): start for start in reversed(starts)}
    called = {(start.where.evidence, word): start for start in reversed(starts) for word in start.command.split() if word.startswith("/")}
    for peer in facts.of(UncheckedPeer):
        if peer.confidence is Confidence.WEAK:
            yield dismissed(INFO, Exemption.DOCUMENTATION, f"{short(peer.how)} in a manual or sample", peer.where)
        else:
            evidence = peer.where.evidence
            start = inside.get((evidence, peer.where.path)) or called.get((evidence, f"/{peer.where.member}"))
            yield _unchecked(facts, peer, start)


def _unchecked(facts: Facts, peer: UncheckedPeer, start: StartedProgram | None) -> Found:
    certainty, words = shown(facts, peer.where)
    if start:
        certainty, words = most_certain((certainty, Certainty.ENABLED)), f"started by {place(start.where)}"
    to = f" ({short(peer.peer)})" if peer.peer else ""
    return found(
        INFO,
        subject=f"{peer.how} in {peer.where.member.rsplit('/', 1)[-1]}",
        title=f"A program is told not to check whom it speaks to{to}: {short(peer.how)}",
        certainty=certainty,
        confidence=peer.confidence,
        locations=[peer.where],
        claims=(),
        shown_by=[words],
        facts=[f"spoken over {peer.protocol}"] if peer.protocol else [],
        cwe=(322,) if peer.protocol == "ssh" else (),
    )
