"""The zones of firewalld, put together: which one an interface is in, and the ports of its services by name. No I/O.

The default zone counts for every interface that no other zone names; a zone that nothing is bound to does nothing (firewalld.zones(5)).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from asepsis.evidence.protocols.paths import tree_of
from asepsis.model.facts import Fact, FirewallRule

BINDS = "binds"
"""The action of a fact that says which ``interface`` or ``source`` a zone is for."""
DEFAULT_ZONE = "default-zone"
"""The action of a fact whose ``interface`` is the name of the default zone."""
_PUBLIC = "public"
_MOST_BINDINGS = 16

SERVICES: dict[str, tuple[tuple[str, int], ...]] = {
    "ssh": (("tcp", 22),), "telnet": (("tcp", 23),), "ftp": (("tcp", 21),), "tftp": (("udp", 69),), "http": (("tcp", 80),),
    "https": (("tcp", 443),), "http3": (("udp", 443),), "dns": (("tcp", 53), ("udp", 53)), "dhcp": (("udp", 67),), "dhcpv6": (("udp", 547),),
    "dhcpv6-client": (("udp", 546),), "mdns": (("udp", 5353),), "ntp": (("udp", 123),), "snmp": (("tcp", 161), ("udp", 161)),
    "snmptrap": (("tcp", 162), ("udp", 162)), "syslog": (("udp", 514),), "cockpit": (("tcp", 9090),), "ipp": (("tcp", 631), ("udp", 631)),
    "ipp-client": (("udp", 631),), "samba-client": (("udp", 137), ("udp", 138)),
    "samba": (("udp", 137), ("udp", 138), ("tcp", 139), ("tcp", 445)), "nfs": (("tcp", 2049),), "nfs3": (("tcp", 2049), ("udp", 2049)),
    "rpc-bind": (("tcp", 111), ("udp", 111)), "mountd": (("tcp", 20048), ("udp", 20048)), "rsyncd": (("tcp", 873), ("udp", 873)),
    "mysql": (("tcp", 3306),), "postgresql": (("tcp", 5432),), "mongodb": (("tcp", 27017),), "redis": (("tcp", 6379),), "mqtt": (("tcp", 1883),),
    "mqtt-tls": (("tcp", 8883),), "vnc-server": (("tcp", 5900), ("tcp", 5901), ("tcp", 5902), ("tcp", 5903)), "rdp": (("tcp", 3389), ("udp", 3389)),
    "openvpn": (("udp", 1194),), "wireguard": (("udp", 51820),), "ipsec": (("udp", 500), ("udp", 4500)), "smtp": (("tcp", 25),),
    "docker-registry": (("tcp", 5000),), "ssdp": (("udp", 1900),), "ldap": (("tcp", 389),), "ldaps": (("tcp", 636),), "upnp-client": (),
}  # fmt: skip
"""Services that zones name, with their ports (K: the services that come with firewalld)."""


@dataclass(slots=True)
class _Tree:
    """The zones of one tree: the places of each one's file, what it is bound to, and the default."""

    default: str = _PUBLIC
    files: dict[str, set[str]] = field(default_factory=dict)
    bindings: dict[str, list[FirewallRule]] = field(default_factory=dict)


def with_zones(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with every rule of a zone for the interfaces and sources that it is bound to."""
    trees: dict[str, _Tree] = {}
    for fact in facts:
        if isinstance(fact, FirewallRule) and fact.by.startswith("firewalld"):
            _note(trees.setdefault(tree_of(fact.where), _Tree()), fact)
    return [one for fact in facts for one in _settled(fact, trees)] if trees else list(facts)


def _note(tree: _Tree, rule: FirewallRule) -> None:
    zone = _zone(rule)
    if rule.action == DEFAULT_ZONE and "etc/" in rule.where.path:
        tree.default = rule.interface
    elif zone:
        tree.files.setdefault(zone, set()).add(rule.where.path)
        if rule.action == BINDS:
            tree.bindings.setdefault(rule.where.path, []).append(rule)


def _settled(fact: Fact, trees: dict[str, _Tree]) -> Iterator[Fact]:
    if not isinstance(fact, FirewallRule) or not fact.by.startswith("firewalld"):
        yield fact
        return
    tree, zone, path = trees[tree_of(fact.where)], _zone(fact), fact.where.path
    if fact.action in {BINDS, DEFAULT_ZONE} or (zone and "usr/lib/" in path and any("usr/lib/" not in other for other in tree.files[zone])):
        return
    bindings = tree.bindings.get(path, [])
    if not zone or zone == tree.default:
        yield fact
    elif not bindings:
        yield replace(fact, enabled=False)
    elif len(bindings) > _MOST_BINDINGS:
        yield replace(fact, action="unknown", transport="", port=None, last_port=None)
    else:
        yield from (one for binding in bindings for one in _bound(fact, binding))


def _bound(rule: FirewallRule, binding: FirewallRule) -> Iterator[FirewallRule]:
    """The rule for one interface or source of its zone; what is refused to some senders only is nothing that protects."""
    if binding.interface:
        yield replace(rule, interface=binding.interface)
    elif not rule.action.startswith("default-"):
        yield replace(rule, source=", ".join(filter(None, (binding.source, rule.source)))[:64])
    elif rule.action == "default-accept":
        yield replace(rule, action="accept", source=binding.source)


def _zone(rule: FirewallRule) -> str:
    """The name of the zone that a rule is of, by its file; empty for settings, policies and direct rules."""
    folder, _, name = rule.where.path.rpartition("/")
    return name.removesuffix(".xml") if folder.endswith("zones") else ""
