"""Version strings that programs carry: which software is in the image, and how old.

The signatures (``knowledge/data/signatures``, docs/signatures.md) hold what each part prints of itself (``BusyBox v1.23.2 (``, ``OpenSSL 1.0.2n  7
Dec 2017``). One fact for each version in each file, at its first place, with the best of the ways in which the part says it.

Some programs print their number apart from their name (``Dropbear server v%s``, ``2019.78``): then a number that is a whole string near the
name counts, or the file's name must say whose it is.

Known ways it lies: a client names the servers it knows, with wild cards or a table of versions; a format string (``Linux version %s``) has
no number and is no version; a program names the library it was built with, which another one has replaced since; documentation names
versions too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.file_digest import digest_of
from asepsis.evidence.protocols.regex import engine_form
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.witness import Role, Witness
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.signatures import cpe_of, purl_of, shipped_signatures
from asepsis.model.facts import Component, Confidence, OperatingSystem
from asepsis.model.signature import Says, Signature

_TABLE = 3
"""A file that names more versions of one product lists those that it knows, not its own (SSH clients, IKE daemons, change logs)."""
_COMPILED_TEXT = re.compile(r"\.py[co]$")
_BEGINNING = re.compile(rb"(?<![ -~])|(?<=[?@])(?<![ -~][?@])")
"""Of a whole string: after a byte that is not printed. Alone, ``?`` and ``@`` end a floating-point constant (0x3F, 0x40)."""
_METHODS = {Role.BUILT_WITH: "version string of what it was built with", Role.ITSELF: "version string", Role.HOLDS: "version string"}


class _Way(NamedTuple):
    """One way in which a part says its version; ``rank`` is its place among the part's own."""

    part: Signature
    says: Says
    rank: int
    number: re.Pattern[bytes] | None
    """A number that ends as a whole string does; it need not begin as one."""


class _Version(NamedTuple):
    """A version with its first place in the file, and how good a witness the way is that said it."""

    text: str
    start: int
    rank: int


class VersionsReader:
    """Emits an :class:`OperatingSystem` or a :class:`Component` for each version."""

    info = ReaderInfo("versions", "Software and versions by the strings it carries", (OperatingSystem, Component), ("any file",))

    @cached_property
    def _ways(self) -> dict[str, _Way]:
        return {
            f"{part.id}/{rank}": _Way(part, says, rank, re.compile(rb"(?:%s)(?![ -~])" % says.number.encode()) if says.number else None)
            for part in shipped_signatures()
            for rank, says in enumerate(part.says)
        }

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every expression of every signature. Raises ``KnowledgeError``, ``Refused``."""
        return tuple(_pattern(name, way.says) for name, way in self._ways.items())

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Text files are weaker witnesses than programs, and none of a system or of a part that only programs tell; manuals are none."""
        if is_documentation(source.where().path):
            return
        witness = Witness(source)
        is_text = b"\0" not in bytes(source.buffer[:4096]) or _COMPILED_TEXT.search(source.path) is not None
        by_part: dict[str, list[tuple[_Way, Match]]] = {}
        for match in matches:
            way = self._ways[match.pattern]
            if (way.part.text or not is_text or witness.is_program) and not (way.part.system and is_text):
                by_part.setdefault(way.part.id, []).append((way, match))
        for said in by_part.values():
            _emit_part(source, witness, said, emit)


def _pattern(name: str, says: Says) -> Pattern:
    """Where a number stands apart, one place of the words is enough to look for it."""
    engine = says.engine or engine_form(says.regex)
    return Pattern(name, engine.encode(), says.regex.encode(), says.before, says.after, once=bool(says.number))


def _emit_part(source: BoundedSource, witness: Witness, said: list[tuple[_Way, Match]], emit: Emit) -> None:
    part = said[0][0].part
    versions = _own(_versions(source, witness, said))
    role = witness.role(part.library, part.program, part.inside.encode()) if versions else Role.HOLDS
    for version in versions:
        where = source.where(offset=version.start)
        if part.system:
            emit(OperatingSystem(where, part.name, version.text, part.product))
            continue
        sure = witness.is_program and role is not Role.BUILT_WITH and len(versions) == 1
        digest = digest_of(source) if role is Role.ITSELF and witness.is_program else ""
        emit(
            Component(
                where, part.name, version.text, part.product, _METHODS[role], Confidence.LIKELY if sure else Confidence.WEAK,
                purl_of(part, version.text), cpe_of(part, version.text), part.supplier, part.licence, digest,
            )
        )  # fmt: skip


def _versions(source: BoundedSource, witness: Witness, said: list[tuple[_Way, Match]]) -> Iterator[_Version]:
    """Every version that the matches say, where the conditions of their ways hold."""
    for way, match in said:
        if not _counts(witness, way, match):
            continue
        if way.number is None:
            yield _Version(_joined(match.groups), match.start, way.rank)
            continue
        base = max(0, match.start - way.says.within)
        near = _whole(way.number, bytes(source.buffer[base : match.end + way.says.within]))
        found = min(near, key=lambda one: abs(base + one.start() - match.start), default=None)
        if found:
            yield _Version(_joined(found.groups() or (found.group(),)), base + found.start(), way.rank)


def _counts(witness: Witness, way: _Way, match: Match) -> bool:
    """Whether the conditions of a way hold. A number apart from the words, in a program that was built with the part, is the program's own."""
    says, role = way.says, witness.role(way.part.library, way.part.program, way.part.inside.encode())
    if (says.file and not re.fullmatch(says.file, witness.name)) or (says.own_name and witness.soname.encode() != match.text):
        return False
    if (says.itself and role is not Role.ITSELF) or (way.number and role is Role.BUILT_WITH):
        return False
    return not (says.needs and not witness.holds(says.needs.encode())) and not (says.absent and witness.holds(says.absent.encode()))


def _whole(number: re.Pattern[bytes], data: bytes) -> Iterator[re.Match[bytes]]:
    """The numbers that are whole strings. Asking for their beginning within the expression would make ``re`` ask at every byte."""
    at = 0
    while found := number.search(data, at):
        at = found.start() + 1
        if _BEGINNING.match(data, found.start()):
            yield found
            at = max(at, found.end())


def _joined(groups: Sequence[bytes | None]) -> str:
    """One group as it is; several are numbers of a version that is written together (``1_74``, ``21003``)."""
    said = [group.decode("ascii", "replace") for group in groups if group]
    return said[0] if len(said) == 1 else ".".join(str(int(part)) if part.isdigit() else part for part in said)


def _own(found: Iterator[_Version]) -> list[_Version]:
    """The versions of one part that its best way says, without tables of versions that a program knows of others.

    A program that says ``6.8p1`` says ``6.8`` as well, and means one version.
    """
    versions = list(found)
    best = min((version.rank for version in versions), default=0)
    first: dict[str, _Version] = {}
    for version in versions:
        if version.rank == best:
            first.setdefault(version.text, version)
    if len(first) > _TABLE:
        return []
    return [version for text, version in first.items() if not any(other != text and _is_more_of(other, text) for other in first)]


def _is_more_of(longer: str, shorter: str) -> bool:
    return longer.startswith(shorter) and not longer[len(shorter)].isdigit()
