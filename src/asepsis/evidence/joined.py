"""Facts of one file that another file completes.

A start script without a link in ``rc?.d`` may still be called by something that runs: rcS, rc.local, inittab, a unit, a table of cron. Then what
it starts is switched on. Units of systemd complete each other (:mod:`asepsis.evidence.protocols.units`), presets switch them on
(:mod:`asepsis.evidence.protocols.presets`), files that scripts take in say with which options (:mod:`asepsis.evidence.protocols.sourced`). So do a
server's settings in several files (:mod:`asepsis.evidence.protocols.settings`), what PAM and the list of groups add to them
(:mod:`asepsis.evidence.protocols.log_in_rules`), the rules of sudo (:mod:`asepsis.evidence.protocols.sudo_rules`), and the lists of keys that they
name (:mod:`asepsis.evidence.protocols.key_places`). The zones of firewalld are one firewall (:mod:`asepsis.evidence.protocols.firewalld_zones`).
Packages belong to the distribution that their tree says it is (:mod:`asepsis.evidence.protocols.packaged`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from asepsis.evidence.protocols.firewalld_zones import with_zones
from asepsis.evidence.protocols.key_places import with_key_places
from asepsis.evidence.protocols.log_in_rules import with_log_in_rules
from asepsis.evidence.protocols.packaged import with_packages
from asepsis.evidence.protocols.paths import tree_of
from asepsis.evidence.protocols.presets import with_presets
from asepsis.evidence.protocols.settings import with_settings
from asepsis.evidence.protocols.sourced import with_sourced
from asepsis.evidence.protocols.started import CALLED, CALLERS
from asepsis.evidence.protocols.sudo_rules import with_sudo_rules
from asepsis.evidence.protocols.units import masked_names, unit_of, with_units
from asepsis.model.facts import (
    Certificate,
    Fact,
    FirewallRule,
    Hardening,
    KeyReference,
    PasswordHash,
    PatientDataStore,
    PrivateKey,
    RuleMatch,
    Service,
    StartedProgram,
    StoredSecret,
    UncheckedPeer,
    UpdateMechanism,
)
from asepsis.model.where import Where

STAND_ALONE: frozenset[type[Fact]] = frozenset(
    {StoredSecret, PasswordHash, PrivateKey, Certificate, KeyReference, Hardening, PatientDataStore, UncheckedPeer, RuleMatch}
)
"""Kinds that complete no fact of another kind: where one of these is missing, all others are as they would be."""
_SCRIPT = re.compile(r"etc(?:_ro)?/(?:init\.d|rc\.d/init\.d)/([^/]+)$")
_STARTS = frozenset({"start", "restart", "reload-or-restart", "try-restart"})
_STOPS = frozenset({"stop", "kill", "disable", "mask", "status"})


@dataclass(frozen=True, slots=True)
class _Call:
    """That something is called: the ``tree`` that both lie in, and what calls it."""

    tree: str
    caller: StartedProgram


def join(facts: Iterable[Fact], masked: Sequence[Where] = ()) -> list[Fact]:
    """The facts with everything switched on that something enabled calls, and off what is masked; the rest as it is.

    ``masked`` are the places of links to ``/dev/null``.
    """
    settled = with_zones(with_key_places(with_log_in_rules(with_settings(with_packages(with_sudo_rules(with_sourced(list(facts))))))))
    known = with_units(with_presets(settled, masked), masked)
    called = _called(known)
    for name in masked_names(masked):
        called.pop(name, None)
    scripts = {_path(fact) for fact in known if isinstance(fact, StartedProgram) and fact.by == "script"}
    whole = [_switched_on(fact, scripts, next((called[name] for name in _own_names(fact) if name in called), None)) for fact in known]
    return _loaded(whole, called)


_LOADS = {"fw3": "uci", "fw4": "uci", "ufw": "ufw", "ufw-init": "ufw", "firewalld": "firewalld", "netfilter-persistent": "iptables"}
"""Programs that load rules from a place of their own."""


def _loaded(facts: list[Fact], called: dict[str, _Call]) -> list[Fact]:
    """The facts with every rule of a firewall switched on that something enabled loads, and off where its program is known to be off."""
    loaders: dict[str, list[bool | None]] = {}
    for fact in facts:
        by = _LOADS.get(fact.program.rsplit("/", 1)[-1]) if isinstance(fact, StartedProgram) else None
        if by and isinstance(fact, StartedProgram):
            loaders.setdefault(f"{_tree_of(fact, called)}:{by}", []).append(fact.enabled)
    return [replace(fact, enabled=_is_loaded(fact, loaders, called)) if isinstance(fact, FirewallRule) else fact for fact in facts]


def _is_loaded(rule: FirewallRule, loaders: dict[str, list[bool | None]], called: dict[str, _Call]) -> bool | None:
    """By its own place; by what calls its file; by a loader of its kind, if all that is known of that agrees."""
    if rule.enabled is not None or any(name in called for name in _own_names(rule)):
        return rule.enabled is not False
    stated = loaders.get(f"{_tree_of(rule, called)}:{rule.by.partition('-')[0].replace('ip6tables', 'iptables')}", [])
    own_place = not rule.by.endswith("tables") or re.search(r"etc/iptables/rules\.v[46]$", rule.where.path) is not None
    return all(stated) if stated and own_place else None


def _called(facts: Sequence[Fact]) -> dict[str, _Call]:
    """Every script, unit and settings file that something enabled names in its command."""
    called: dict[str, _Call] = {}
    waiting = [fact for fact in facts if isinstance(fact, StartedProgram) and fact.enabled]
    idle: dict[str, list[StartedProgram]] = {}
    for fact in facts:
        if isinstance(fact, StartedProgram) and not fact.enabled:
            for name in _own_names(fact):
                idle.setdefault(name, []).append(fact)
    while waiting:
        caller = waiting.pop()
        tree = _tree_of(caller, called)
        for name in _calls(caller, tree):
            if name not in called:
                called[name] = _Call(tree, caller)
                waiting.extend(idle.get(name, ()))
    return called


def _path(fact: Fact) -> str:
    return f"{fact.where.evidence}!{fact.where.path}"


def _own_names(fact: Fact) -> tuple[str, ...]:
    """What a fact's file may be called by: its path, the name of its script, the name of its unit."""
    if not isinstance(fact, (StartedProgram, Service, UpdateMechanism, FirewallRule)):
        return ()
    script = _SCRIPT.search(fact.where.path)
    if script:
        return _path(fact), f"{fact.where.evidence}!{fact.where.path[: script.start()]}:{script.group(1)}"
    unit = unit_of(fact.where)
    return (f"{unit.tree}:{unit.stem}", _path(fact)) if unit else (_path(fact),)


def _calls(fact: StartedProgram, tree: str) -> Iterator[str]:
    """The files, scripts and units that a command line names, in the same tree as the caller."""
    words = fact.command.split()
    if _STOPS & set(words[1:]):
        return
    for word in words:
        if word.startswith("/"):
            yield tree + word.strip("/")
            script = _SCRIPT.fullmatch(word.strip("/"))
            yield from [f"{tree}:{script.group(1)}"] if script else []
    if words and words[0].rsplit("/", 1)[-1] in CALLERS and (_STARTS & set(words[1:]) or "--now" in words):
        yield from (f"{tree}:{word.removesuffix('.service')}" for word in words[1:] if not word.startswith("-") and word not in _STARTS)


def _tree_of(fact: Fact, called: dict[str, _Call]) -> str:
    """The root of the tree that a file lies in, with its evidence."""
    known = called.get(_path(fact))
    if known is not None:
        return known.tree
    return tree_of(fact.where)


def _switched_on(fact: Fact, scripts: Collection[str], call: _Call | None) -> Fact:
    """The fact as it is once its file is known to be called."""
    if isinstance(fact, UpdateMechanism):
        return _started_update(fact, call)
    if call is None:
        return fact
    if isinstance(fact, StartedProgram) and (fact.by in CALLED or unit_of(fact.where)):
        return replace(fact, enabled=True)
    if isinstance(fact, Service) and (fact.enabled is None or unit_of(fact.where) or _path(fact) in scripts):
        return replace(fact, enabled=True)
    return fact


def _started_update(fact: UpdateMechanism, call: _Call | None) -> UpdateMechanism:
    """An update script that something calls, with who calls it and as whom."""
    if call is None or fact.started_by:
        return fact
    place = f"{call.caller.where.path}:{call.caller.where.line}" if call.caller.where.line else call.caller.where.path
    return replace(fact, started_by=f"{call.caller.by} as {call.caller.user or 'root'} ({place})")
