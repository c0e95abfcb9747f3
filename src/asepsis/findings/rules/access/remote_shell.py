"""A command line is open to the network.

## What it finds

A shell bound to a port, or one of the old remote-shell services (rsh, rlogin, rexec).

## Why it matters for a patient

A bound shell obeys whoever connects; the old services believe the sender's address. Both give the attacker everything
the device can do.

## How it decides

A bound shell or an r-service is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable*
if it was seen listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then
taken to be started, and that assumption is shown. A bound shell is claimed to ask for nothing.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-912, CWE-306, CWE-489, ATT&CK T0886
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Auth, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="remote_shell",
    title="Command line open to the network",
    summary="Commands can be sent to the device over the network.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(306, 912),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-912",
        "CWE-306",
        "CWE-489",
        "ATT&CK T0886",
    ),
)

_BOUND = ("bind-shell", "remote-shell", "reverse-shell")
_BELIEVE_ADDRESSES = ("rsh", "rlogin", "rexec")


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every bound shell and r-service that is not switched off."""
    for way in ways_in(facts, *_BOUND, *_BELIEVE_ADDRESSES):
        auth = Auth.NONE if way.name in _BOUND else None
        title = sentence(way, "takes commands from the network")
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=title, auth=auth)
