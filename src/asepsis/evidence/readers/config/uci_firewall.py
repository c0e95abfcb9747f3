"""OpenWrt ``/etc/config/firewall``: zones, and rules about what may come in.

``config defaults`` with ``option input``, ``config zone`` with ``option name`` and ``option input``, ``config rule`` with ``option src``,
``option proto``, ``option dest_port`` and ``option target`` (OpenWrt user guide, firewall configuration). A rule with ``src`` and without ``dest`` is
about what reaches the device itself; a zone's name stands for its interfaces. Both versions of IP are meant unless ``option family`` says one.

Known ways it lies: the start script must be switched on; ``config include`` runs a script of its own; ``option enabled '0'`` switches a rule off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.netfilter import ports_of
from asepsis.evidence.protocols.text import Section, uci
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule

_PATH = re.compile(r"etc/config/firewall$")
_ACTIONS = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "drop"}
_BY = {"ipv4": "uci-ip", "ipv6": "uci-ip6"}


class UciFirewallReader:
    """Emits a :class:`FirewallRule` for each rule about the device itself, each zone's default, and the default for the rest."""

    info = ReaderInfo("uci_firewall", "Firewall of OpenWrt", (FirewallRule,), ("etc/config/firewall",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"config" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Rules first: they come before the defaults, wherever they stand."""
        sections = [section for section in uci(source.lines()) if section.get("enabled", "1") != "0"]
        if not any(section.type in {"defaults", "zone", "rule"} for section in sections):
            raise NotThisFormat
        for section in sections:
            for fact in _rule(source, section) if section.type == "rule" else _default(source, section):
                emit(fact)


def _rule(source: BoundedSource, section: Section) -> Iterator[FirewallRule]:
    """A rule without ``src`` is about what goes out, one with ``dest`` about what passes through."""
    action, zone = _ACTIONS.get(section.get("target").upper(), ""), section.get("src")
    if not action or not zone or section.get("dest"):
        return
    text = section.get("dest_port").replace(" ", ",")
    ports = ports_of(text)
    if action == "drop" and (set(section.options) & {"src_mac", "src_port", "extra", "ipset", "limit", "mark"} or (text and not ports)):
        return
    for transport in section.get("proto", "tcp udp").lower().split()[:8]:
        for low, high in ports or ((None, None),):
            yield FirewallRule(
                source.where(line=section.line),
                action,
                _BY.get(section.get("family"), "uci"),
                "" if transport in {"all", "any", "0"} else transport[:16],
                low,
                high if high != low else None,
                section.get("src_ip")[:64],
                "" if zone == "*" else zone[:32],
            )


def _default(source: BoundedSource, section: Section) -> Iterator[FirewallRule]:
    if section.type not in {"defaults", "zone"}:
        return
    action = _ACTIONS.get(section.get("input", "REJECT" if section.type == "defaults" else "").upper(), "")
    zone = section.get("name")[:32] if section.type == "zone" else ""
    if action and (zone or section.type == "defaults"):
        yield FirewallRule(source.where(line=section.line), f"default-{action}", "uci", interface=zone)
