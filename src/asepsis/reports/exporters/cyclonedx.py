"""CycloneDX 1.7 (ECMA-424), JSON: the software bill of materials for regulators, hospitals and vulnerability managers.

=====================  ==========================================================================================
our noun               their field
=====================  ==========================================================================================
Device                 ``metadata.component`` of the type ``device``; its maker is ``manufacturer`` and ``supplier``
Evidence               components of the device, of the type ``firmware`` with its hash, or ``data``
Item                   ``component``; a program that nobody recognised is a ``file`` with the property ``asepsis:identified`` ``no``
its place, method      ``evidence.occurrences`` and ``evidence.identity`` with a rank for the confidence
its files              ``hashes`` where there is one file; ``file`` components inside it where there are several
its dependencies       ``dependencies``, declared and linked together; names that lead nowhere are ``asepsis:needs``
its support            ``cdx:lifecycle:milestone:endOfSupport`` (official), ``asepsis:support:level`` in the FDA's words, ``asepsis:support:source``
Coverage, score        properties of ``metadata``; ``compositions`` say what is incomplete
Problem, limit         ``annotations`` on the device
knowledge's day        ``metadata.timestamp``: no clock is read, it is the day that the study looks from
=====================  ==========================================================================================

``serialNumber`` is made of the content. Lost on the way: findings, paths and plans, which stand in the study file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.inventory import Item, ItemKind
from asepsis.model.study import Study
from asepsis.model.where import Where
from asepsis.reports import sbom
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.licences import is_expression, is_licence
from asepsis.reports.sbom_score import score

Json = dict[str, Any]
ROOT, TOOL = "device", "asepsis"
_TECHNIQUES = {
    "package list": "manifest-analysis",
    "lock file": "manifest-analysis",
    "build information": "binary-analysis",
    "version string": "binary-analysis",
    "version string of what it was built with": "binary-analysis",
}


class CycloneDxExporter:
    """The inventory of the study as one bill of materials."""

    info = ExporterInfo(
        "cyclonedx", "CycloneDX 1.7 (SBOM)", "application/vnd.cyclonedx+json", "regulators, hospitals, vulnerability managers", Tells.PARTS
    )

    def write(self, study: Study) -> bytes:
        """The whole bill."""
        body = {
            "version": 1,
            "metadata": _metadata(study),
            "components": [_component(item) for item in study.inventory],
            "dependencies": _dependencies(study),
            "compositions": _compositions(study),
            "annotations": [_annotation(study, number, text) for number, text in enumerate(sbom.lacks(study), 1)],
        }
        head = {"$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.7"}
        return sbom.encoded({**head, "serialNumber": f"urn:uuid:{sbom.name_of(body)}", **body})


def _metadata(study: Study) -> Json:
    device = study.device
    maker = {"name": sbom.shown(device.maker)} if device.maker else None
    root: Json = {"type": "device", "bom-ref": ROOT, "name": sbom.device_name(study), "description": sbom.shown(device.title)}
    root |= {"version": sbom.shown(device.version)} if device.version else {}
    root |= {"manufacturer": maker, "supplier": maker} if maker else {}
    root |= {"components": [_evidence(one) for one in study.evidence]}
    metadata: Json = {
        "timestamp": sbom.day(study),
        **({"lifecycles": [{"phase": "post-build"}]} if sbom.from_software(study) else {}),
        "tools": {"components": [{**_tool(study), "bom-ref": TOOL}]},
        "component": root,
    }
    return metadata | ({"supplier": maker} if maker else {}) | {"properties": _coverage(study)}


def _tool(study: Study) -> Json:
    return {"type": "application", "name": study.tool.name, "version": study.tool.version}


def _evidence(evidence: Evidence) -> Json:
    """A folder is no file: its digest covers names and bytes, and is no hash in their sense."""
    image = evidence.kind is EvidenceKind.FIRMWARE
    made = {"type": "firmware" if image else "data", "bom-ref": f"evidence-{evidence.id}", "name": sbom.shown(evidence.name)}
    if image:
        return {**made, "hashes": [_hash(evidence.sha256)]}
    return {**made, "properties": [_property("asepsis:evidence:kind", evidence.kind.value), _property("asepsis:evidence:digest", evidence.sha256)]}


def _coverage(study: Study) -> list[Json]:
    seen = study.coverage
    numbers = {"bytes": seen.bytes_total, "bytesUnderstood": seen.bytes_understood, "files": seen.files}
    numbers |= {"executables": seen.programs, "executablesIdentified": seen.programs_identified}
    said = [_property(f"asepsis:coverage:{name}", str(number)) for name, number in numbers.items()]
    said += [_property("asepsis:coverage", sbom.identified(study)), _property("asepsis:knowledge:date", study.knowledge.date)]
    return said + [_property(f"asepsis:score:{one.source}: {one.element}", f"{one.have} of {one.of}") for one in score(study)]


def _component(item: Item) -> Json:
    made: Json = {"type": _type(item), "bom-ref": item.id}
    made |= {"supplier": {"name": sbom.shown(item.supplier)}} if item.supplier else {}
    made |= {"name": sbom.shown(item.name) or "unnamed"}
    made |= {"version": sbom.shown(item.version)} if item.version else {}
    made |= {"hashes": [_hash(item.sha256[0])]} if len(item.sha256) == 1 else {}
    made |= {"licenses": [_licence(item.licence)]} if item.licence else {}
    made |= {"cpe": sbom.cpe(item)} if sbom.cpe(item) else {}
    made |= {"purl": sbom.purl(item)} if sbom.purl(item) else {}
    made |= {"components": list(_files(item))} if len(item.sha256) > 1 else {}
    return {**made, "evidence": _evidence_of(item), "properties": _properties(item)}


def _type(item: Item) -> str:
    """A part may be a library or a program: its evidence does not always tell, and ``library`` is what the standard says then."""
    return {ItemKind.SYSTEM: "operating-system", ItemKind.PROGRAM: "file", ItemKind.PART: "library"}[item.kind]


def _files(item: Item) -> Iterable[Json]:
    for number, digest in enumerate(item.sha256, 1):
        places = [file.where for file in item.files if file.sha256 == digest]
        name = sbom.shown(places[0].member) or "unnamed"
        occurrences = {"occurrences": [_occurrence(place) for place in places]}
        yield {"type": "file", "bom-ref": f"{item.id}-{number}", "name": name, "hashes": [_hash(digest)], "evidence": occurrences}


def _hash(digest: str) -> Json:
    return {"alg": "SHA-256", "content": digest}


def _licence(text: str) -> Json:
    if is_licence(text):
        return {"license": {"id": text, "acknowledgement": "declared"}}
    if is_expression(text):
        return {"expression": text, "acknowledgement": "declared"}
    return {"license": {"name": sbom.shown(text), "acknowledgement": "declared"}}


def _evidence_of(item: Item) -> Json:
    said = {"purl": sbom.purl(item), "cpe": sbom.cpe(item)}
    rank = sbom.CERTAINTY[item.confidence]
    methods = [{"technique": _TECHNIQUES.get(one, "other"), "confidence": rank, "value": sbom.shown(one)} for one in item.methods]
    if item.kind is ItemKind.PROGRAM:
        methods = [{"technique": "filename", "confidence": rank, "value": "the name of its file"}]
    identity = [
        {"field": field, "confidence": rank, "concludedValue": sbom.shown(value), "methods": methods, "tools": [TOOL]}
        for field, value in (said if any(said.values()) else {"name": item.name or "unnamed"}).items()
        if value
    ]
    return {"identity": identity, "occurrences": [_occurrence(place) for place in item.where]}


def _occurrence(where: Where) -> Json:
    said = {"location": sbom.shown(where.path) or "the evidence itself", "line": where.line, "offset": where.offset}
    return {name: value for name, value in said.items() if value is not None} | {"additionalContext": f"evidence {where.evidence}"}


def _properties(item: Item) -> list[Json]:
    said = [("asepsis:identified", "no" if item.kind is ItemKind.PROGRAM else "yes")]
    said += [("asepsis:architecture", item.architecture)] if item.architecture else []
    said += [("asepsis:support:level", item.support.value)]
    said += [("cdx:lifecycle:milestone:endOfSupport", item.end_of_support)] if item.end_of_support else []
    said += [("asepsis:support:source", item.support_source)] if item.support_source else []
    said += [("asepsis:needs", name) for name in item.unmet]
    return [_property(name, value) for name, value in said]


def _property(name: str, value: str) -> Json:
    return {"name": name, "value": sbom.shown(value)}


def _dependencies(study: Study) -> list[Json]:
    """The device holds everything; an item whose needs nothing told is left out, which is how the standard says "unknown"."""
    whole = {"ref": ROOT, "dependsOn": [item.id for item in study.inventory]}
    known = [item for item in study.inventory if item.dependencies_known or item.linked]
    return [whole, *({"ref": item.id, "dependsOn": sorted({*item.declared, *item.linked})} for item in known)]


def _compositions(study: Study) -> list[Json]:
    """That a list made from outside is complete can never be said: it is incomplete where something is known to be missing, else unknown."""
    said: list[Json] = [{"bom-ref": "composition-device", "aggregate": "incomplete" if sbom.lacks(study) else "unknown", "assemblies": [ROOT]}]
    short = [item.id for item in study.inventory if item.unmet]
    untold = [item.id for item in study.inventory if not item.unmet and not item.dependencies_known]
    for name, refs in (("incomplete", short), ("unknown", untold)):
        said += [{"bom-ref": f"composition-{name}", "aggregate": name, "dependencies": refs}] if refs else []
    return said


def _annotation(study: Study, number: int, text: str) -> Json:
    return {
        "bom-ref": f"annotation-{number}",
        "subjects": [ROOT],
        "annotator": {"component": _tool(study)},
        "timestamp": sbom.day(study),
        "text": text,
    }
