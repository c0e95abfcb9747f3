"""CSAF 2.0 advisories (OASIS), also 2.1: what makers and coordinators say of their own products, by status.

``product_status`` names ids of the product tree; each is a chain of branches (vendor, product, version), or joined to another product by a
relationship ("installed on"), and may carry a CPE name, a package URL and digests. A product that has neither is known by vendor and name in words
only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asepsis.knowledge.vulnerabilities.csaf_products import Named, products
from asepsis.knowledge.vulnerabilities.feed import TEXT, Document, Senseless, cwes, day, moment, table, tables, text, texts, vectors
from asepsis.knowledge.vulnerabilities.names import product_cpe, purl_key
from asepsis.knowledge.vulnerabilities.schemes import cpe_scheme, purl_scheme
from asepsis.knowledge.vulnerabilities.version_text import EVERY, Said, said
from asepsis.model.software import Justification, VexStatus
from asepsis.model.vulnerability import Affected, Range, Vulnerability

STATUSES = {
    "known_affected": VexStatus.AFFECTED,
    "first_affected": VexStatus.AFFECTED,
    "last_affected": VexStatus.AFFECTED,
    "known_not_affected": VexStatus.NOT_AFFECTED,
    "fixed": VexStatus.FIXED,
    "first_fixed": VexStatus.FIXED,
    "under_investigation": VexStatus.UNDER_INVESTIGATION,
    "unknown": VexStatus.UNDER_INVESTIGATION,
}
"""CSAF 2.0, 3.2.3.9; ``recommended`` says nothing of a flaw. CSAF 2.1 adds ``unknown``: nobody knows, and nobody looks."""

_FROM_HERE_ON = frozenset({"first_affected", "first_fixed"})
_ORDERED = frozenset({"deb", "rpm", "apk"})
"""Packages of a distribution: a release of the same branch that is newer than the fixed one is fixed too."""


class CsafAdvisory:
    """A whole document."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By the version of CSAF that it names."""
        return "csaf_version" in table(value.get("document"))

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One advisory with its flaws. What a draft says counts for nobody yet."""
        del head
        document = value["document"]
        if not text(document.get("csaf_version")).startswith("2."):
            raise Senseless(f"CSAF {text(document.get('csaf_version'))[:10]!r} is not known, only 2.x")
        tracking = table(document.get("tracking"))
        name = text(tracking.get("id"))
        if not name:
            raise Senseless("an advisory without an id")
        source = f"csaf:{text(table(document.get('publisher')).get('name'), 60) or 'unknown publisher'}"
        modified = moment(tracking.get("current_release_date"))
        if text(tracking.get("status")) == "draft":
            raise Senseless(f"{name[:60]} is a draft")
        tree = products(table(value.get("product_tree")))
        flaws = [(_id(one, name), one) for one in tables(value.get("vulnerabilities"))]
        said_of = [part for flaw, one in flaws for part in _statements(one, flaw, tree, source)]
        told = tuple(_flaw(flaw, one, text(document.get("title")), modified, (source, name)) for flaw, one in flaws)
        yield Document(source, name, modified, told, tuple(dict.fromkeys(said_of)))


def _id(flaw: Mapping[str, Any], advisory: str) -> str:
    return text(flaw.get("cve")) or next((text(one.get("text")) for one in tables(flaw.get("ids"))), "") or advisory


def _flaw(name: str, one: Mapping[str, Any], title: str, modified: str, origin: tuple[str, str]) -> Vulnerability:
    source, advisory = origin
    weaknesses = [text(table(one.get("cwe")).get("id")), *(text(cwe.get("id")) for cwe in tables(one.get("cwes")))]
    boxes = [*tables(one.get("scores")), *(table(metric.get("content")) for metric in tables(one.get("metrics")))]
    notes = {text(note.get("category")): text(note.get("text"), TEXT) for note in reversed(tables(one.get("notes")))}
    return Vulnerability(
        name,
        aliases=(advisory,) if advisory != name else (),
        summary=notes.get("description") or notes.get("summary") or text(one.get("title")) or title,
        cwes=cwes(*weaknesses),
        vectors=vectors(text(table(score).get("vectorString")) for box in boxes for score in box.values()),
        published=day(one.get("release_date")),
        modified=day(modified),
        sources=(source,),
    )


def _statements(flaw: Mapping[str, Any], name: str, tree: Mapping[str, Named], source: str) -> Iterator[Affected]:
    reasons = _reasons(flaw)
    for word, ids in table(flaw.get("product_status")).items():
        for product_id in texts(ids) if word in STATUSES else ():
            product = tree.get(product_id)
            if product is not None:
                yield _statement(product, word, name, source, reasons.get(product_id))


def _reasons(flaw: Mapping[str, Any]) -> dict[str, Justification]:
    """The flag of each product, where it is one of the five reasons."""
    known = set(Justification)
    return {
        product: Justification(label)
        for flag in tables(flaw.get("flags"))
        if (label := text(flag.get("label"))) in known
        for product in texts(flag.get("product_ids"))
    }


def _statement(product: Named, word: str, name: str, source: str, because: Justification | None) -> Affected:
    meaning = _versions(product, word)
    status = STATUSES[word]
    if meaning.unknown and status is VexStatus.AFFECTED:
        status = VexStatus.UNDER_INVESTIGATION
    name_of_product = product_cpe(product.cpe)
    cpe = str(name_of_product.of_any_version) if name_of_product else ""
    return Affected(
        name,
        source,
        status,
        purl=purl_key(product.purl) if product.purl else "",
        cpe=cpe,
        scheme=purl_scheme(product.purl) if product.purl else cpe_scheme(cpe) if cpe else "generic",
        ranges=meaning.ranges,
        versions=meaning.versions,
        with_=tuple((one,) for one in product.on),
        vendor=product.vendor,
        product=product.name,
        sha256=product.sha256,
        models=product.models,
        serials=product.serials,
        because=because if status is VexStatus.NOT_AFFECTED else None,
    )


def _versions(product: Named, word: str) -> Said:
    """Which versions are meant: of the package URL, else of the branch, else of the CPE name; all of them if nothing names one."""
    exact = product.purl_version
    if exact:
        kind = product.purl.removeprefix("pkg:").partition("/")[0]
        onwards = word in _FROM_HERE_ON or (word == "fixed" and kind in _ORDERED)
        return Said((Range(introduced=exact),)) if onwards else Said(versions=(exact,))
    if product.version:
        meaning = said(product.version)
        if meaning.versions and word in _FROM_HERE_ON:
            return Said(tuple(Range(introduced=one) for one in meaning.versions))
        return meaning if word != "last_affected" or not meaning.versions else Said(tuple(Range(last=one) for one in meaning.versions))
    cpe = product_cpe(product.cpe)
    return Said(versions=(cpe.release,)) if cpe and cpe.release else Said((EVERY,))
