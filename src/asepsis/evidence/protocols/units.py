"""What several files say about one systemd unit, put together (systemd.unit(5), "Unit File Load Path").

A unit in ``/etc`` hides the one of the same name in ``/lib``; a link to ``/dev/null`` in its place masks it: nothing starts it any more. A file
``NAME.d/*.conf`` adds to it, and its ``ExecStart`` takes the place of the unit's own (only ``Type=oneshot`` may have two); one without an
``ExecStart``, whose facts the reader leaves open, takes nothing away. A socket that is
switched on starts its service whenever somebody connects (systemd.socket(5)): the service has no link of its own and listens where the socket does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from asepsis.model.facts import Fact, Listener, Service, StartedProgram
from asepsis.model.where import Where

_UNIT = re.compile(
    r"(?:^|[/!])(?=(?P<root>etc|run|lib|usr/lib|usr/local/lib)/systemd/(?P<folders>(?:[^/!]+/)*)"
    r"(?P<name>[^/!]+\.(?:service|socket|timer|path))(?P<drop_in>\.d/[^/!]+\.conf)?\Z)"
)
_RANK = {"etc": 0, "run": 1, "usr/local/lib": 2, "usr/lib": 3, "lib": 3}
_ONLY_PULLS_IN = 9
"""A copy in a ``.wants`` folder where links were lost: it says that the unit is wanted, not what it is."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that a file is of: the ``tree`` it lies in, its ``name``, how strong the file is (0 wins), and the drop-in's name if it is one."""

    tree: str
    name: str
    rank: int
    drop_in: str = ""

    @property
    def stem(self) -> str:
        """What it is called without ``.service``."""
        return self.name.removesuffix(".service")

    @property
    def template(self) -> str:
        """The name of the template: ``getty@.service`` of ``getty@tty1.service``."""
        return re.sub(r"@[^@]*\.", "@.", self.name)

    @property
    def instance(self) -> str:
        """``tty1`` of ``getty@tty1.service``."""
        return self.name.partition("@")[2].rpartition(".")[0]


def unit_of(where: Where) -> Unit | None:
    """The unit that a file is of, or None."""
    found = _UNIT.search(where.path) if "systemd/" in where.path else None
    if not found:
        return None
    rank = _ONLY_PULLS_IN if re.search(r"\.(?:wants|requires)/\Z", found["folders"]) else _RANK[found["root"]]
    return Unit(f"{where.evidence}!{where.path[: found.end()]}", found["name"], rank, (found["drop_in"] or "")[3:])


def masked_names(masked: Iterable[Where]) -> frozenset[str]:
    """What nothing can start: ``TREE:NAME`` of each unit that is masked in ``/etc`` or ``/run``."""
    units = [unit for unit in map(unit_of, masked) if unit and unit.rank <= _RANK["run"]]
    return frozenset(f"{unit.tree}:{unit.stem}" for unit in units)


def with_units(facts: Sequence[Fact], masked: Iterable[Where]) -> list[Fact]:
    """The facts of every unit as systemd sees them: what is hidden, masked or replaced is off, what a socket starts is on."""
    masks: dict[tuple[str, str], list[Unit]] = {}
    for mask in [unit for unit in map(unit_of, masked) if unit]:
        masks.setdefault((mask.tree, mask.template), []).append(mask)
    known = _with_sockets(facts, masks.keys())
    groups: dict[tuple[str, str], list[tuple[int, Unit]]] = {}
    for number, fact in enumerate(known):
        unit = unit_of(fact.where) if isinstance(fact, (StartedProgram, Service)) else None
        if unit:
            groups.setdefault((unit.tree, unit.template), []).append((number, unit))
    settled: dict[int, Fact | None] = {}
    for key, members in groups.items():
        settled.update(_settled(known, members, masks.get(key, ())))
    return [fact for number, before in enumerate(known) for fact in [settled.get(number, before)] if fact is not None]


def _settled(facts: Sequence[Fact], members: Sequence[tuple[int, Unit]], masks: Sequence[Unit]) -> Iterator[tuple[int, Fact | None]]:
    """Each fact of one unit as it counts; None for a way in that only a file says that is not read."""
    files = [unit.rank for _, unit in members if not unit.drop_in]
    best = min(files, default=0)
    replacing = [unit.drop_in for number, unit in members if isinstance(facts[number], StartedProgram) and not _only_adds(facts[number], unit)]
    last = max(replacing, default="")
    wanted = any(getattr(facts[number], "enabled", None) for number, _ in members) if files else None
    for number, unit in members:
        is_read = _only_adds(facts[number], unit) or (unit.drop_in == last if last else unit.rank == best)
        if any(_is_masked(facts[number], unit, mask, best) for mask in masks):
            yield number, _switched(facts[number], on=False, note="masked")
        elif is_read:
            yield number, _switched(facts[number], on=wanted)
        else:
            yield number, _switched(facts[number], on=False) if isinstance(facts[number], StartedProgram) else None


def _only_adds(fact: Fact, unit: Unit) -> bool:
    """Of a drop-in that leaves the unit its command."""
    return bool(unit.drop_in) and isinstance(fact, (StartedProgram, Service)) and fact.enabled is None


def _is_masked(fact: Fact, unit: Unit, mask: Unit, best: int) -> bool:
    """Masked as a whole, or in the one instance that the fact is of."""
    if mask.rank > best:
        return False
    said = fact.command if isinstance(fact, StartedProgram) else fact.detail if isinstance(fact, Service) else ""
    return not mask.instance or mask.instance in {unit.instance, *said.split()}


def _switched(fact: Fact, *, on: bool | None, note: str = "") -> Fact:
    if isinstance(fact, StartedProgram):
        return replace(fact, enabled=on)
    return replace(fact, enabled=on, detail=", ".join(filter(None, (fact.detail, note)))) if isinstance(fact, Service) else fact


def _with_sockets(facts: Sequence[Fact], masked: Collection[tuple[str, str]]) -> list[Fact]:
    """The facts with the services that an enabled socket starts switched on, at the socket's port; without the ports of masked sockets."""
    sockets: dict[tuple[str, str], Listener] = {}
    known: list[Fact] = []
    for fact in facts:
        unit = unit_of(fact.where) if isinstance(fact, Listener) else None
        if unit and (unit.tree, unit.template) in masked:
            continue
        known.append(fact)
        if unit and isinstance(fact, Listener) and unit.name.endswith(".socket"):
            sockets.setdefault((unit.tree, served(unit)), fact)
    return [_by_socket(fact, sockets) for fact in known] if sockets else known


def served(unit: Unit) -> str:
    """What a socket and its service have in common: ``telnet`` of ``telnet.socket`` and ``telnet@.service``."""
    return unit.template.rpartition(".")[0].rstrip("@")


def _by_socket(fact: Fact, sockets: dict[tuple[str, str], Listener]) -> Fact:
    unit = unit_of(fact.where) if isinstance(fact, (StartedProgram, Service)) else None
    is_its_own = unit is not None and unit.name.endswith(".service") and not _only_adds(fact, unit)
    socket = sockets.get((unit.tree, served(unit))) if unit and is_its_own else None
    if socket and isinstance(fact, Service):
        return replace(fact, enabled=True, port=socket.port, address=socket.address)
    return replace(fact, enabled=True) if socket and isinstance(fact, StartedProgram) else fact
