"""Declared designs: what a maker says of the radio links of a device, the other parts of its system and its updates, in TOML.

The format is this project's own, ``docs/design.md``; ``asepsis design new`` writes an example. ``format = "asepsis-design-1"`` stands first, then any
number of ``[[radio]]``, ``[[part]]`` and ``[[update]]``. An entry with an unknown key, a value of the wrong kind or a contradiction is left out
and told with its line; the others are read.

Known ways it lies: all of it is a claim. What a design says under ``verified`` is a claim too, that somebody tested it; what it leaves out may still
be in the device.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from asepsis.evidence.protocols.design_terms import (
    AUTHENTIC,
    CLOSE_BY,
    FORMAT,
    LONGEST_NAME,
    SIGN,
    STATED,
    Carried,
    Encryption,
    Entry,
    Head,
    Key,
    Part,
    Radio,
    Update,
    contradictions,
)
from asepsis.evidence.protocols.toml_lines import Lines
from asepsis.evidence.reader import Emit, Flawed, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import KIB
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.toml_file import KnowledgeError, build, near, one_line
from asepsis.model.facts import RadioLink, SystemPart, UpdateMechanism
from asepsis.model.where import Where

DESIGN_BYTES = 512 * KIB
MOST_ENTRIES = 500
"""No system has so many links or parts; the rest would only cost time."""
MOST_PARTS = 32
"""Of one key with dots: the parser looks each up from the top again, so that a key without an end takes the square of its length."""
_ENDLESS_KEY = re.compile(rf"(?:[\w\"'\- \t]{{1,40}}\.){{{MOST_PARTS}}}")
_TOLD = 5
_LINE = re.compile(r"\(at line (\d+)")
_TABLES: dict[str, type[Entry]] = {"radio": Radio, "part": Part, "update": Update}


class _Complaint(NamedTuple):
    line: int
    what: str


class _Declared(NamedTuple):
    """One entry, which of its tables it is (from 1), and the line of that."""

    entry: Entry
    table: str
    number: int
    line: int


class DesignReader:
    """Emits a :class:`RadioLink` for each effect of a link, a :class:`SystemPart` for each part, an :class:`UpdateMechanism` for each update."""

    info = ReaderInfo("design", "Declared design", (RadioLink, SystemPart, UpdateMechanism), ("a design in TOML (asepsis-design-1)",))
    signs = Signs(heads=(SIGN,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its format line."""
        return Sureness.YES if SIGN.search(head) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Every entry that holds together. Raises ``Malformed`` if it is no TOML, ``Flawed`` after all entries if some were left out."""
        text, table = _parsed(source)
        lines = Lines(text)
        complaints = list(_of_head(table, lines))
        kept = list(_entries(table, lines, complaints))
        radios = {one.entry.name: one.entry for one in kept if isinstance(one.entry, Radio)}
        for declared in _consistent(kept, lines, complaints):
            _emit(source, declared, radios, emit)
        if complaints:
            raise Flawed(_told(complaints), line=min(complaints).line)


def _parsed(source: BoundedSource) -> tuple[str, dict[str, Any]]:
    try:
        text = source.content(DESIGN_BYTES).decode("utf-8-sig")
        if _ENDLESS_KEY.search(text):
            raise Malformed(f"a key of more than {MOST_PARTS} parts")
        return text, tomllib.loads(text)
    except RecursionError as error:
        raise Malformed("nested too deeply") from error
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8 text", offset=error.start) from error
    except ValueError as error:  # tomllib's own, and that of a number with thousands of digits
        said = one_line(error)[:200]
        line = _LINE.search(said)
        raise Malformed(f"not TOML: {said}", line=int(line[1]) if line else None) from error


def _of_head(table: dict[str, Any], lines: Lines) -> Iterator[_Complaint]:
    known = {field.name for field in fields(Head)}
    for name in sorted(table.keys() - known - _TABLES.keys()):
        yield _Complaint(lines.of(name, 1), f"{one_line(name)[:60]}: no such key or table{near(name, {*known, *_TABLES})}")
    own = {name: value for name, value in table.items() if name in known}
    try:
        head = build(own, Head, Path("design"))
    except KnowledgeError as error:
        what = str(error).removeprefix("design: ")
        yield _Complaint(lines.of("", 1, what.partition(":")[0]), what)
        return
    if head.format != FORMAT:
        yield _Complaint(lines.of("", 1, "format"), f"format: this version reads {FORMAT}, not {one_line(head.format)[:40]}")


def _entries(table: dict[str, Any], lines: Lines, complaints: list[_Complaint]) -> Iterator[_Declared]:
    """Every entry that is of the right kinds."""
    for name, kind in _TABLES.items():
        entries = table.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            complaints.append(_Complaint(lines.of(name, 1), f"{name}: must be tables, each headed [[{name}]]"))
            continue
        if len(entries) > MOST_ENTRIES:
            complaints.append(_Complaint(lines.of(name, MOST_ENTRIES + 1), f"{name}: more than {MOST_ENTRIES}; those after were not read"))
        for number, entry in enumerate(entries[:MOST_ENTRIES], 1):
            try:
                yield _Declared(build(entry, kind, Path("design")), name, number, lines.of(name, number))
            except KnowledgeError as error:
                what = str(error).removeprefix("design: ")
                key, _, rest = what.partition(": ")
                complaints.append(_Complaint(lines.of(name, number, key.partition(".")[0]), f"{_called(name, number, entry)}: {key}: {rest}"))


def _called(table: str, number: int, entry: dict[str, Any]) -> str:
    name = entry.get("name")
    return f"{table} {one_line(name)[:60]!r}" if isinstance(name, str) else f"{table} number {number}"


def _consistent(kept: Sequence[_Declared], lines: Lines, complaints: list[_Complaint]) -> Iterator[_Declared]:
    """Those that contradict neither themselves nor the others."""
    radios = {one.entry.name: one.entry for one in kept if isinstance(one.entry, Radio)}
    parts = frozenset(one.entry.name for one in kept if isinstance(one.entry, Part))
    seen: set[tuple[str, str]] = set()
    for one in kept:
        wrong = list(contradictions(one.entry, radios, parts))
        if (one.table, one.entry.name) in seen:
            wrong.append(("name", "is the name of another one"))
        seen.add((one.table, one.entry.name))
        for key, what in wrong:
            said = f"{one.table} {one_line(one.entry.name)[:60]!r}: {key}: {one_line(what)[:160]}"
            complaints.append(_Complaint(lines.of(one.table, one.number, key), said))
        if not wrong:
            yield one


def _emit(source: BoundedSource, declared: _Declared, radios: dict[str, Radio], emit: Emit) -> None:
    where = source.where(line=declared.line)
    match declared.entry:
        case Radio() as radio:
            for link in _links(radio, where):
                emit(link)
        case Part() as part:
            zone = radios[part.over].zone if part.over else None
            emit(SystemPart(where, part.name, part.kind, part.commands, zone, part.any_unit_obeyed, part.reached_from, part.log_in, part.serves_many))
        case Update() as update:
            zone = radios[update.over].zone if update.over else update.zone
            assert zone is not None  # noqa: S101 - contradictions() left out what has neither
            emit(UpdateMechanism(where, update.name, zone, update.signed, update.refuses_older, update.transport_protected))


def _links(radio: Radio, where: Where) -> Iterator[RadioLink]:
    """The link once for each effect."""
    opening = radio.session_opened_by
    for effect in radio.effects:
        yield RadioLink(
            where,
            radio.name,
            radio.zone,
            effect,
            encrypted={Encryption.NONE: False, Encryption.PUBLISHED: True}.get(radio.encryption) if radio.encryption else None,
            authenticated=radio.authentication in AUTHENTIC if radio.authentication else None,
            replay_protected=radio.replay_protection,
            proximity_to_open=opening in CLOSE_BY if opening else None,
            wake_up_unlimited=None if radio.wake_ups_limited is None else not radio.wake_ups_limited,
            patient_data=Carried.PATIENT_DATA in radio.carries,
            peer=", ".join(radio.parts),
            opened_by=opening.value if opening else "",
            session_limited=radio.session_time_limited,
            one_key_for_all=radio.key is Key.PER_MODEL if radio.key else None,
            verified=tuple(f"{key}: {one_line(radio.verified[key])[:LONGEST_NAME]}" for key in STATED if key in radio.verified),
        )


def _told(complaints: list[_Complaint]) -> str:
    lines = [f"line {one.line}: {one.what}" for one in sorted(complaints)]
    rest = f"; and {len(lines) - _TOLD} more" if len(lines) > _TOLD else ""
    return f"{len(lines)} thing{'s' * (len(lines) > 1)} wrong, each entry with one was left out: {'; '.join(lines[:_TOLD])}{rest}"
