"""Paragraphs of ``Field: value`` lines, as dpkg, opkg and apk keep them. No I/O.

deb-control(5): an empty line ends a paragraph, a line that begins with white space continues the field above. apk's fields are one letter each and
have no continuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.protocols.text import MAX_VALUE, Lines

_DEPENDENCY = re.compile(r"\s*([^\s(<>=~:,|!]+)")
_ADDRESS = re.compile(r"\s*<[^>]*>?")
GONE = ("not-installed", "config-files")
"""States of a package of which no program is there any more."""


@dataclass(slots=True)
class Paragraph:
    """One paragraph: the ``line`` it begins at, and its fields. A field that stands twice is what stands last."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        """The value of the first of ``names`` that is there, else an empty string."""
        return next((self.fields[name] for name in names if name in self.fields), "")

    @property
    def installed(self) -> bool:
        """``Status: WANT FLAG STATE``: a package that is to be removed is there until its state says so."""
        return not self.get("Status").endswith(GONE)


def paragraphs(lines: Lines) -> Iterator[Paragraph]:
    """Every paragraph that has a field."""
    current, last = Paragraph(0), ""
    for number, line in lines:
        if not line.strip():
            if current.fields:
                yield current
            current, last = Paragraph(0), ""
        elif line[0].isspace():
            if last and len(current.fields[last]) < MAX_VALUE:
                current.fields[last] += f" {line.strip()[:MAX_VALUE]}"
        else:
            last, value = _field(line)
            if last:
                current.line = current.line or number
                current.fields[last] = value
    if current.fields:
        yield current


def _field(line: str) -> tuple[str, str]:
    name, found, value = line.partition(":")
    return (name, value.strip()[: 4 * MAX_VALUE]) if found else ("", "")


def dependencies(*values: str) -> tuple[str, ...]:
    """The names in ``a (>= 1), b | c:any``, each alternative for itself, without versions and architectures."""
    found = (_DEPENDENCY.match(part) for value in values for part in re.split(r"[,|]", value))
    return tuple(dict.fromkeys(one[1] for one in found if one))


def person(value: str) -> str:
    """A maintainer without the address."""
    return _ADDRESS.sub("", value).strip().strip('"')[:128]
