"""ufw: whether it is on, its default, and the rules of its user.

``/etc/ufw/ufw.conf`` says ``ENABLED=yes``, ``/etc/default/ufw`` ``DEFAULT_INPUT_POLICY="DROP"``, and ``user.rules`` (``user6.rules``) keeps each rule
twice: as a comment ``### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in`` and as words of iptables (ufw(8), ufw-framework(8)).

Known ways it lies: the service ``ufw`` must be started as well; ``before.rules`` and application profiles may let more in.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.netfilter import ports_of
from asepsis.evidence.protocols.text import key_file, unquote
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule, StartedProgram

_PATH = re.compile(r"(?:^|/)(?:etc/ufw/ufw\.conf|etc/default/ufw|(?:etc|lib|var/lib)/ufw/user6?\.rules)$")
_TUPLE = re.compile(
    r"### tuple ### (?:route:)?(allow|deny|reject|limit)(?:_log(?:-all)?)? (\S+) (\S+) (\S+) (\S+) (\S+)(?: \S+ \S+)? (in\S*|out\S*)"
    r"(?: comment=\w+)?\s*$"
)
_ANYWHERE = frozenset({"0.0.0.0/0", "::/0", "any"})
_POLICIES = {"DROP": "default-drop", "REJECT": "default-drop", "ACCEPT": "default-accept"}


class UfwReader:
    """Emits a :class:`FirewallRule` for each rule and the default, and a :class:`StartedProgram` that says whether it is on."""

    info = ReaderInfo("ufw", "Firewall ufw", (FirewallRule, StartedProgram), ("etc/ufw/ufw.conf", "etc/ufw/user.rules", "etc/default/ufw"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Rules, or settings."""
        if source.path.endswith(".rules"):
            _read_rules(source, emit)
            return
        seen = 0
        for entry in key_file(source.lines()):
            where, value = source.where(line=entry.line), unquote(entry.value)
            if entry.key == "ENABLED":
                emit(StartedProgram(where, "ufw", "ufw enable", "ufw", enabled=value.lower() == "yes"))
            elif entry.key == "DEFAULT_INPUT_POLICY" and value.upper() in _POLICIES:
                emit(FirewallRule(where, _POLICIES[value.upper()], "ufw"))
            else:
                continue
            seen += 1
        if not seen:
            raise NotThisFormat


def _read_rules(source: BoundedSource, emit: Emit) -> None:
    by = "ufw-ip6" if source.path.endswith("user6.rules") else "ufw-ip"
    for number, line in source.lines():
        found = _TUPLE.match(line.strip()[:512])
        if not found or not found.group(7).startswith("in") or "route:" in found.group(0)[:24]:
            continue
        verb, transport, port, _, source_port, peer = found.groups()[:6]
        ports = () if port == "any" else ports_of(port)
        action = "accept" if verb in {"allow", "limit"} else "drop"
        if action == "drop" and (source_port != "any" or (port != "any" and not ports)):
            continue
        for low, high in ports or ((None, None),):
            emit(
                FirewallRule(
                    source.where(line=number),
                    action,
                    by,
                    "" if transport == "any" else transport[:16],
                    low,
                    high if high != low else None,
                    "" if peer in _ANYWHERE else peer[:64],
                    found.group(7).partition("_")[2][:32],
                )
            )
