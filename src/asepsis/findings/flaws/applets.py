"""Programs of many names (BusyBox, Toybox): by which names this device has and starts them, and of which one a published flaw speaks.

One file is called by links (``/bin/telnetd`` → ``busybox``) or by its first argument (``busybox telnetd``). A flaw of one applet is reached where
that applet is used. Which one it is of stands only in its description, in a few set ways of speaking; where none of them is used, it may be any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from asepsis.findings.rule import Facts
from asepsis.model.facts import ProgramNames, StartedProgram

MULTI_CALL = frozenset({"busybox", "toybox"})
_OF_SSH = (
    (re.compile(r"\bthe (dbclient|dropbearconvert|dropbearkey)(?: command)? in dropbear", re.IGNORECASE), ""),
    (re.compile(r"\bdropbear\b.*\bin the client-side ssh code", re.IGNORECASE), "dbclient"),
)
"""What CVE descriptions of Dropbear write of a flaw that is not in the server."""
_SAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"""([a-z][a-z0-9_]{1,15})["']? applet\b""",
        r"\(([a-z][a-z0-9_]{1,15})\) in busybox",
        r"\bin ([a-z][a-z0-9_]{1,15}) in busybox",
        r"\bbusybox (wget|netstat|tar|unzip|awk|httpd|telnetd|ntpd|syslogd|udhcpc|udhcpd)\b",
        r"\bif ([a-z][a-z0-9_]{1,15}) is used\b",
        r"busybox implementation of ([a-z][a-z0-9_]{1,15})",
        r"\b(?:networking|util-linux|modutils|coreutils|editors|findutils|loginutils|miscutils|procps|shell|sysklogd|archival)/([a-z][a-z0-9_]{1,15})\.c\b",
    )
)
"""What CVE descriptions of BusyBox write. A file of ``libbb`` or ``libarchive`` belongs to no applet of its own."""
_UDHCP = frozenset({"udhcpc", "udhcpd", "dhcprelay"})
"""The applets that are built of its ``udhcp`` components."""
_NO_NAMES = frozenset({"the", "an", "this", "that", "any", "some", "each", "busybox", "one"})


def applets_of(product: str, summary: str) -> frozenset[str]:
    """The applets or programs that a flaw of ``product`` is said to be in; empty if it is in none of its own, or the description does not say."""
    if product == "dropbear":
        return frozenset(name or found[1].lower() for says, name in _OF_SSH for found in says.finditer(summary))
    if product not in MULTI_CALL:
        return frozenset()
    named = frozenset(found[1].lower() for says in _SAYS for found in says.finditer(summary)) - _NO_NAMES
    return named | (_UDHCP if "udhcp components" in summary.lower() else frozenset())


def other_names(facts: Facts) -> Mapping[str, frozenset[str]]:
    """Program → the other names by which it is called here: those of links to it, and applets that a started command names."""
    names: dict[str, set[str]] = {}
    for one in facts.of(ProgramNames):
        own, *others = (_base(path) for path in (one.where.member, *one.names))
        for name in MULTI_CALL.intersection((own, *others)) or {own}:
            names.setdefault(name, set()).update((own, *others))
    for start in facts.of(StartedProgram):
        for program, applet in _called(start) if start.enabled else ():
            names.setdefault(program, set()).add(applet)
    return {program: frozenset(called) - {program} for program, called in names.items()}


def _called(start: StartedProgram) -> Iterator[tuple[str, str]]:
    """``nohup /bin/busybox telnetd -F`` is BusyBox by the name telnetd."""
    words = [_base(word) for word in start.command.split()]
    for program, applet in pairwise(words):
        if program in MULTI_CALL and not applet.startswith("-"):
            yield program, applet


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]
