"""A debugging service was left in.

## What it finds

A service meant for software development: VxWorks WDB, TCF, gdbserver, LLDB, Delve, Android debug bridge, the debug ports of Java, Node.js
and Python, PHP's Xdebug.

## Why it matters for a patient

It reads and writes the memory of the running device on request, without a password. Whoever reaches it changes the
treatment directly.

## How it decides

A debug service is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if it was
seen listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken to be
started, and that assumption is shown. It is claimed to ask for nothing unless its settings name a password or key.

A debugger's program that lies in the software without a sign of its use, and a debug option inside a condition of a script, are weak evidence:
they are reported, and no path is built on them.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-489, CWE-1191, CAPEC-121, ATT&CK T0886, ICSMA-20-296-02
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Auth, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="debug_agent",
    title="Debugging service left in",
    summary="A tool of the developers is still there and obeys whoever reaches it.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(489,),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-489",
        "CWE-1191",
        "CAPEC-121",
        "ATT&CK T0886",
        "ICSMA-20-296-02",
    ),
)

NAMES = ("debug-agent", "wdb", "tcf", "gdbserver", "adb", "jdwp", "xdebug")


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every debug service that is not switched off."""
    for way in ways_in(facts, *NAMES):
        auth = Auth.NONE if way.auth is Auth.UNKNOWN else way.auth
        title = sentence(way, "was left in and reads and writes the running software")
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=title, auth=auth)
