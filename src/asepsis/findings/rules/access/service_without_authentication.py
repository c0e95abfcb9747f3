"""A service does what it is told by whoever reaches it.

## What it finds

Any interface of the device that asks for no password, key or certificate: a Telnet shell without log-in, a web
interface, an order interface (HL7), a DICOM or Orthanc server, a pump's own protocol.

## Why it matters for a patient

Orders, settings or images are taken from anybody. Whoever reaches the port changes the dose, the picture or the
record; no secret stands in between.

## How it decides

A service whose settings or behaviour say that it asks for nothing is a finding. What it gives (control, orders,
readings, records) is as read.

## When it stays silent

Services that ask for a password or key, that are switched off, or that answer on loopback only. Services that never
ask for anything by their nature have a rule of their own (`tftp_service`, `serial_console`, `remote_shell`,
`debug_agent`, `snmp_community_default`, `reflecting_service`, `open_wifi_access_point`, `windows_auto_logon`).

## When it cannot tell

When what a service asks for is not known; when services were not looked for, or parts of the evidence could not be
opened.

## References

CWE-306, CWE-862, CAPEC-36, CAPEC-216, ATT&CK T0855, ICSMA-25-037-02, ICSMA-18-235-01, ICSA-15-125-01B
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.words import place
from asepsis.model.facts import Auth, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="service_without_authentication",
    title="Service that asks for nothing",
    summary="An interface of the device obeys whoever reaches it.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306,),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-306", "CWE-862", "CAPEC-36", "CAPEC-216", "ATT&CK T0855", "ICSMA-25-037-02", "ICSMA-18-235-01", "ICSA-15-125-01B"),
)

_OWN_RULE = frozenset(
    {
        "tftp",
        "bind-shell",
        "remote-shell",
        "reverse-shell",
        "rsh",
        "rlogin",
        "rexec",
        "snmp",
        "wifi-access-point",
        "serial-console",
        "console",
        "getty",
        "auto-logon",
    }
    | {"debug-agent", "wdb", "tcf", "gdbserver", "adb", "jdwp", "xdebug", "echo", "chargen", "discard", "daytime", "time", "qotd"}
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every service that asks for nothing, or of which that is not known."""
    for way in ways_in(facts):
        if _has_its_own_rule(way) or way.auth not in {Auth.NONE, Auth.UNKNOWN}:
            continue
        if way.exempt:
            yield set_aside(INFO, way)
        elif way.auth is Auth.UNKNOWN:
            yield NotAssessed(INFO.id, f"what {way.label} asks for is not known ({place(way.locations[0])})")
        else:
            yield exposed(INFO, way, title=sentence(way, "asks for no password: whoever reaches it can use it"))


def _has_its_own_rule(way: WayIn) -> bool:
    """Asking for nothing is this service's nature; another rule says that it is there."""
    return way.name in _OWN_RULE
