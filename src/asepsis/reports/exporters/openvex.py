"""OpenVEX 0.2.0: what the study says of published flaws, for scanners and registries that leave out what does not concern a product.

Specification: OpenVEX 0.2.0 (openvex/spec). The mapping:

=====================  ==================================================================================================
our noun               OpenVEX
=====================  ==================================================================================================
Match                  one ``statement``; its words are in :mod:`asepsis.reports.vex_words`
part                   ``products[].subcomponents[]``: package URL, CPE name, digests
Evidence               ``products[]`` with its SHA-256
the verdict's proof    ``status_notes``: beside a ``justification`` the schema allows no ``impact_statement``
controls of the plan   ``action_statement`` of what is affected
Problem, NotAssessed   ``tooling``: the only place for words about the document
=====================  ==================================================================================================

The schema writes CPE names ``@cpe23``, the text of the standard ``cpe23``; we keep to the schema. Both ask for at least one
statement: of a study without matched flaws there is no document. Lost on the way: scores, sources, everything that is no published flaw.
"""

from __future__ import annotations

import re
from typing import Any

from asepsis.model.software import VexStatus
from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo, NothingToTell, Tells
from asepsis.reports.sbom import encoded
from asepsis.reports.text import visible
from asepsis.reports.vex import Part, Product, Statement, Vex, vex

CONTEXT = "https://openvex.dev/ns/v0.2.0"
Json = dict[str, Any]
_NO_STATEMENT = "no published flaw was matched, and OpenVEX asks for at least one; csaf and cyclonedx-vex tell what was not looked at"
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


class OpenvexExporter:
    """The study's published flaws as OpenVEX."""

    info = ExporterInfo("openvex", "OpenVEX 0.2.0", "application/json", "scanners and registries that read OpenVEX", Tells.FLAWS)

    def write(self, study: Study) -> bytes:
        """The whole document. Raises ``NothingToTell`` where no flaw was matched."""
        if not study.vulnerabilities:
            raise NothingToTell(_NO_STATEMENT)
        return encoded(_document(vex(study)))


def _document(one: Vex) -> Json:
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{one.uuid}",
        "author": one.publisher.name,
        "timestamp": one.moment,
        "version": 1,
        "tooling": f"{one.tool} {one.version}: {'; '.join(one.gaps)}",
        "statements": [_statement(statement) for statement in one.statements],
    }


def _statement(one: Statement) -> Json:
    said: Json = {
        "@id": f"urn:asepsis:match:{_UNSAFE.sub('-', one.match.id[:40])}",
        "vulnerability": {"name": visible(one.match.vulnerability, 200), **_described(one)},
        "products": [_product(one.product, one.part)],
        "status": one.status.value,
        "status_notes": one.proof,
    }
    match one.status:
        case VexStatus.NOT_AFFECTED if one.justification:
            said["justification"] = one.justification.value
        case VexStatus.AFFECTED:
            said["action_statement"] = one.action
    return said


def _described(one: Statement) -> Json:
    return {"description": visible(one.match.summary)} if one.match.summary else {}


def _product(product: Product, part: Part) -> Json:
    hashes = {"hashes": {"sha-256": product.sha256}} if product.sha256 else {}
    return {"@id": product.id, **hashes, "subcomponents": [_part(part)]}


def _part(part: Part) -> Json:
    identifiers = {"purl": part.purl, "@cpe23": part.cpe}
    named = {key: text for key, text in identifiers.items() if text}
    hashes = {"hashes": {"sha-256": part.sha256[0]}} if len(part.sha256) == 1 else {}
    return {"@id": part.id, **({"identifiers": named} if named else {}), **hashes}
