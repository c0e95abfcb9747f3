"""CSAF documents given with a device: what a maker says of published flaws and its products.

CSAF 2.0 (OASIS), also 2.1, of any category. ``product_status`` names ids of the product tree: chains of branches (product, version), or one product
joined to another ("default component of"); then the first is what the flaw lies in, and the second what that lies in. ``flags`` give the reason
for "not affected". The author is the publisher, the time that of the current release.

Known ways it lies: products are often named in words only, which nothing in a device shows; a threat of the category ``impact`` may stand for the
flag, and is no reason of the five; a branch may name a range of versions; drafts say nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.protocols.vex import LONGEST, Faults, Faulty, Opened, Thing, instant, opened, thing
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.vulnerabilities.csaf_products import Named, products
from asepsis.knowledge.vulnerabilities.feed import table, tables, text, texts
from asepsis.knowledge.vulnerabilities.feeds.csaf import STATUSES
from asepsis.model.facts import VexClaim
from asepsis.model.software import Justification
from asepsis.model.where import Where

_VERSION = b'"csaf_version"'
_SECTIONS = (b'"aggregate_severity"', b'"publisher"', b'"notes"')
"""Of ``document``, beside its version."""
_RECOMMENDED = "recommended"
"""The one product status that says nothing of a flaw (CSAF 2.0, 3.2.3.9)."""


class _Tree(NamedTuple):
    """What each product id names, what a joined one lies in, and the groups of ids."""

    named: Mapping[str, Named]
    inside: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]


class CsafVexReader:
    """Emits one :class:`VexClaim` for each flaw and product."""

    info = ReaderInfo("csaf_vex", "CSAF documents", (VexClaim,), ("CSAF 2.0 and 2.1 (JSON)",))
    signs = Signs(heads=(anywhere('"csaf_version"', '"product_status"', '"product_tree"', '"document"'),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - the contract
        """By its version, or by the section that all of them begin with."""
        begun = beginning(head)
        known = _VERSION in begun or (b'"document"' in begun and any(word in begun for word in _SECTIONS))
        return Sureness.YES if known and begun.startswith(b"{") else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if it is another JSON, ``Malformed`` if it is broken, a draft, of an unknown version, or unusable."""
        document = opened(source, "vulnerabilities", "product_status")
        about = table(document.head.get("document"))
        version = text(about.get("csaf_version"))
        if not version and _VERSION not in beginning(bytes(source.buffer[:4096])):
            raise NotThisFormat
        if not version.startswith("2."):
            raise document.wrong or Malformed(f"CSAF {version[:20]!r} is not known, only 2.x")
        if text(table(about.get("tracking")).get("status")) == "draft":
            raise document.wrong or Malformed("is a draft, which says nothing yet")
        tree, faults = _tree(table(document.head.get("product_tree"))), Faults(document.wrong)
        faults.emitting(document, source, lambda flaw, where: _claims(flaw, tree, document, where), emit)
        faults.tell()


def _tree(tree: Mapping[str, Any]) -> _Tree:
    joined = tables(tree.get("relationships"))
    return _Tree(
        products(tree),
        {text(table(one.get("full_product_name")).get("product_id")): text(one.get("relates_to_product_reference")) for one in joined},
        {text(one.get("group_id")): texts(one.get("product_ids")) for one in tables(tree.get("product_groups"))},
    )


def _claims(flaw: Mapping[str, Any], tree: _Tree, document: Opened, where: Where) -> Iterator[VexClaim]:
    """Every claim about one flaw. Raises ``Faulty`` at the end, if a state is not known or a product is not in the tree."""
    others = tuple(text(one.get("text")) for one in tables(flaw.get("ids")) if text(one.get("text")))
    name = text(flaw.get("cve")) or next(iter(others), "")
    about = table(document.head.get("document"))
    if not name:
        raise Faulty("a flaw has neither a CVE number nor another id")
    reasons, words, states = _reasons(flaw, tree), _words(flaw, tree), table(flaw.get("product_status"))
    for word, ids in states.items():
        for product_id in texts(ids) if word in STATUSES else ():
            if product_id in tree.named and not (document.wrong and STATUSES[word].closes):
                part, product = _thing(tree.named[product_id]), _around(product_id, tree)
                yield VexClaim(
                    where,
                    name,
                    STATUSES[word],
                    reasons.get(product_id) if STATUSES[word].closes else None,
                    part.component,
                    part.version,
                    part.purl,
                    part.cpe,
                    text(table(about.get("publisher")).get("name")),
                    words.get(product_id, ""),
                    tuple(one for one in others if one != name),
                    part.sha256,
                    product.label if product else "",
                    product.sha256 if product else (),
                    instant(table(about.get("tracking")).get("current_release_date")),
                )
    fault = _fault(states, tree)
    if fault:
        raise Faulty(f"{name[:60]} {fault}")


def _fault(states: Mapping[str, Any], tree: _Tree) -> str:
    """What is said of a flaw and cannot be used; empty if nothing."""
    strange = [word for word in states if word not in STATUSES and word != _RECOMMENDED]
    if strange:
        return f"has the product status {strange[0][:40]!r}, which CSAF does not know"
    lost = [product for word, ids in states.items() if word in STATUSES for product in texts(ids) if product not in tree.named]
    return f"is said of the product {lost[0][:60]!r}, which the product tree does not have" if lost else ""


def _thing(named: Named) -> Thing:
    return thing(name=named.name, version=named.version, purl=named.purl, cpe=named.cpe, sha256=named.sha256)


def _around(product_id: str, tree: _Tree) -> Thing | None:
    base = tree.named.get(tree.inside.get(product_id, ""))
    return _thing(base) if base else None


def _reasons(flaw: Mapping[str, Any], tree: _Tree) -> dict[str, Justification]:
    known = set(Justification)
    flags = [(Justification(label), flag) for flag in tables(flaw.get("flags")) if (label := text(flag.get("label"))) in known]
    return {product: label for label, flag in flags for product in _meant(flag, tree)}


def _words(flaw: Mapping[str, Any], tree: _Tree) -> dict[str, str]:
    """The explanation of each product: what the flaw does to it, or what to do about it."""
    boxes = [*tables(flaw.get("remediations")), *(one for one in tables(flaw.get("threats")) if one.get("category") == "impact")]
    return {product: text(box.get("details"), LONGEST) for box in boxes for product in _meant(box, tree)}


def _meant(box: Mapping[str, Any], tree: _Tree) -> Iterator[str]:
    yield from texts(box.get("product_ids"))
    for group in texts(box.get("group_ids")):
        yield from tree.groups.get(group, ())
