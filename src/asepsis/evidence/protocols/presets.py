"""Units that a preset switches on at the first boot (systemd.preset(5), machine-id(5)). No I/O.

Of files with one name the one in ``/etc`` counts, then ``/run``; all others are taken in the order of their names, and the first rule that
names a unit decides. At the first boot systemd only enables: a rule that disables takes no link away. A unit without ``[Install]`` cannot be enabled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from asepsis.evidence.protocols.paths import tree_of
from asepsis.evidence.protocols.units import Unit, served, unit_of
from asepsis.model.facts import Fact, Listener, StartedProgram, UnitPreset
from asepsis.model.where import Where

_FILE = re.compile(r"(?:^|[/!])(?P<root>etc|run|usr/local/lib|usr/lib|lib)/systemd/system-preset/(?P<name>[^/!]+\.preset)\Z")
_RANK = ("etc", "run", "usr/local/lib", "usr/lib", "lib")
_MOST_RULES = 2000
"""Rules of one tree; a distribution has about a hundred."""

_Rules = Mapping[str, Sequence[UnitPreset]]


@dataclass(slots=True)
class _Tree:
    """What one tree says: its files by their rank and place, and whether its next boot is the first."""

    files: dict[str, dict[tuple[int, str], list[UnitPreset]]] = field(default_factory=dict)
    first_boot: bool = True

    def rules(self) -> list[UnitPreset]:
        """In the order in which they count; none if this is no first boot."""
        if not self.first_boot:
            return []
        files = [self.files[name] for name in sorted(self.files)]
        return [rule for file in files for rule in file[min(file)]][:_MOST_RULES]


def with_presets(facts: Sequence[Fact], masked: Iterable[Where] = ()) -> list[Fact]:
    """The facts without presets: what these switch on is on, with the rule as what starts it. ``masked`` are links to ``/dev/null``."""
    rules = {tree: one.rules() for tree, one in _trees(facts, masked).items()}
    sockets = {_socket(unit): rule for fact in facts if isinstance(fact, Listener) for unit, rule in _enabled(fact, rules)}
    known: list[Fact] = []
    for fact in facts:
        if not isinstance(fact, UnitPreset):
            known += _settled(fact, rules, sockets)
    return known


def _settled(fact: Fact, rules: _Rules, sockets: dict[tuple[str, str], UnitPreset]) -> Iterator[Fact]:
    """A fact as the presets leave it, and what starts it if one does."""
    enabled = next((rule for _, rule in _enabled(fact, rules)), None)
    if isinstance(fact, Listener):
        yield from [replace(fact, enabled=True)] if fact.enabled or enabled else []
        return
    if not isinstance(fact, StartedProgram) or fact.by != "systemd":
        yield fact
        return
    unit = unit_of(fact.where)
    by_socket = sockets.get(_socket(unit)) if unit and unit.name.endswith(".service") else None
    levels = fact.run_levels if enabled or fact.enabled else ""
    yield replace(fact, enabled=True if enabled else fact.enabled, run_levels=levels)
    witness = enabled or by_socket
    if witness:
        yield replace(fact, where=witness.where, by="systemd-preset", enabled=True, run_levels=levels)


def _enabled(fact: Fact, rules: _Rules) -> Iterator[tuple[Unit, UnitPreset]]:
    """The unit of a fact and the rule that enables it, if it is off and one does."""
    waits = (isinstance(fact, StartedProgram) and fact.enabled is False and fact.run_levels) or (isinstance(fact, Listener) and not fact.enabled)
    unit = unit_of(fact.where) if waits else None
    named = rules.get(unit.tree, ()) if unit else ()
    rule = next((rule for rule in named if unit and fnmatchcase(unit.name, rule.units)), None)
    if unit and rule and rule.says == "enable":
        yield unit, rule


def _socket(unit: Unit) -> tuple[str, str]:
    return unit.tree, served(unit)


def _trees(facts: Sequence[Fact], masked: Iterable[Where]) -> dict[str, _Tree]:
    trees: dict[str, _Tree] = {}
    for fact in facts:
        if isinstance(fact, UnitPreset):
            tree = trees.setdefault(tree_of(fact.where), _Tree())
            tree.first_boot = tree.first_boot and fact.says != "no first boot"
            _file(tree, fact.where).append(fact)
    for place in masked:
        tree_named = trees.get(tree_of(place)) if place.path.endswith(".preset") else None
        if tree_named:
            _file(tree_named, place)
    return trees


def _file(tree: _Tree, where: Where) -> list[UnitPreset]:
    """The rules of one file, to be added to."""
    found = _FILE.search(where.path)
    if not found:
        return []
    return tree.files.setdefault(found["name"], {}).setdefault((_RANK.index(found["root"]), where.path), [])
