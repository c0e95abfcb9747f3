"""What the three forms of VEX have in common: a JSON document with a list of statements, each about flaws and products. No I/O.

A document that is cut or broken is taken apart as far as it goes. What it says to close a flaw does not count then, because what is missing may say
otherwise: only what keeps a flaw open is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from packageurl import PackageURL

from asepsis.evidence.protocols.decoded_text import as_utf8
from asepsis.evidence.reader import Emit, Flawed, Malformed
from asepsis.guard.json_stream import pieces
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.vulnerabilities.feed import table, tables, text
from asepsis.model.cpe import parse_cpe
from asepsis.model.facts import VexClaim
from asepsis.model.software import Justification, VexStatus
from asepsis.model.where import Where

MOST_BYTES = 64 * MIB
"""A hundred thousand statements take about 40."""
LONGEST = 600
"""Characters of an explanation that are kept."""
STATUSES = {str(one): one for one in VexStatus}
JUSTIFICATIONS = {str(one): one for one in Justification}
"""By their words, which are those of OpenVEX, CSAF and CISA; looked up a hundred thousand times."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Thing(NamedTuple):
    """What a statement is about, in the words of :class:`asepsis.model.software.VexClaim`."""

    component: str = ""
    version: str = ""
    purl: str = ""
    cpe: str = ""
    sha256: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How it is told."""
        return f"{self.component} {self.version}".strip() or self.purl or self.cpe or next(iter(self.sha256), "")


class Opened(NamedTuple):
    """The document without its statements, these with their lines (None: not known), and what is wrong with it as a whole."""

    head: Mapping[str, Any]
    statements: list[tuple[Mapping[str, Any], int | None]]
    wrong: Malformed | None


class Faulty(Exception):
    """One statement says nothing that can be used; the message says so, and why."""


ClaimsOf = Callable[[Mapping[str, Any], Where], Iterable[VexClaim]]
"""The claims of one statement that stands there; raises :class:`Faulty`, also after some of them."""


class Faults:
    """What is wrong with single statements: the first is told with its place, the others are counted."""

    def __init__(self, wrong: Malformed | None) -> None:
        """``wrong`` is what is wrong with the whole document."""
        self._whole, self._first, self._number = wrong, Malformed(""), 0

    def emitting(self, document: Opened, source: BoundedSource, claims_of: ClaimsOf, emit: Emit) -> None:
        """Emit what the statements say, and count those of which nothing can be used."""
        for statement, line in document.statements:
            try:
                for claim in claims_of(statement, source.where(line=line)):
                    emit(claim)
            except Faulty as error:
                self.add(str(error), line)

    def add(self, why: str, line: int | None) -> None:
        """Count one."""
        self._number += 1
        if self._number == 1:
            self._first = Malformed(why, line=line)

    def tell(self) -> None:
        """Raises ``Malformed`` if anything was wrong."""
        if self._whole:
            raise self._whole
        if self._number:
            rest = f"; and {self._number - 1} more of such faults" if self._number > 1 else ""
            raise Flawed(f"{self._first.what}{rest}", line=self._first.line)


def opened(source: BoundedSource, key: str, mark: str, *, required: bool = False) -> Opened:
    """The document whose statements stand under ``key``; ``mark`` is a key that each of them has once, for their lines.

    Without ``required`` a document may lack ``key``. Raises ``Malformed`` if it is no JSON object at all, ``LimitReached``.
    """
    data = as_utf8(source.content(MOST_BYTES))
    words, wrong = _decoded(data)
    try:
        whole = json.loads(words)
    except (ValueError, RecursionError) as error:
        return _as_far_as_it_goes(data, key, Malformed("no whole JSON: cut, broken or nested too deeply", line=getattr(error, "lineno", None)))
    if not isinstance(whole, dict):
        raise Malformed("no JSON object")
    members = tables(whole.get(key))
    return Opened(whole, list(zip(members, _lines(words, mark, len(members)), strict=True)), wrong or _misshapen(whole, key, required))


def _misshapen(whole: Mapping[str, Any], key: str, required: bool) -> Malformed | None:
    """What is wrong with the list of statements: anything but objects in it says something that nobody can read."""
    if key not in whole:
        return Malformed(f"it has no {key!r}") if required else None
    if not isinstance(whole[key], list):
        return Malformed(f"{key!r} is no list")
    others = len(whole[key]) - len(tables(whole[key]))
    return Flawed(f"{others} of the {key!r} {'is no object' if others == 1 else 'are no objects'}") if others else None


def _decoded(data: bytes) -> tuple[str, Malformed | None]:
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return data.decode("utf-8", "replace"), Flawed("not UTF-8, as JSON must be", offset=error.start)


def _as_far_as_it_goes(data: bytes, key: str, wrong: Malformed) -> Opened:
    head: Mapping[str, Any] = {}
    members: list[tuple[Mapping[str, Any], int | None]] = []
    for piece in pieces(BytesIO(data).read, lambda name, _before: name == key.encode()):
        if piece.head:
            head = table(_json(piece.head)) or head
        one = table(_json(piece.data))
        if piece.head and one:
            members.append((one, data.count(b"\n", 0, piece.offset) + 1 if len(members) < _COUNTED else None))
    return Opened(head, members, wrong)


_COUNTED = 100
"""Statements of a broken document whose line is counted: each time from its beginning."""


def _json(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8", "replace")) if data else None
    except (ValueError, RecursionError):
        return None


def _lines(words: str, mark: str, number: int) -> list[int | None]:
    """The line of each statement by its own key; not known if the key does not stand there once for each."""
    lines: list[int | None] = []
    line, at = 1, 0
    for found in re.finditer(rf'(?<!\\)"{re.escape(mark)}"\s{{0,40}}:', words):
        line += words.count("\n", at, found.start())
        at = found.start()
        lines.append(line)
    return lines if len(lines) == number else [None] * number


def thing(*, name: str = "", version: str = "", purl: str = "", cpe: str = "", sha256: tuple[str, ...] = ()) -> Thing:
    """What these names say together. What is no package URL, CPE name or digest is as if it were not there."""
    package = _package(purl)
    product = parse_cpe(cpe)
    if package is not None:
        name, version = name or package.name, version or package.version or ""
    elif product is not None:
        name, version = name or product.product, version or product.release
    digests = tuple(sorted({one.lower() for one in sha256 if _DIGEST.fullmatch(one.lower())}))
    return Thing(name, version, purl if package else "", cpe if product else "", digests)


@lru_cache(maxsize=16_384)
def _package(purl: str) -> PackageURL | None:
    try:
        return PackageURL.from_string(purl) if purl else None
    except ValueError:
        return None


def instant(*values: object) -> str:
    """The first of ``values`` that is a moment, in UTC and always in the same form, so that moments sort as text; empty if none is."""
    return next(filter(None, (_moment(text(value, 40)) for value in values if value)), "")


@lru_cache(maxsize=1024)
def _moment(written: str) -> str:
    """Remembered: all statements of a document are mostly of one day."""
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return ""


def first_text(statement: Mapping[str, Any], *keys: str) -> str:
    """The first explanation that there is, cut."""
    return next((said for key in keys if (said := text(statement.get(key), LONGEST))), "")
