"""What a network secret opens: the zone behind it."""

from __future__ import annotations

from asepsis.findings.log_ins import Entry, kept_secret, together
from asepsis.findings.rule import Facts
from asepsis.findings.stored import said
from asepsis.findings.ways_in import program_name
from asepsis.findings.witness import most_certain
from asepsis.findings.words import place
from asepsis.model.claim import claim
from asepsis.model.facts import KeyReference, StartedProgram, StoredSecret, Zone
from asepsis.model.finding import Certainty
from asepsis.model.where import Where

_WIFI_PROGRAMS = frozenset({"wpa_supplicant", "hostapd", "NetworkManager", "connmand", "iwd", "wpad", "netifd"})
"""Programs that use a stored Wi-Fi secret once they are started."""
_IPSEC = frozenset({"charon", "charon-systemd", "ipsec", "starter", "pluto", "racoon", "swanctl"})
_PPP = frozenset({"pppd", "pon", "wvdial", "xl2tpd", "chat"})
_NETWORKD = frozenset({"systemd-networkd"})
_USED_BY: dict[str, frozenset[str]] = {
    "hostapd": frozenset({"hostapd", "wpad"}),
    "network-manager": frozenset({"NetworkManager"}),
    "iwd": frozenset({"iwd"}),
    "connman": frozenset({"connmand"}),
    "netplan": _NETWORKD | {"NetworkManager", "wpa_supplicant"},
    "wireguard": _NETWORKD | {"wg", "wg-quick"},
    "systemd-networkd": _NETWORKD,
    "openvpn": frozenset({"openvpn"}),
    "ipsec": _IPSEC,
    "swanctl": _IPSEC,
    "racoon": _IPSEC,
    "ppp": _PPP,
    "wvdial": _PPP,
    "radius": frozenset({"radiusd", "freeradius"}),
}
"""Store → the programs that read it; any other store may be read by any Wi-Fi program."""


def joining(facts: Facts, stored: StoredSecret, zone: Zone = Zone.DEVICE_NETWORK) -> Entry:
    """The secret is held, it opens ``zone``, and it is in use if a program that reads its store is started."""
    held = kept_secret(facts, stored.secret, stored.where, what=f"The {said(stored)}")
    return together(held, use_of(facts, stored.store, stored.secret.digest, zone))


def use_of(facts: Facts, store: str, digest: str, zone: Zone = Zone.DEVICE_NETWORK) -> Entry:
    """A secret that settings of this kind hold, or name, opens ``zone``; whether a program that reads them is started."""
    users = _USED_BY.get(store, _WIFI_PROGRAMS)
    starts = [start for start in facts.of(StartedProgram) if start.enabled and program_name(start) in users]
    return Entry(
        claims=(claim("opens_network", digest, zone),),
        certainty=most_certain(Certainty.ENABLED for _ in starts),
        shown_by=tuple(f"{program_name(start)} is started by {place(start.where)}" for start in starts)
        or ("no start of a program that uses it was seen, so it is only present",),
    )


def named_by(facts: Facts, where: Where) -> tuple[KeyReference, ...]:
    """The network settings that name the file at ``where`` as the private key of this device."""
    return tuple(
        one for one in facts.of(KeyReference) if one.where.evidence == where.evidence and f"/{where.member}".endswith(f"/{one.path.lstrip('/')}")
    )
