"""The contract of a feed's format: one JSON document (or one row, or one text) in, statements out. And the safe ways to reach into a document.

A format never trusts what it reads: everything is asked for by the kind of value it must be, and what is of another kind is as if it were not there,
unless the document makes no sense without it; then the format raises ``Senseless``, and the document is named in a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from asepsis.knowledge.end_of_support import Product
from asepsis.model.vulnerability import Affected, Vulnerability

TEXT = 4000
"""Characters that are kept of a description."""

NAME = 400
"""Characters that are kept of a name or version."""

VERSIONS = 5000
"""Single versions that are kept of one statement."""

_CWE = re.compile(r"CWE-(\d{1,5})")
_CVE = re.compile(r"CVE-\d{4}-\d{4,19}")
_DAY = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_VECTOR = re.compile(r"(CVSS:(3\.[01]|4\.0)/)?[A-Z][A-Za-z]{0,2}:[A-Za-z]+(/[A-Z][A-Za-z]{0,2}:[A-Za-z]+){5,40}")
_NEWEST = ("CVSS:4.0/", "CVSS:3.1/", "CVSS:3.0/", "")


class Senseless(Exception):
    """The document is of this format, and lacks what it cannot do without; the message says what, in a few words."""


@dataclass(frozen=True, slots=True)
class Document:
    """What one document of a source says. It takes the place of what the document of the same ``source`` and ``id`` said before.

    ``modified`` is a day or a time in ISO form, by which the newer of two wins; empty if unknown. ``source`` is the feed's name.
    """

    source: str
    id: str
    modified: str = ""
    vulnerabilities: tuple[Vulnerability, ...] = ()
    affected: tuple[Affected, ...] = ()
    products: tuple[Product, ...] = ()


class JsonFormat(Protocol):
    """A feed of JSON documents."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """Whether this is one of ours, by its keys alone."""

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """What it says; ``head`` is what stands around the array it was found in. Raises ``Senseless``."""


class TextFormat(Protocol):
    """A feed of lines of text, or of one text."""

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Whether this is one of ours, by its beginning."""

    @staticmethod
    def read(lines: Iterable[str], name: str) -> Iterator[Document | str]:
        """What it says, and a sentence for each line that makes no sense; ``name`` is the file's own. Raises ``Senseless``."""


def table(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object, longest: int = NAME) -> str:
    """The value if it is text, cut, in one line, without control characters; else nothing."""
    if not isinstance(value, str):
        return ""
    cut = value[:longest]
    return (cut if cut.isprintable() else "".join(char if char.isprintable() else " " for char in cut)).strip()


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list, without empty ones."""
    return tuple(filter(None, map(text, value))) if isinstance(value, list) else ()


def cwes(*values: str) -> tuple[int, ...]:
    """The numbers of all CWE ids in the texts, sorted."""
    return tuple(sorted({int(number) for value in values for number in _CWE.findall(value)}))


def is_cve(name: str) -> bool:
    """Whether it is the id of a CVE record."""
    return bool(_CVE.fullmatch(name))


def moment(value: object) -> str:
    """A day, with the time to the second if there is one, so that moments sort as text; nothing if it is no day."""
    words = text(value, 40)
    if not _DAY.match(words) or not _is_day(words[:10]):
        return ""
    clock = re.match(r"[T ](\d\d:\d\d)(:\d\d)?", words[10:])
    return words[:10] + (f"T{clock[1]}{clock[2] or ':00'}" if clock else "")


def _is_day(words: str) -> bool:
    """Whether the calendar has it: 2024-02-31 is none."""
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


def day(value: object) -> str:
    """The day of a moment."""
    return moment(value)[:10]


def vectors(values: Iterable[str]) -> tuple[str, ...]:
    """The CVSS vectors among the texts, newest version first, each once."""
    found = [value.strip("()") for value in values]
    good = dict.fromkeys(value for value in found if _VECTOR.fullmatch(value))
    return tuple(sorted(good, key=lambda vector: next(rank for rank, start in enumerate(_NEWEST) if vector.startswith(start))))
