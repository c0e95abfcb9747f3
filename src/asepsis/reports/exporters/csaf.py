"""CSAF 2.0 (OASIS), profile 5 (VEX): what the study says of published flaws, for coordinators, hospitals and the tools of both.

=====================  ==========================================================================================
our noun               their field
=====================  ==========================================================================================
Evidence               a branch of the product tree, with its SHA-256
part                   a branch (name, version) with package URL, CPE name, digests; joined to the evidence by ``default_component_of``
Match                  ``product_status`` of its flaw; one entry of ``vulnerabilities`` for each flaw, as 6.1.23 asks
reason                 ``flags``
the verdict's proof    ``threats`` (``impact``) of what is not affected, ``notes`` of everything else
score, weakness        ``scores`` of what is open (CVSS 2 and 3), ``cwe``: the first whose name is known
controls of the plan   ``remediations``: ``mitigation``; ``none_available`` where the plan has none
Problem, NotAssessed   ``document.notes``
the study's day        all dates; no clock is read
=====================  ==========================================================================================

A study without matched flaws becomes a document of the category ``csaf_base``: a VEX document must name a flaw. Lost on the way: scores of CVSS 4,
all weaknesses but one, sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from asepsis.model.software import VexStatus
from asepsis.model.study import Study
from asepsis.reports.csaf_flaw import score, weakness
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.sbom import encoded
from asepsis.reports.text import visible
from asepsis.reports.vex import Part, Product, Statement, Vex, vex
from asepsis.reports.vex_words import AFFECTED_WITHOUT_A_CONTROL, CSAF_STATES

Json = dict[str, Any]
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_VERSION = re.compile(r"(?!(?:after|all|before|earlier|later|prior|versions)\b)[\w.+~:-]{1,100}", re.IGNORECASE)
_PURL = re.compile(r"pkg:[A-Za-z.\-+][A-Za-z0-9.\-+]*/[!-~]+")


class CsafExporter:
    """The study's published flaws as a CSAF document."""

    info = ExporterInfo("csaf", "CSAF 2.0 (VEX)", "application/json", "coordinators, hospitals, vulnerability managers", Tells.FLAWS)

    def write(self, study: Study) -> bytes:
        """The whole document."""
        return encoded(_document(vex(study)))


def _document(one: Vex) -> Json:
    ids = _ids(one.statements)
    head = {"document": _about(one)}
    if not ids:
        return head
    flaws: dict[str, list[Statement]] = {}
    for statement in one.statements:
        flaws.setdefault(visible(statement.match.vulnerability, 200), []).append(statement)
    return {**head, "product_tree": _tree(ids), "vulnerabilities": [_flaw(name, members, ids) for name, members in flaws.items()]}


Ids = dict[tuple[Product, Part], str]


def _ids(statements: Iterable[Statement]) -> Ids:
    """Of each part in its product, in the order in which they are first spoken of."""
    ids: Ids = {}
    for one in statements:
        ids.setdefault((one.product, one.part), f"P-{len(ids) + 1}")
    return ids


def _about(one: Vex) -> Json:
    names = [product.name for product in one.products]
    return {
        "category": "csaf_vex" if one.statements else "csaf_base",
        "csaf_version": "2.0",
        "lang": "en",
        "title": visible(f"Published flaws in {', '.join(names) or 'what was looked at'}", 400),
        "publisher": {"category": "other", "name": one.publisher.name, "namespace": one.publisher.namespace},
        "notes": [{"category": "general", "title": "What could not be looked at", "text": text} for text in one.gaps],
        "tracking": {
            "id": f"asepsis-vex-{one.digest[:16]}",
            "status": "final",
            "version": "1",
            "initial_release_date": one.moment,
            "current_release_date": one.moment,
            "revision_history": [{"date": one.moment, "number": "1", "summary": "Written from the study of that day"}],
            "generator": {"date": one.moment, "engine": {"name": one.tool, "version": one.version}},
        },
    }


def _tree(ids: Ids) -> Json:
    products = {product: f"E-{number}" for number, product in enumerate(dict.fromkeys(product for product, _ in ids), 1)}
    parts = [_named(part.name, part.version, f"{name}-part", _helper(part, part.name)) for (_, part), name in ids.items()]
    whole = [_named(product.name, "", name, _hashes((product.sha256,), product.name)) for product, name in products.items()]
    return {"branches": [*whole, *parts], "relationships": [_joined(part, product, name, products[product]) for (product, part), name in ids.items()]}


def _named(name: str, version: str, product_id: str, helper: Json) -> Json:
    product: Json = {"name": _label(name, version), "product_id": product_id}
    product |= {"product_identification_helper": helper} if helper else {}
    if not _VERSION.fullmatch(version):  # 6.1.31: what looks like a range of versions is none
        return {"category": "product_name", "name": name or "unnamed", "product": product}
    return {"category": "product_name", "name": name or "unnamed", "branches": [{"category": "product_version", "name": version, "product": product}]}


def _label(name: str, version: str) -> str:
    return f"{name} {version}".strip() or "unnamed"


def _helper(part: Part, name: str) -> Json:
    known = {"cpe": part.cpe, "purl": part.purl if _PURL.fullmatch(part.purl) else ""}
    return {key: text for key, text in known.items() if text} | _hashes(part.sha256, name)


def _hashes(digests: Sequence[str], name: str) -> Json:
    made = [{"file_hashes": [{"algorithm": "sha256", "value": digest}], "filename": name or "unnamed"} for digest in digests if digest]
    return {"hashes": made} if made else {}


def _joined(part: Part, product: Product, name: str, base: str) -> Json:
    return {
        "category": "default_component_of",
        "full_product_name": {"name": f"{_label(part.name, part.version)} in {product.name}", "product_id": name},
        "product_reference": f"{name}-part",
        "relates_to_product_reference": base,
    }


def _flaw(name: str, members: Sequence[Statement], ids: Ids) -> Json:
    said = [(one, ids[one.product, one.part]) for one in members]
    states = {state: sorted({product for one, product in said if CSAF_STATES[one.status] == state}) for state in CSAF_STATES.values()}
    closed = [(one, product) for one, product in said if one.status is VexStatus.NOT_AFFECTED and one.justification]
    open_ = [(one, product) for one, product in said if one.status is VexStatus.AFFECTED]
    flaw: Json = {
        **({"cve": name} if _CVE.fullmatch(name) else {"ids": [{"system_name": "the source of the flaw", "text": name}]}),
        "cwe": weakness(members[0].match.cwes),
        "notes": [*_description(members), *(_note(one) for one in members)],
        "product_status": {state: products for state, products in states.items() if products},
        "scores": _scores(said),
        "flags": [{"label": one.justification.value, "product_ids": [product]} for one, product in closed if one.justification],
        "threats": [{"category": "impact", "details": one.proof, "product_ids": [product]} for one, product in closed],
        "remediations": [{"category": _remedy(one), "details": one.action, "product_ids": [product]} for one, product in open_],
    }
    return {key: value for key, value in flaw.items() if value}


def _scores(said: Sequence[tuple[Statement, str]]) -> list[Json]:
    """Of the products in which the flaw is not closed: what does not concern a product has no score there."""
    by_vector: dict[str, list[str]] = {}
    for one, product in said:
        if not one.status.closes:
            by_vector.setdefault(one.match.vector, []).append(product)
    return [{"products": sorted(set(products)), **found} for vector, products in by_vector.items() if vector and (found := score(vector))]


def _remedy(one: Statement) -> str:
    return "none_available" if one.action == AFFECTED_WITHOUT_A_CONTROL else "mitigation"


def _description(members: Sequence[Statement]) -> list[Json]:
    text = next((visible(one.match.summary) for one in members if one.match.summary), "")
    return [{"category": "description", "title": "What the flaw is", "text": text}] if text else []


def _note(one: Statement) -> Json:
    title = f"{visible(one.match.id, 60)}: {_label(one.part.name, one.part.version)}, {one.status.value.replace('_', ' ')}"
    return {"category": "details", "title": title, "text": one.proof}
