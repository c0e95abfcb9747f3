"""What a user states of support: the ends of release lines, and how old the definitions of a protection product may be.

A TOML file of the form of the shipped tables, of which only ``id`` and one statement must be given; the rest of a product stays as it is shipped:

    definitions_days = 14             # of every protection product that is not named below

    [[product]]                       # a system or part of the software; `names` are other names of it
    id = "linux"
    source = "support contract 17"
    ends = { "4.4" = 2036-01-13 }     # or ended_by, supported, released, abandoned

    [[protection]]
    name = "ClamAV"
    definitions_days = 3

Whatever ``source`` and ``mark`` it says: it is the user's word, and is shown as such with the name of the file, never with its folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from asepsis.knowledge.end_of_support import Product, support_key
from asepsis.knowledge.toml_file import KnowledgeError, build, one_line, read_text, table_of
from asepsis.model.device import Mark

OLDEST_DAYS = 30
"""[P] Domain facts 7.5: definitions older than this are out of date."""


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """How many days old the definitions of a protection product may be, and who says so."""

    days: int
    source: str
    mark: Mark


SHIPPED_LIMIT = AgeLimit(OLDEST_DAYS, f"definitions older than {OLDEST_DAYS} days are taken to be out of date", Mark.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Protected:
    """One protection product as in the file."""

    name: str
    definitions_days: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    product: tuple[Product, ...] = ()
    protection: tuple[Protected, ...] = ()
    definitions_days: int | None = None


@dataclass(frozen=True, slots=True)
class StatedSupport:
    """The file, with the user's mark on everything; without arguments, that he states nothing.

    ``limits`` are by the key of the product's name; ``limit`` is of all others. ``digest`` is the SHA-256 of the file's text.
    """

    products: tuple[Product, ...] = ()
    limits: dict[str, AgeLimit] = field(default_factory=dict)
    limit: AgeLimit | None = None
    digest: str = ""

    def oldest_definitions(self, name: str) -> AgeLimit | None:
        """What the user says of a protection product, or None."""
        return self.limits.get(support_key(name), self.limit)


def load_stated_support(path: Path) -> StatedSupport:
    """Read and check the file. Raises ``KnowledgeError`` naming file and entry: what is written wrong must not be passed over."""
    text = read_text(path)
    table = table_of(path, text)
    for product in (one for one in _rows(table.get("product")) if "id" in one):
        product.setdefault("name", product["id"])
        product.setdefault("source", "")
        product["mark"] = Mark.USER.value
    file = build(table, _File, path)
    for complaint in (*_of_products(file.product), *_of_limits(file)):
        raise KnowledgeError(f"{path}: {one_line(complaint)}")
    return StatedSupport(
        tuple(replace(one, source=_source(path, one.source)) for one in file.product),
        {support_key(one.name): AgeLimit(one.definitions_days, _source(path, one.source), Mark.USER) for one in file.protection},
        None if file.definitions_days is None else AgeLimit(file.definitions_days, _source(path, ""), Mark.USER),
        sha256(text.encode()).hexdigest(),
    )


def _rows(entries: object) -> list[dict[str, object]]:
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _source(path: Path, said: str) -> str:
    return f"stated in {one_line(path.name)}" + (f": {one_line(said.strip())}" if said.strip() else "")


def _of_products(products: Iterable[Product]) -> Iterable[str]:
    seen: set[str] = set()
    for one in products:
        if not support_key(one.id):
            yield f"product.{one.id}: has no id"
        if support_key(one.id) in seen:
            yield f"product.{one.id}: stated twice"
        if not (one.ends or one.ended_by or one.supported or one.released or one.abandoned or one.year_is_version):
            yield f"product.{one.id}: states nothing of any version"
        seen.add(support_key(one.id))


def _of_limits(file: _File) -> Iterable[str]:
    if not (file.product or file.protection or file.definitions_days is not None):
        yield "states nothing; `[[product]]`, `[[protection]]` or `definitions_days` is expected"
    if file.definitions_days is not None and file.definitions_days < 0:
        yield "definitions_days: less than 0"
    seen: set[str] = set()
    for one in file.protection:
        if not support_key(one.name):
            yield f"protection.{one.name}: has no name"
        if support_key(one.name) in seen:
            yield f"protection.{one.name}: stated twice"
        if one.definitions_days < 0:
            yield f"protection.{one.name}.definitions_days: less than 0"
        seen.add(support_key(one.name))
