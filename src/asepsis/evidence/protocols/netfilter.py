"""Rules of Linux netfilter as iptables writes them, made flat: what may come in, in its order. No I/O.

Only the filter table's ``INPUT`` chain says what reaches the device itself. A chain of the user's own that a rule jumps to without a condition is
put in its place. What cannot be followed (a jump under a condition, ``RETURN``, a set) becomes ``unknown``, so that nobody takes what stands
behind it for protection: a condition that is not understood is left out of an ``ACCEPT``, and a ``DROP`` that has one is left out itself
(iptables(8), iptables-extensions(8)).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from asepsis.model.facts import FirewallRule
from asepsis.model.where import Where

MOST_RULES = 5000
"""Rules of one file after chains were put in place; no more are followed."""
MOST_DEPTH = 8
_DROPS = frozenset({"DROP", "REJECT", "TARPIT"})
_GO_ON = frozenset({"LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "SET", "AUDIT", "TRACE", "NOTRACK", "CT", ""})
_HARMLESS = frozenset({"-m", "--match", "--comment", "--reject-with", "--log-prefix", "--log-level", "-w", "--wait", "-c", "--set-counters"})
"""Options, each with one value, that do not change which packets a rule is about."""
_ANYWHERE = frozenset({"0.0.0.0/0", "0/0", "::/0", "0.0.0.0/0.0.0.0", "any", "anywhere"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it stands: ``ports`` from–to; ``conditional`` that it has matches beyond these fields."""

    where: Where
    target: str
    transport: str = ""
    ports: tuple[tuple[int, int], ...] = ()
    source: str = ""
    interface: str = ""
    conditional: bool = False
    only_known: bool = False


@dataclass(slots=True)
class Chains:
    """The filter table: policy of ``INPUT``, and the rules of each chain."""

    policy: str = ""
    policy_where: Where | None = None
    rules: dict[str, list[Rule]] = field(default_factory=dict)

    def add(self, where: Where, words: Sequence[str], *, sure: bool = True) -> None:
        """One command: ``-A INPUT …``, ``-I INPUT …``, ``-P INPUT DROP``, ``-F``; others change nothing that is looked at.

        One that is not ``sure`` to run may let something in, and closes nothing.
        """
        command, chain = words[0], words[1] if len(words) > 1 else ""
        if command in {"-P", "--policy"} and chain == "INPUT" and len(words) > 2:  # noqa: PLR2004
            if sure or words[2].upper() == "ACCEPT":
                self.policy, self.policy_where = words[2].upper(), where
        elif command in {"-F", "--flush"}:
            self._flush(chain)
        elif command in {"-A", "--append", "-I", "--insert"} and chain:
            rest = words[3:] if command[-1] in "It" and len(words) > 2 and words[2].isdigit() else words[2:]  # noqa: PLR2004
            rule = parse(where, rest)
            rule, chain_rules = rule if sure else replace(rule, conditional=True), self.rules.setdefault(chain, [])
            if command in {"-I", "--insert"}:
                chain_rules.insert(0, rule)
            else:
                chain_rules.append(rule)

    def _flush(self, chain: str) -> None:
        if chain:
            self.rules.pop(chain, None)
        else:
            self.rules.clear()

    def flat(self) -> Iterator[Rule]:
        """The rules of ``INPUT`` with its unconditional jumps followed."""
        left = [MOST_RULES]
        yield from self._inline("INPUT", (), left)

    def _inline(self, chain: str, above: tuple[str, ...], left: list[int]) -> Iterator[Rule]:
        for rule in self.rules.get(chain, ()):
            left[0] -= 1
            if left[0] < 0:
                return
            followable = rule.target in self.rules and rule.target not in above and len(above) < MOST_DEPTH
            if followable and not (rule.conditional or rule.ports or rule.source):
                for inner in self._inline(rule.target, (*above, chain), left):
                    yield replace(inner, transport=inner.transport or rule.transport, interface=inner.interface or rule.interface)
            else:
                yield rule


def parse(where: Where, words: Sequence[str]) -> Rule:
    """The matches and the target of one rule."""
    found: dict[str, str] = {}
    conditional, negated, i = False, False, 0
    while i < len(words):
        word, value = words[i], words[i + 1] if i + 1 < len(words) else ""
        if word == "!":
            negated, i = True, i + 1
            continue
        name = _NAMES.get(word, "")
        if name:
            conditional = conditional or (negated and name != "source")
            found[name] = ("!" if negated else "") + value
        elif word not in _HARMLESS:
            conditional = conditional or word.startswith("-")
        negated = False
        i += 2 if name or word in _HARMLESS or (word.startswith("-") and not value.startswith("-")) else 1
    states, transport = found.get("states", "").upper(), found.get("transport", "").lower()
    ports = ports_of(found.get("ports", ""))
    conditional = conditional or (bool(found.get("ports")) and not ports) or transport not in _TRANSPORTS
    return Rule(
        where,
        found.get("target", "")[:64],
        transport if transport in _TRANSPORTS and transport != "all" else "",
        ports,
        "" if found.get("source", "") in _ANYWHERE else found.get("source", "")[:64],
        found.get("interface", "")[:32],
        conditional,
        bool(states) and "NEW" not in states,
    )


_TRANSPORTS = frozenset({"", "all", "tcp", "udp", "udplite", "icmp", "icmpv6", "ipv6-icmp", "igmp", "esp", "ah", "sctp", "gre", "ospf", "vrrp"})
_NAMES = {
    **dict.fromkeys(("-j", "--jump", "-g", "--goto"), "target"),
    **dict.fromkeys(("-p", "--protocol", "--proto"), "transport"),
    **dict.fromkeys(("--dport", "--dports", "--destination-port", "--destination-ports"), "ports"),
    **dict.fromkeys(("-s", "--source", "--src"), "source"),
    **dict.fromkeys(("-i", "--in-interface"), "interface"),
    **dict.fromkeys(("--state", "--ctstate"), "states"),
}

SERVICES = {"ssh": 22, "telnet": 23, "ftp": 21, "tftp": 69, "http": 80, "www": 80, "https": 443, "snmp": 161, "domain": 53, "ntp": 123}
"""Names of /etc/services that rules use."""


def ports_of(text: str) -> tuple[tuple[int, int], ...]:
    """``22``, ``22,80:90``, ``ssh``; nothing if one of them is negated, a variable or unknown: then the rule is about ports that cannot be told."""
    ports = []
    for part in text.split(",")[:64] if text else ():
        low, found, high = part.replace("-", ":").partition(":")
        first = SERVICES.get(low) or _number(low, 0 if found and not low else -1)
        ports.append((first, _number(high, 65535 if not high else -1) if found else first))
    return tuple(ports) if all(0 <= low <= high <= 65535 for low, high in ports) else ()  # noqa: PLR2004


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise  # noqa: PLR2004


def facts(chains: Chains, by: str, *, enabled: bool | None) -> Iterator[FirewallRule]:
    """What the chains say of incoming connections, in their order, the policy last."""
    for rule in chains.flat():
        action = _action(rule)
        for low, high in rule.ports or ((None, None),) if action else ():
            last = high if high != low else None
            yield FirewallRule(rule.where, action, by, rule.transport, low, last, rule.source, rule.interface, enabled)
    if chains.policy in {"ACCEPT", *_DROPS} and chains.policy_where:
        action = "default-accept" if chains.policy == "ACCEPT" else "default-drop"
        yield FirewallRule(chains.policy_where, action, by, enabled=enabled)


def _action(rule: Rule) -> str:
    """``accept``, ``drop``, ``unknown``, or nothing if the rule decides nothing about new connections from outside."""
    target = rule.target.upper()
    if rule.only_known or target in _GO_ON or (rule.conditional and target in _DROPS):
        return ""
    return "accept" if target == "ACCEPT" else "drop" if target in _DROPS else "unknown"
