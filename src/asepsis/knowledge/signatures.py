"""Read the signatures: what is known of each part of the software, and how it says its version.

Whether a signature is whole, whether the pattern engine takes its expressions, and whether its examples hold, is told by
``tests/contracts/test_signatures.py``, not anew in every process: signatures are shipped, users have none of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, one_line, read_table
from asepsis.model.signature import Says, Signature

SHIPPED = Path(__file__).parent / "data" / "signatures"
_ID = re.compile(r"[a-z0-9]+(?:[-_.+][a-z0-9]+)*\+{0,2}")
_CPE = re.compile(r"[a-z0-9_.!\\/+-]+:[a-z0-9_.!\\/+-]+")
_UPDATE = re.compile(r"(\d[\d.]*?)[-.~_]?((?:p|rc|beta|alpha|pre|dev)\d*)")
_UNSAFE = re.compile(r"([^\w.-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class _File:
    part: tuple[Signature, ...] = ()


@cache
def shipped_signatures() -> tuple[Signature, ...]:
    """The parts that are recognised by what they say, by id. Raises ``KnowledgeError``."""
    known: dict[str, Signature] = {}
    for file in sorted(SHIPPED.glob("*.toml")):
        for one in build(read_table(file), _File, file).part:
            if one.id in known:
                raise KnowledgeError(f"{file}: part.{one_line(one.id)}: stated twice")
            known[one.id] = one
    return tuple(known[name] for name in sorted(known))


def purl_of(part: Signature, version: str) -> str:
    """The package URL of a part that comes from no package (purl-spec, type ``generic``)."""
    safe = re.sub(r"[^\w.~:-]", lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), version, flags=re.ASCII)
    return f"pkg:generic/{part.id.replace('+', '%2B')}@{safe}"


def cpe_of(part: Signature, version: str) -> str:
    """The CPE 2.3 name (NISTIR 7695, 6.2); empty where the NVD has none. Patch levels and candidates are an *update* there: ``4.2.8:p15``."""
    if not part.cpe:
        return ""
    main, update = version, "*"
    if found := _UPDATE.fullmatch(version):
        main, update = found.groups()
    kind = "o" if part.system else "a"
    return f"cpe:2.3:{kind}:{part.cpe}:{_quoted(main)}:{update}:*:*:*:*:*:*"


def _quoted(version: str) -> str:
    return _UNSAFE.sub(r"\\\1", version)


def complaints(part: Signature) -> Iterator[str]:
    """What is missing or wrong in a signature, each in a line."""
    if not _ID.fullmatch(part.id):
        yield "id: must be small letters, digits and single separators"
    if part.cpe and not _CPE.fullmatch(part.cpe):
        yield "cpe: must be vendor:product as the NVD writes it"
    if not part.says:
        yield "says: missing"
    for key, text in (("library", part.library), ("program", part.program)):
        yield from (f"{key}: {what}" for what in _bad_regex(text))
    for number, one in enumerate(part.says, 1):
        yield from (f"says.{number}.{what}" for what in _bad_saying(one))
    if not any(example.version for example in part.example) or all(example.version for example in part.example):
        yield "example: needs at least one with a version and one without"


def _bad_saying(one: Says) -> Iterator[str]:
    for key, text in (("regex", one.regex), ("number", one.number), ("file", one.file), ("engine", one.engine)):
        yield from (f"{key}: {what}" for what in _bad_regex(text))
    versions = re.compile(one.number or one.regex).groups
    if not versions and not one.number:
        yield "regex: needs a group that is the version, or a number beside it"


def _bad_regex(text: str) -> Iterator[str]:
    if not text.isascii():
        yield "must be ASCII"
    try:
        re.compile(text.encode("ascii", "replace"))
    except re.error as error:
        yield f"not a regular expression: {error}"
