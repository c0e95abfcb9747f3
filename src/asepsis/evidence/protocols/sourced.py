"""Starts whose port, address and options stand in a file that their script takes in: ``. /etc/default/telnetd``, ``EnvironmentFile=``. No I/O.

A reader sees one file. It tells what of a script matters for such a start (:class:`UnsettledStart`), another reader what the files set
(:class:`SourcedSettings`); here both are put together as the shell would, and the start is told anew. Where the file is not in the evidence
the start stays as it was. What one of these files sets under a condition counts as set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from asepsis.evidence.protocols.command_line import base
from asepsis.evidence.protocols.commands import way_in
from asepsis.evidence.protocols.credentials import find
from asepsis.evidence.protocols.paths import tree_of
from asepsis.evidence.protocols.shell import Assignment, Command, commands
from asepsis.evidence.protocols.started import Start, facts
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Fact, Listener, Service, SourcedSettings, StartedProgram, UnsettledStart

MOST_TEXT = 4096
"""Characters of one script or file, as far as it matters."""
_NAME = re.compile(r"\$\{?(\w+)")
_TAKES_IN = re.compile(r"\. (/\S+)\Z")


def unsettled(source: BoundedSource, items: Iterable[Assignment | Command], start: Start, first: Sequence[str] = ()) -> Iterator[UnsettledStart]:
    """The starts of a script that depend on a file which it takes in before; ``first`` are lines that count before its own."""
    before = list(first)
    for item in items:
        if isinstance(item, Assignment):
            before.append(f"{item.name}={item.written}")
        elif item.words[0] in {".", "source"} and item.words[1:2] and item.words[1].startswith("/"):
            before.append(f". {item.words[1]}")
        elif item.written and way_in(item.words) and not any(find(item.words)):
            lines = that_matter(before, item.written)
            if any(map(_TAKES_IN.match, lines)):
                yield from unsettled_start(source, item.line, (*lines, item.written), start)


def unsettled_start(source: BoundedSource, line: int, lines: Sequence[str], start: Start) -> Iterator[UnsettledStart]:
    """One such start, if its text is not too long."""
    script = "\n".join(lines)
    if len(script) <= MOST_TEXT:
        yield UnsettledStart(source.where(line=line), script, start.by, start.enabled, start.run_levels, start.user)


def that_matter(before: Sequence[str], command: str) -> list[str]:
    """The assignments that the command needs, also by way of others, and the files that may still set one of them."""
    needed, kept = set(_NAME.findall(command)), list[str]()
    for line in reversed(before):
        name = line.partition("=")[0]
        if name in needed or (needed and _TAKES_IN.match(line)):
            kept.append(line)
            needed = (needed - {name}) | set(_NAME.findall(line.partition("=")[2]))
    return kept[::-1]


def quoted(value: str) -> str:
    """In quotes that leave its variables alone."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def with_sourced(known: Sequence[Fact]) -> list[Fact]:
    """The facts with each start as the files make it that its script takes in."""
    files = {f"{fact.where.evidence}!{fact.where.path}": fact for fact in known if isinstance(fact, SourcedSettings)}
    starts = [fact for fact in known if isinstance(fact, UnsettledStart)]
    rest = [fact for fact in known if not isinstance(fact, (SourcedSettings, UnsettledStart))]
    for start in starts:
        named = [found[1] for line in start.script.split("\n") for found in [_TAKES_IN.match(line)] if found]
        taken = [files[path] for name in named for path in [tree_of(start.where) + name.lstrip("/")] if path in files]
        if taken or start.by == "systemd":
            rest = _told_anew(rest, start, taken)
    return rest


def _told_anew(known: list[Fact], start: UnsettledStart, taken: Sequence[SourcedSettings]) -> list[Fact]:
    """The facts with those of one start in the place of what was known of it."""
    files = {f". /{fact.where.path[len(_root(fact)) :]}": fact.text for fact in taken}
    lines = "\n".join(files.get(line, line) for line in start.script.split("\n")).split("\n")
    last = next(reversed([command.words for command in commands(enumerate(lines, 1))]), ())
    how = Start(start.by, start.enabled, start.run_levels, start.user)
    made = list(facts(start.where, last, how))
    programs = {base(fact.program) for fact in made if isinstance(fact, StartedProgram)}
    if not programs:
        return known
    old = [
        fact
        for fact in known
        if isinstance(fact, (StartedProgram, Service, Listener)) and fact.where == start.where and base(fact.program) in programs
    ]
    note = ", ".join(f"with what {fact.where.member} sets" for fact in taken)
    enabled = next((fact.enabled for fact in old if isinstance(fact, Service)), start.enabled)
    return [fact for fact in known if fact not in old] + [_noted(fact, note, enabled) for fact in made]


def _root(fact: Fact) -> str:
    return tree_of(fact.where).partition("!")[2]


def _noted(fact: Fact, note: str, enabled: bool | None) -> Fact:
    if not isinstance(fact, Service):
        return fact
    return replace(fact, enabled=enabled, detail=", ".join(filter(None, (fact.detail, note))))
