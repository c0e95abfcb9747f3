"""What the device's own firewall does to a port: drops it, lets it in, or nobody can tell.

Rules are taken in their order, those of one program together. What comes out is told beside a finding and dismisses none (decision 0013). Only a
firewall that was seen to be loaded is said to drop, and only what is dropped over both versions of IP is said to be dropped from everybody.
Whatever cannot be followed never counts as protection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from asepsis.findings.rule import Facts
from asepsis.findings.witness import unique
from asepsis.findings.words import place, short
from asepsis.model.facts import FirewallRule
from asepsis.model.where import CHAIN, Where

_ROOT = re.compile(r"(?:^|/)(?=(?:etc|etc_ro|lib|usr|opt|s?bin|root|home|var|srv|system|vendor|app|config)/)")
_LOOPBACK = frozenset({"lo", "lo0", "loopback"})
_ONLY = {
    "iptables": 4,
    "nftables-ip": 4,
    "uci-ip": 4,
    "ufw-ip": 4,
    "firewalld-ip": 4,
    "ip6tables": 6,
    "nftables-ip6": 6,
    "uci-ip6": 6,
    "ufw-ip6": 6,
    "firewalld-ip6": 6,
}
"""Programs whose rules are about one version of IP only; the others are about both."""
_VERSIONS = (4, 6)
MOST_RULES = 2000
"""Rules of one tree; a device has a few dozen."""


@dataclass(frozen=True, slots=True)
class Shield:
    """What is known of the way to one port. ``closed`` says that nobody comes through, with the place; ``lines`` is what to tell."""

    closed: str = ""
    dropped: bool = False
    lines: tuple[str, ...] = ()


NO_SHIELD = Shield()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one program's rules do over one version of IP: ``drop``, ``accept``, ``some`` (from somewhere), ``unknown`` or nothing."""

    does: str = ""
    rule: FirewallRule | None = None
    some: tuple[FirewallRule, ...] = ()


def shield(facts: Facts, places: Iterable[Where], transport: str, port: int | None) -> Shield:
    """The firewall before a service whose parts lie at ``places``. Parts in several trees each need their own."""
    if port is None:
        return NO_SHIELD
    trees = {tree(where) for where in places}
    shields = [_before(facts, one, transport, port) for one in sorted(trees)]
    lines = unique(line for one in shields for line in one.lines)
    closed = next((one.closed for one in shields), "") if shields and all(one.closed for one in shields) else ""
    return Shield(closed, bool(shields) and all(one.dropped for one in shields), lines)


def _before(facts: Facts, tree: str, transport: str, port: int) -> Shield:
    rules = _by_tree(facts).get(tree, ())
    if len(rules) > MOST_RULES:
        return Shield(lines=(f"a firewall has more than {MOST_RULES} rules, which were not followed: {place(rules[0].where)}",))
    loaded = [rule for rule in rules if rule.enabled]
    answers = {version: tuple(_answers(loaded, version, transport, port)) for version in _VERSIONS}
    drops = {version: next((one for one in answers[version] if one.does == "drop"), None) for version in _VERSIONS}
    lines = list(_lines(answers, drops))
    if not loaded and rules:
        lines.append(f"a firewall is there, but whether anything loads it was not seen: {place(rules[0].where)}")
    both = drops[4] is not None and drops[6] is not None
    witness = drops[4].rule if drops[4] else None
    return Shield(place(witness.where) if both and witness else "", drops[4] is not None, tuple(lines))


@lru_cache(maxsize=4)
def _by_tree(facts: Facts) -> dict[str, tuple[FirewallRule, ...]]:
    """The rules that may be loaded, by the tree that they lie in."""
    trees: dict[str, list[FirewallRule]] = {}
    for rule in facts.of(FirewallRule):
        if rule.enabled is not False:
            trees.setdefault(tree(rule.where), []).append(rule)
    return {tree: tuple(rules) for tree, rules in trees.items()}


def _lines(answers: dict[int, tuple[_Answer, ...]], drops: dict[int, _Answer | None]) -> Iterator[str]:
    """What to tell of it, in the order of the versions of IP."""
    for version in _VERSIONS:
        drop = drops[version]
        if drop and drop.rule:
            yield f"behind a firewall: {place(drop.rule.where)} drops it over IPv{version}"
        for one in answers[version]:
            for rule in one.some:
                yield f"let in from {_from(rule)} by the firewall: {place(rule.where)}"
            if one.does == "accept" and one.rule and not drop:
                yield f"let in by the firewall: {place(one.rule.where)}"
            if one.does == "unknown" and one.rule and not drop:
                yield f"there is a firewall whose rules could not be followed: {place(one.rule.where)}"
    if (drops[4] is None) != (drops[6] is None) and not any(one.does for one in answers[6 if drops[4] else 4]):
        yield f"nothing was seen to drop it over IPv{6 if drops[4] else 4}"


def _answers(rules: Sequence[FirewallRule], version: int, transport: str, port: int) -> Iterator[_Answer]:
    """One answer for each program that has rules for this version of IP; a packet must pass them all."""
    programs = sorted({_program(rule.by) for rule in rules if _ONLY.get(rule.by, version) == version})
    for program in programs:
        own = [rule for rule in rules if _program(rule.by) == program and _ONLY.get(rule.by, version) == version]
        yield _answer(own, transport, port)


def _answer(rules: Sequence[FirewallRule], transport: str, port: int) -> _Answer:
    """The first rule that decides in each file; over several files, whose order is not known, the most open answer."""
    files = sorted({rule.where.path for rule in rules})
    stated = [rule for rule in rules if rule.action.startswith("default-")]
    answers = [_in_order([rule for rule in rules if rule.where.path == path and rule not in stated], transport, port) for path in files]
    some = tuple(rule for one in answers for rule in one.some)
    for does in ("unknown", "accept"):
        for one in answers:
            if one.does == does:
                return _Answer(does, one.rule, some)
    if answers and all(one.does == "drop" for one in answers):
        return _Answer("some" if some else "drop", answers[0].rule, some)
    return _default(stated, some, next((one.rule for one in answers if one.does == "drop"), None))


def _in_order(rules: Sequence[FirewallRule], transport: str, port: int) -> _Answer:
    some: list[FirewallRule] = []
    for rule in rules:
        if rule.interface in _LOOPBACK or not _covers(rule, transport, port):
            continue
        if rule.action == "unknown":
            return _Answer("unknown", rule, tuple(some))
        if not rule.source and not rule.interface:
            return _Answer(rule.action, rule, tuple(some))
        if rule.action == "accept":
            some.append(rule)
    return _Answer("", None, tuple(some))


def _default(stated: Sequence[FirewallRule], some: tuple[FirewallRule, ...], drop: FirewallRule | None) -> _Answer:
    """What happens to packets that no rule names: every default must drop them, or some are let in."""
    opened = tuple(rule for rule in stated if rule.action == "default-accept")
    everywhere = [rule for rule in stated if not rule.interface]
    if any(not rule.interface for rule in opened):
        return _Answer("accept", opened[0], some)
    if not everywhere:
        return _Answer("", None, some)
    closing = drop or everywhere[0]
    some = (*some, *opened)
    return _Answer("some" if some else "drop", closing, some)


def _covers(rule: FirewallRule, transport: str, port: int) -> bool:
    if rule.transport and rule.transport != transport:
        return False
    return rule.port is None or rule.port <= port <= (rule.last_port or rule.port)


def _from(rule: FirewallRule) -> str:
    return " on ".join(filter(None, (short(rule.source), short(rule.interface)))) or "somewhere"


def _program(by: str) -> str:
    return by.partition("-")[0].replace("ip6tables", "iptables")


def tree(where: Where) -> str:
    """The root of the tree that a file lies in, with its evidence."""
    container, _, member = where.path.rpartition(CHAIN)
    start = re.search(r"(?:^|/)(?=etc(?:_ro)?/)", member) or _ROOT.search(member)
    return f"{where.evidence}!{container}!{member[: start.end()] if start else ''}"
