r"""Settings of Windows that keep others out: firewall, old protocols, updates. No I/O.

Values as Microsoft documents them: ``EnableFirewall``; ``SMB1``; ``LmCompatibilityLevel`` (below 3 the client answers with LM or NTLM);
``SCHANNEL\Protocols\…\Enabled``; ``NoAutoUpdate``, ``WUServer``. A value that is not there has the default of its release, which is not guessed.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.registry.key import Key
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule, Hardening, UpdateMechanism, Zone

_PROFILES = ("standardprofile", "domainprofile", "publicprofile", "privateprofile")
WINDOWS = "Windows"


def firewall_profile(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """One profile of the firewall: off means that everything may come in."""
    state = key.number("enablefirewall")
    profile = key.path.rsplit("\\", 1)[-1]
    if state is None or profile not in _PROFILES:
        return
    blocks = bool(state) and key.number("defaultinboundaction") != 0
    action = "default-drop" if blocks else "default-accept"
    emit(FirewallRule(key.place("enablefirewall"), action, "windows", interface=profile, enabled=True))
    emit(Hardening(key.place("enablefirewall"), f"firewall ({profile.removesuffix('profile')} networks)", bool(state), WINDOWS))


_OPEN_PORT = re.compile(r"(\d{1,5}):(TCP|UDP):([^:]{0,64}):(Enabled|Disabled)\b", re.IGNORECASE)


def open_ports(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""``GloballyOpenPorts\List`` of Windows XP: ``3389:TCP:*:Enabled:name``."""
    for _, value in sorted(key.values.items()):
        found = _OPEN_PORT.match(value.text)
        if found and 0 < int(found[1]) < 65536:  # noqa: PLR2004
            source = "" if found[3] == "*" else found[3]
            on = found[4].lower() == "enabled"
            emit(FirewallRule(value.where, "accept", "windows", found[2].lower(), int(found[1]), source=source, enabled=on))


_TRANSPORTS = {"6": "tcp", "17": "udp"}


def firewall_rules(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """``FirewallRules`` since Vista: ``v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|…``; rules about ports that are switched on."""
    for _, value in sorted(key.values.items()):
        fields = dict(part.split("=", 1) for part in value.text[:4096].split("|") if "=" in part)
        port = fields.get("LPort", "")
        if fields.get("Dir") != "In" or fields.get("Active", "").upper() != "TRUE" or not port.isascii() or not port.isdigit() or len(port) > 5:  # noqa: PLR2004
            continue
        action = "accept" if fields.get("Action") == "Allow" else "drop"
        source = next((fields[name] for name in ("RA4", "RA6") if name in fields), "")[:64]
        emit(FirewallRule(value.where, action, "windows", _TRANSPORTS.get(fields.get("Protocol", ""), ""), int(port), source=source, enabled=True))


_SAFE_LM = 3


def lan_manager(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """Old log-on answers and hashes."""
    level = key.number("lmcompatibilitylevel")
    if level is not None:
        emit(Hardening(key.place("lmcompatibilitylevel"), "only NTLMv2 log-ons", level >= _SAFE_LM, WINDOWS))
    kept = key.number("nolmhash")
    if kept is not None:
        emit(Hardening(key.place("nolmhash"), "no LM hashes", bool(kept), WINDOWS))


def file_sharing(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""``LanmanServer\Parameters``: SMB 1, and signed messages."""
    first = key.number("smb1")
    if first is not None:
        emit(Hardening(key.place("smb1"), "SMB 1 switched off", not first, WINDOWS))


def secure_channel(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""``SCHANNEL\Protocols\TLS 1.0\Server``: an old protocol that is expressly on, a current one that is expressly off."""
    protocol, side = key.path.split("\\")[-2:]
    enabled, off = key.number("enabled"), key.number("disabledbydefault")
    if side not in {"server", "client"} or enabled is None:
        return
    on = bool(enabled) and not off
    old = protocol in {"ssl 2.0", "ssl 3.0", "tls 1.0", "tls 1.1", "pct 1.0"}
    shown = f"{protocol.upper()} ({side})"
    emit(Hardening(key.place("enabled"), f"{shown} switched {'off' if old else 'on'}", on is not old, WINDOWS))


def updates(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""``WindowsUpdate\AU``: whether Windows fetches updates by itself."""
    state = key.number("noautoupdate")
    if state is not None:
        emit(Hardening(key.place("noautoupdate"), "automatic updates", not state, WINDOWS))


def update_server(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """``WUServer``: the server of the hospital or the maker that Windows fetches updates from. Windows itself checks their signatures."""
    server = key.text("wuserver").lower()
    if server.startswith(("http://", "https://")):
        where = key.place("wuserver")
        emit(
            UpdateMechanism(where, "Windows Update", Zone.HOSPITAL_NETWORK, signature_checked=True, transport_protected=server.startswith("https://"))
        )


_FIREWALL = "system\\current\\services\\sharedaccess\\parameters\\firewallpolicy"
MEANINGS = (
    (f"{_FIREWALL}\\*", firewall_profile),
    ("software\\policies\\microsoft\\windowsfirewall\\*", firewall_profile),
    (f"{_FIREWALL}\\*\\globallyopenports\\list", open_ports),
    (f"{_FIREWALL}\\firewallrules", firewall_rules),
    ("system\\current\\control\\lsa", lan_manager),
    ("system\\current\\services\\lanmanserver\\parameters", file_sharing),
    ("system\\current\\control\\securityproviders\\schannel\\protocols\\*\\*", secure_channel),
    ("software\\policies\\microsoft\\windows\\windowsupdate\\au", updates),
    ("software\\policies\\microsoft\\windows\\windowsupdate", update_server),
)
