"""endoflife.date (MIT): product pages (Markdown with release lines in front) and the JSON of its API, version 1.

Only products of the shipped table are taken, under the names that it gives them: lines that a device does not tell apart are left out there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asepsis.knowledge.build_end_of_support import PRODUCTS, lines_of, product_of
from asepsis.knowledge.vulnerabilities.feed import Document, Senseless, day, moment, table, tables, text

SOURCE = "endoflife.date"
_PERMALINK = re.compile(r"^permalink: +/([a-z0-9.-]+)$", re.MULTILINE)
_SEEN = re.compile(r"^    latestReleaseDate: +(\d{4}-\d\d-\d\d)", re.MULTILINE)
_ENTRIES = {entry[1]: entry for entry in PRODUCTS}


class ProductPage:
    """``_posts/debian.md`` of its repository. It is of the day of the newest release that it names, at least."""

    @staticmethod
    def recognises(head: bytes) -> bool:
        """By its first line and a key of its own."""
        return head.startswith(b"---\n") and b"\npermalink: /" in head

    @staticmethod
    def read(lines: Iterable[str], name: str) -> Iterator[Document | str]:
        """One product, if the table has it."""
        del name
        page = "".join(lines)
        link, seen = _PERMALINK.search(page), max(_SEEN.findall(page), default="")
        entry = _ENTRIES.get(link[1]) if link else None
        if entry is not None and day(seen):
            yield _document(entry, lines_of(page), seen)


class ProductJson:
    """A product of ``/api/v1/products/NAME`` or ``/api/v1/products/full``."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By its releases, itself or in the ``result`` of an answer."""
        product = table(value.get("result")) or value
        return "releases" in product and "name" in product

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One product, if the table has it."""
        product = table(value.get("result")) or value
        made = next((one for box in (value, head) for key in ("generated_at", "last_modified") if (one := moment(box.get(key)))), "")
        if not made:
            raise Senseless("an answer without the day on which it was made")
        entry = _ENTRIES.get(text(product.get("name")))
        if entry is not None:
            yield _document(entry, _lines(product), made)


def _lines(product: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in tables(product.get("releases")):
        end = day(one.get("eolFrom")) or ("true" if one.get("isEol") is True else "false")
        yield text(one.get("name")), end


def _document(entry: tuple[str, str, str, tuple[str, ...]], lines: Iterable[tuple[str, str]], made: str) -> Document:
    try:
        product = product_of(entry, lines, day(made))
    except ValueError as error:
        raise Senseless(str(error)) from error
    return Document(SOURCE, product.id, moment(made), products=(product,))
