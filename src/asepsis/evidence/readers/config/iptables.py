"""iptables: saved rules (``iptables-save``) and scripts that call ``iptables`` and ``ip6tables``.

Saved: ``*filter``, ``:INPUT DROP [0:0]``, ``-A INPUT -p tcp --dport 23 -j DROP``, ``COMMIT``. In a script the same words follow the program.
A script is loaded if its place starts it; otherwise :mod:`asepsis.evidence.joined` looks for what calls it. Commands of a ``stop`` branch
undo the firewall and are passed over; a ``DROP`` under an ``if`` may not be loaded, and is none.

Known ways it lies: another program may add rules later; a function that is never called is read all the same; rules for IPv4 say nothing of IPv6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.command_line import base, program
from asepsis.evidence.protocols.netfilter import Chains, facts
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.shell import script_commands, words_of
from asepsis.evidence.protocols.started import runs_by_its_place
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule

_SHELL = re.compile(r"\.sh\Z")
_SAVED = re.compile(rb"(?m)^\*(?:filter|nat|mangle|raw)[ \t]*\r?$")
_CALLS = re.compile(rb"(?i)\b(?:ip6?tables|IPT6?)\b")
_PROGRAM = re.compile(r"\$?\{?ip(?P<six>6)?t(?:ables)?(?:_?(?:legacy|nft|cmd|bin))?(?P<also>6|v6)?\}?", re.IGNORECASE)
_POLICY = re.compile(r":(\S+)\s+(\S+)")
_STOPS = re.compile(r"\s*\(?[\"']?(?:\w+\s*\|\s*)*(?:stop|flush|clear|reset|off|down|disable)\w*[\"']?\s*(?:\(\s*\)\s*\{?|\))", re.IGNORECASE)
_STOP_ENDS = re.compile(r"\s*(?:\}|.*;;|esac\b)")
_CONDITION = re.compile(r"\s*(?:(?P<opens>if)\b|(?P<closes>fi)\b)")
_LINE = 1024
"""Characters of a line in which a label or its end is looked for."""
_TABLES = ("-t", "--table")


class IptablesReader:
    """Emits a :class:`FirewallRule` for each rule about incoming connections, and for the policy of ``INPUT``."""

    info = ReaderInfo("iptables", "Rules of iptables", (FirewallRule,), ("iptables-save files", "scripts that call iptables"))
    signs = Signs(paths=(_SHELL,), heads=(_SAVED, begins(b"#!")), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A table's head line, or a script that names the program."""
        if b"\0" in head or is_documentation(path):
            return Sureness.NO
        if (b"\n*" in head or head.startswith(b"*")) and _SAVED.search(head):
            return Sureness.YES
        script = head.startswith(b"#!") and b"sh" in head[:64]
        return Sureness.MAYBE if script or (_SHELL.search(path) and _CALLS.search(head)) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The whole file, then what remains of it."""
        if _SAVED.search(bytes(source.buffer[:4096])):
            by = "ip6tables" if re.search(r"v6|ip6|6\.rules", source.path) else "iptables"
            for fact in facts(_saved(source), by, enabled=None):
                emit(fact)
            return
        # Most scripts call no firewall: a search is cheaper than taking them apart.
        tables = _called(source) if _CALLS.search(source.content()) else {}
        if not tables:
            raise NotThisFormat
        for by in sorted(tables):
            for fact in facts(tables[by], by, enabled=runs_by_its_place((source.path, *source.link_names))):
                emit(fact)


def _saved(source: BoundedSource) -> Chains:
    chains, table = Chains(), ""
    for number, line in source.lines():
        text = line.strip()
        if text.startswith("*"):
            table = text[1:].strip()
        elif table == "filter" and (policy := _POLICY.match(text)):
            chains.rules.setdefault(policy.group(1), [])
            if policy.group(1) == "INPUT":
                chains.add(source.where(line=number), ("-P", "INPUT", policy.group(2)))
        elif table == "filter" and text.startswith("-") and (words := words_of(text)):
            chains.add(source.where(line=number), words)
    return chains


def _called(source: BoundedSource) -> dict[str, Chains]:
    """The rules that a script adds, by program."""
    rows = list(source.lines())
    skipped, unsure = _stopping(rows), _under_conditions(rows)
    tables: dict[str, Chains] = {}
    for number, words in _calls(source):
        by, rest = _without_table(words)
        if by and rest and number not in skipped:
            tables.setdefault(by, Chains()).add(source.where(line=number), rest, sure=number not in unsure)
    return tables


def _calls(source: BoundedSource) -> Iterator[tuple[int, tuple[str, ...]]]:
    for command in script_commands(source):
        words = program(command.words)
        if words and _PROGRAM.fullmatch(base(words[0])):
            yield command.line, words


def _without_table(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Whose rule it is, and the rule; nothing for another table than ``filter``."""
    found = _PROGRAM.fullmatch(base(words[0]))
    by = "ip6tables" if found and (found["six"] or found["also"]) else "iptables"
    rest = [word for word in words[1:] if word not in {"-w", "--wait"}]
    for name in _TABLES:
        if name in rest:
            at = rest.index(name)
            if rest[at + 1 : at + 2] != ["filter"]:
                return "", ()
            del rest[at : at + 2]
    return by, tuple(rest)


def _stopping(rows: list[tuple[int, str]]) -> set[int]:
    """The lines of branches and functions that take the firewall down."""
    inside, lines = False, set()
    for number, row in rows:
        inside = inside or _STOPS.match(row[:_LINE]) is not None
        if inside:
            lines.add(number)
        inside = inside and not _STOP_ENDS.match(row[:_LINE])
    return lines


def _under_conditions(rows: list[tuple[int, str]]) -> set[int]:
    depth, lines = 0, set()
    for number, row in rows:
        found = _CONDITION.match(row)
        if depth:
            lines.add(number)
        if found and found["closes"]:
            depth = max(0, depth - 1)
        elif found and found["opens"] and not re.search(r"\bfi\b", row):
            depth += 1
    return lines
