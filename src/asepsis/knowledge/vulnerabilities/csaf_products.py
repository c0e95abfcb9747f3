"""The product tree of a CSAF document, flat: what each product id names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from asepsis.knowledge.vulnerabilities.feed import table, tables, text, texts
from asepsis.knowledge.vulnerabilities.names import product_cpe, purl_version

_DIGEST = re.compile(r"[0-9a-f]{64}")
_OPEN = frozenset("*?")
"""Wildcards of model numbers (CSAF 2.0, 3.1.3.3.6): an open number names no product exactly."""
_VERSIONS = frozenset({"product_version", "product_version_range"})


@dataclass(frozen=True, slots=True)
class Named:
    """What one id names. ``version`` is as the branch writes it; ``on`` are CPE names of what it must be installed on."""

    vendor: str = ""
    name: str = ""
    version: str = ""
    cpe: str = ""
    purl: str = ""
    sha256: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()

    @property
    def purl_version(self) -> str:
        """The version in the package URL, or nothing."""
        return purl_version(self.purl)


def products(tree: Mapping[str, Any]) -> dict[str, Named]:
    """Every product id of a ``product_tree``: of branches, of full product names, of relationships."""
    found = dict(_of_branches(tree))
    for product in tables(tree.get("full_product_names")):
        found.setdefault(text(product.get("product_id")), _named(product, Named(name=text(product.get("name")))))
    for relation in tables(tree.get("relationships")):
        part, base = (found.get(text(relation.get(key))) for key in ("product_reference", "relates_to_product_reference"))
        product = table(relation.get("full_product_name"))
        if part is not None:
            joined = replace(part, on=(base.cpe,) if base and base.cpe else ())
            found.setdefault(text(product.get("product_id")), _named(product, joined))
    return found


def _of_branches(tree: Mapping[str, Any]) -> Iterator[tuple[str, Named]]:
    waiting = [(branch, Named()) for branch in tables(tree.get("branches"))]
    while waiting:
        branch, above = waiting.pop()
        here = _inside(branch, above)
        waiting.extend((child, here) for child in tables(branch.get("branches")))
        product = table(branch.get("product"))
        if product:
            named = here if here.name else replace(here, name=text(product.get("name")))
            yield text(product.get("product_id")), _named(product, named)


def _inside(branch: Mapping[str, Any], above: Named) -> Named:
    category, name = text(branch.get("category")), text(branch.get("name"))
    if category == "vendor":
        return replace(above, vendor=name)
    if category == "product_name":
        return replace(above, name=name)
    return replace(above, version=name) if category in _VERSIONS else above


def _named(product: Mapping[str, Any], known: Named) -> Named:
    """With what the helper for identification adds."""
    helper = table(product.get("product_identification_helper"))
    cpe, purl = text(helper.get("cpe")), text(helper.get("purl"))
    if not purl:
        purl = next((one for one in helper.get("purls") or () if isinstance(one, str)), "") if isinstance(helper.get("purls"), list) else ""
    digests = {
        text(one.get("value")).lower()
        for group in tables(helper.get("hashes"))
        for one in tables(group.get("file_hashes"))
        if text(one.get("algorithm")).lower() == "sha256"
    }
    return replace(
        known,
        cpe=cpe if product_cpe(cpe) else known.cpe,
        purl=purl if purl.startswith("pkg:") else known.purl,
        sha256=tuple(sorted(one for one in digests if _DIGEST.fullmatch(one))) or known.sha256,
        models=tuple(one for one in texts(helper.get("model_numbers")) if not _OPEN.intersection(one)) or known.models,
        serials=tuple(texts(helper.get("serial_numbers"))) or known.serials,
    )
