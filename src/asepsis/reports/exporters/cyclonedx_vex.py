"""CycloneDX 1.7 (ECMA-424), JSON: what the study says of published flaws, as a document of its own beside the bill of materials.

=====================  ==========================================================================================
our noun               their field
=====================  ==========================================================================================
Evidence               ``components``: ``firmware`` or ``data``, with its hash; the parts lie inside it
part                   ``component`` with package URL, CPE name, digests
Match                  one ``vulnerability`` with ``affects``; state and justification by :mod:`asepsis.reports.vex_words`
the verdict's proof    ``analysis.detail``
controls of the plan   ``recommendation``; ``analysis.response`` is left out: nobody has promised anything yet
our own words          properties ``asepsis:justification`` (CycloneDX has no word for a part that is not there) and ``asepsis:match``
Problem, NotAssessed   properties ``asepsis:gap`` of ``metadata``
=====================  ==========================================================================================

Parts are joined with those of a bill of materials by package URL, CPE name or digest: ids of one document mean nothing in another.
"""

from __future__ import annotations

import re
from typing import Any

from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.sbom import encoded
from asepsis.reports.text import visible
from asepsis.reports.vex import Part, Product, Statement, Vex, vex
from asepsis.reports.vex_words import CYCLONEDX_JUSTIFICATIONS, CYCLONEDX_STATES

Json = dict[str, Any]
_VECTOR = re.compile(r"(?:CVSS:(?P<version>3\.0|3\.1|4\.0)/)?(?:[A-Za-z]{1,3}:[A-Za-z]{1,2}/?){6,40}")
_METHODS = {"3.0": "CVSSv3", "3.1": "CVSSv31", "4.0": "CVSSv4", None: "CVSSv2"}


class CyclonedxVexExporter:
    """The study's published flaws as CycloneDX."""

    info = ExporterInfo("cyclonedx-vex", "CycloneDX 1.7 (VEX)", "application/vnd.cyclonedx+json", "vulnerability managers", Tells.FLAWS)

    def write(self, study: Study) -> bytes:
        """The whole document."""
        return encoded(_document(vex(study)))


def _document(one: Vex) -> Json:
    refs: dict[tuple[Product, Part], str] = {}
    for statement in one.statements:
        refs.setdefault((statement.product, statement.part), f"part-{len(refs) + 1}")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{one.uuid}",
        "version": 1,
        "metadata": {
            "timestamp": one.moment,
            "tools": {"components": [{"type": "application", "name": one.tool, "version": one.version}]},
            "authors": [{"name": one.publisher.name}],
            "properties": [{"name": "asepsis:gap", "value": text} for text in one.gaps],
        },
        "components": _components(refs),
        "vulnerabilities": [_vulnerability(statement, refs[statement.product, statement.part]) for statement in one.statements],
    }


def _components(refs: dict[tuple[Product, Part], str]) -> list[Json]:
    """Each product with its parts inside it."""
    products = list(dict.fromkeys(product for product, _ in refs))
    return [
        {
            "type": "firmware" if product.sha256 else "data",
            "bom-ref": f"product-{number}",
            "name": product.name,
            **({"hashes": [_hash(product.sha256)]} if product.sha256 else {}),
            "components": [_part(part, ref) for (inside, part), ref in refs.items() if inside == product],
        }
        for number, product in enumerate(products, 1)
    ]


def _part(part: Part, ref: str) -> Json:
    known = {"version": part.version, "purl": part.purl, "cpe": part.cpe}
    hashes = {"hashes": [_hash(part.sha256[0])]} if len(part.sha256) == 1 else {}
    return {"type": "library", "bom-ref": ref, "name": part.name, **{key: text for key, text in known.items() if text}, **hashes}


def _hash(digest: str) -> Json:
    return {"alg": "SHA-256", "content": digest}


def _vulnerability(one: Statement, ref: str) -> Json:
    analysis: Json = {"state": CYCLONEDX_STATES[one.status], "detail": one.proof}
    properties = [{"name": "asepsis:match", "value": visible(one.match.id, 200)}]
    if one.justification:
        analysis["justification"] = CYCLONEDX_JUSTIFICATIONS[one.justification]
        properties.append({"name": "asepsis:justification", "value": one.justification.value})
    said: Json = {
        "bom-ref": f"flaw-{visible(one.match.id, 200)}",
        "id": visible(one.match.vulnerability, 200),
        "analysis": analysis,
        "affects": [{"ref": ref}],
        "properties": properties,
        "ratings": _ratings(one.match.vector),
        "cwes": sorted(one.match.cwes),
        "description": visible(one.match.summary),
        "recommendation": one.action,
    }
    return {key: value for key, value in said.items() if value}


def _ratings(vector: str) -> list[Json]:
    found = _VECTOR.fullmatch(vector)
    return [{"method": _METHODS[found["version"]], "vector": vector}] if found else []
