"""firewalld: its zones, and which one counts for interfaces that no zone names.

``firewalld.conf`` says ``DefaultZone=public``. ``zones/NAME.xml`` (firewalld.zone(5), firewalld 2) is a ``zone`` with the ``target`` of everything
that it does not name (``default`` and ``%%REJECT%%`` refuse, ``DROP``, ``ACCEPT``), its ``interface`` and ``source`` elements, and what it lets in:
``service`` by name, ``port``, ``protocol``, ``forward-port``, and ``rule`` elements with conditions. A zone in ``/etc`` stands before its namesake in
``/usr/lib``; :mod:`asepsis.evidence.protocols.firewalld_zones` puts them together. Rules that only keep out are left to the target.

Known ways it lies: direct rules and policies (they are unknown rules here), zones that a connection of NetworkManager chooses, services of
``services/*.xml``, and sets of addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from asepsis.evidence.protocols.firewalld_zones import BINDS, DEFAULT_ZONE, SERVICES
from asepsis.evidence.protocols.netfilter import ports_of
from asepsis.evidence.protocols.text import key_file, unquote
from asepsis.evidence.protocols.xml import Element, parse
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule

_PATH = re.compile(r"(?:^|/)(?:etc|usr/lib)/firewalld/(?:zones/[^/]+\.xml|firewalld\.conf)$|(?:^|/)etc/firewalld/(?:policies/[^/]+|direct)\.xml$")
_FAMILIES = {"ipv4": "firewalld-ip", "ipv6": "firewalld-ip6"}
_CONDITIONS = frozenset({"source", "destination", "source-port"})
_UNKNOWN = "unknown"


class FirewalldReader:
    """Emits a :class:`FirewallRule` for each thing that is let in, each target, each binding of a zone, and the default zone."""

    info = ReaderInfo("firewalld", "Firewall firewalld", (FirewallRule,), ("etc/firewalld/zones/*.xml", "firewalld.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Settings, or a zone; of other files only that there is something."""
        if source.path.endswith(".conf"):
            _read_settings(source, emit)
            return
        tree = parse(source.content())
        root = tree.root
        if root is None or root.tag not in {"zone", "policy", "direct"}:
            raise NotThisFormat
        for rule in _of_zone(source, root) if root.tag == "zone" else _not_followed(source, root):
            emit(rule)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line or None)


def _read_settings(source: BoundedSource, emit: Emit) -> None:
    entry = next((entry for entry in key_file(source.lines()) if entry.key == "DefaultZone" and entry.value), None)
    if entry is None:
        raise NotThisFormat
    emit(FirewallRule(source.where(line=entry.line), DEFAULT_ZONE, "firewalld", interface=unquote(entry.value)[:32]))


def _not_followed(source: BoundedSource, root: Element) -> Iterator[FirewallRule]:
    """Policies and direct rules may let more in: what they do is not known."""
    if root.children or root.attributes.get("target") == "ACCEPT":
        yield FirewallRule(source.where(line=root.line), _UNKNOWN, "firewalld")


def _of_zone(source: BoundedSource, zone: Element) -> Iterator[FirewallRule]:
    for child in zone.children:
        rule = FirewallRule(source.where(line=child.line), "accept", "firewalld")
        if child.tag == "interface" and child.attributes.get("name"):
            yield replace(rule, action=BINDS, interface=child.attributes["name"][:32])
        elif child.tag == "source":
            yield replace(rule, action=BINDS, source=_whence(child) or "somewhere")
        elif child.tag == "rule":
            yield from _conditional(rule, child)
        else:
            yield from _let_in(rule, child)
    target = zone.attributes.get("target", "default")
    yield FirewallRule(source.where(line=zone.line), "default-accept" if target == "ACCEPT" else "default-drop", "firewalld")


def _conditional(rule: FirewallRule, element: Element) -> Iterator[FirewallRule]:
    """A rule with conditions that accepts: for a family of addresses, from somewhere."""
    if element.get("accept") is None:
        return
    by = _FAMILIES.get(element.attributes.get("family", ""), "firewalld")
    conditions = [_whence(child) or child.tag for child in element.children if child.tag in _CONDITIONS]
    rule = replace(rule, by=by, source=", ".join(conditions)[:64])
    named = [one for child in element.children for one in _let_in(rule, child)]
    yield from named or [rule]


def _let_in(rule: FirewallRule, element: Element) -> Iterator[FirewallRule]:
    """What one element names: ports, a whole protocol, or the port that is forwarded to."""
    said = element.attributes
    transport = said.get("protocol", "")[:16]
    if element.tag == "service":
        known = SERVICES.get(said.get("name", ""))
        yield from [replace(rule, action=_UNKNOWN)] if known is None else [replace(rule, transport=kind, port=port) for kind, port in known]
    elif element.tag == "port":
        yield from _ports(rule, said.get("port", ""), transport)
    elif element.tag == "forward-port" and not said.get("to-addr"):
        yield from _ports(rule, said.get("to-port") or said.get("port", ""), transport)
    elif element.tag == "protocol" and said.get("value") in {"tcp", "udp"}:
        yield replace(rule, transport=said["value"])
    elif element.tag == "source-port":
        yield replace(rule, transport=transport, source=f"source port {said.get('port', '')[:16]}")


def _ports(rule: FirewallRule, text: str, transport: str) -> Iterator[FirewallRule]:
    for low, high in ports_of(text) or ((None, None),):
        known = low is not None
        yield replace(rule, action="accept" if known else _UNKNOWN, transport=transport, port=low, last_port=high if high != low else None)


def _whence(element: Element) -> str:
    """The condition of a ``source`` element in words."""
    said = element.attributes
    text = said.get("address") or said.get("mac") or said.get("ipset") or ""
    return f"{'not ' if said.get('invert', '').lower() in {'true', 'yes', '1'} else ''}{text}"[:64] if text else ""
