"""A part of the software is no longer mended.

## What it finds

Libraries and programs whose makers have stopped giving security updates, and those that nobody maintains any more.

## Why it matters for a patient

Flaws that become known in such a part are never repaired in it. One library often sits in many products at once, so
one flaw opens many devices.

## How it decides

A part counts once for each version, whatever its package and its program call it. The release line's end of support
is compared with the day of the assessment. If it has passed and the part speaks to
the network by its nature, it is claimed to be out of date and reachable; that this gives control is an assumption
shown with every path. Other parts are reported without a path. A part whose project was given up (uClibc, Boa,
ipsec-tools …) is in a table of its own; it counts the same, and is called so in the bill of materials. Where no end
is published and the release is old, other words are used ("no evidence of support"), and no path is opened.

## When it stays silent

Parts that are still supported on the day of the assessment, and parts that are in no table of ends of support:
nothing is known of them either way. A package of a programming language that is only named after a product, because it
speaks to one, is not that product.

## When it cannot tell

When a part of a listed product has no version anywhere, as bills of materials often leave it; when programs were not
recognised; when parts of the evidence could not be opened.

## References

CWE-1104, CWE-1395, ATT&CK T0866, ICSMA-16-089-01, ICSMA-21-355-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.support import ENDED, NOT_IN_TABLE, UNSUPPORTED_FOR_ALL_WE_KNOW, Support, support
from asepsis.findings.witness import surest, unique
from asepsis.findings.words import PROPOSAL, listed, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Component, OperatingSystem, UnidentifiedProgram, Zone
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="component_out_of_support",
    title="Part of the software that is no longer mended",
    summary="Security flaws of a library or program in the device are no longer repaired.",
    weakness=Weakness.OUT_OF_DATE_SOFTWARE,
    cwe=(1104, 1395),
    needs=(Component,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-1104", "CWE-1395", "ATT&CK T0866", "ICSMA-16-089-01", "ICSMA-21-355-01"),
)

FACES_NETWORK = frozenset(
    {
        "apache-http-server", "boa", "dnsmasq", "dropbear", "goahead", "hostapd", "iis", "ipsec-tools", "libupnp", "lighttpd", "mbedtls",
        "mini-httpd", "mini_httpd", "miniupnpd", "mssqlserver", "mysql", "mariadb", "netkit-telnet", "netkit-telnetd", "nginx", "ntp", "openssh",
        "openssl", "openvpn", "php", "postgresql", "proftpd", "pure-ftpd", "racoon", "samba", "tomcat", "uip", "vsftpd", "wolfssl",
        "wpa-supplicant", "wu-ftpd", "log4j", "thttpd", "strongswan", "dcmtk", "orthanc",
    }
)  # fmt: skip
"""Products that read what comes from the network by their nature [P]."""


LANGUAGES = tuple(f"pkg:{kind}/" for kind in ("cargo", "composer", "gem", "golang", "maven", "npm", "nuget", "pypi"))
"""Packages of languages are often called after what they speak to (``redis`` of Node.js): only a product that their reader names is one."""
PACKAGED = "package list"
"""The method of parts that were read in a list of packages."""


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every product in the table, once for each version, whatever its package and its program call it."""
    groups = _groups(facts)
    versioned = {product for product, version in groups if version}
    unversioned = []
    for (product, version), members in sorted(groups.items()):
        parts = sorted(members, key=_own_name_first)
        state = support(context, next((part.product for part in parts if part.product), ""), parts[0].name, parts[0].version)
        if not version and state.state in {UNSUPPORTED_FOR_ALL_WE_KNOW, NOT_IN_TABLE}:
            listed_product = state.state != NOT_IN_TABLE or bool(parts[0].product)
            unversioned += [parts[0].name] if listed_product and product not in versioned else []
        elif state.state in {ENDED, UNSUPPORTED_FOR_ALL_WE_KNOW}:
            yield _unsupported(parts, state)
        elif state.state != NOT_IN_TABLE:
            yield dismissed(INFO, Exemption.SUPPORTED, state.words, parts[0].where)
    yield from _not_known(unversioned, len(facts.of(UnidentifiedProgram)))


def _groups(facts: Facts) -> dict[tuple[str, str], list[Component]]:
    """Product (or name) and version → what was said of it, without the operating systems, which have a rule of their own."""
    systems = {(system.product or system.name, system.version) for system in facts.of(OperatingSystem)}
    groups: dict[tuple[str, str], list[Component]] = {}
    for part in facts.of(Component):
        if (part.product or part.name, part.version) not in systems and (part.product or not part.purl.startswith(LANGUAGES)):
            groups.setdefault(((part.product or part.name).lower(), part.version), []).append(part)
    return groups


def _not_known(unversioned: list[str], unrecognised: int) -> Iterator[NotAssessed]:
    """Of parts without a version, and of programs without a name."""
    if unversioned:
        yield NotAssessed(INFO.id, f"no version is given of {listed(unversioned, most=10)}, so whether they are still supported is not known")
    if unrecognised:
        yield NotAssessed(INFO.id, f"{unrecognised} program{'s were' if unrecognised > 1 else ' was'} not recognised; their support is not known")


def _own_name_first(part: Component) -> tuple[bool, str]:
    """A program says its own name; packages call it otherwise (``libopenssl``)."""
    return (part.method == PACKAGED, part.name)


def _unsupported(parts: list[Component], state: Support) -> Found:
    part, ended = parts[0], state.state == ENDED
    label = f"{short(part.name)} {short(part.version)}".strip()
    reaches = ended and _faces_network(part)
    others = sorted({short(one.name) for one in parts if one.name.lower() != part.name.lower()})
    closed = "no end of its support is published" if _faces_network(part) else "nothing shows that it reads what comes from the network"
    reach = f"{label} is taken to be reachable from the device network {PROPOSAL}"
    return found(
        INFO,
        subject=part.name,
        title=_title(label, state),
        certainty=Certainty.PRESENT,
        confidence=surest(one.confidence for one in parts),
        locations=[one.where for one in parts],
        claims=[claim("out_of_date", THIS, label, Zone.DEVICE_NETWORK)] if reaches else [],
        shown_by=unique(f"recognised by its {short(one.method)}" if one.method else "recognised in the software" for one in parts),
        facts=[
            state.words,
            *([f"also called {listed(others)}"] if others else []),
            *([] if reaches else [f"{closed}, so no path is built on it"]),
        ],
        assumes=[*state.assumes, *([reach] if reaches else [])],
    )


def _title(label: str, state: Support) -> str:
    if state.abandoned:
        return f"Nobody maintains {label} any more"
    return f"{label} is no longer supported by its makers" if state.state == ENDED else f"There is no evidence that {label} is supported"


def _faces_network(part: Component) -> bool:
    """It parses what strangers send; the others are only reached through it."""
    return (part.product or part.name).lower() in FACES_NETWORK
