"""SPDX 2.3 (ISO/IEC 5962 and its successor), JSON: the software bill of materials for regulators and licence tools.

=====================  ==========================================================================================
our noun               their field
=====================  ==========================================================================================
Device                 ``package`` with the purpose ``DEVICE``, which the document describes and which contains all others
Evidence               ``package`` with the purpose ``FIRMWARE`` and its checksum, or ``OTHER``
Item                   ``package``; purpose ``LIBRARY``, ``OPERATING_SYSTEM``, or ``FILE`` for a program that nobody recognised
its files              ``checksums`` where there is one file; packages of the purpose ``FILE`` inside it where there are several
its place, method      ``comment``
its dependencies       ``DEPENDS_ON``, ``declared`` or ``linked`` as its comment; ``NONE``, or ``NOASSERTION`` where nobody knows
its support            ``validUntilDate`` (7.27, the end of support) and an ``annotation`` with the level and its source
its licence            ``licenseDeclared``: an expression, or a ``LicenseRef`` with the source's own words
Coverage, score, gaps  ``annotations`` of the document
knowledge's day        ``created``: no clock is read, it is the day that the study looks from
=====================  ==========================================================================================

``documentNamespace`` is made of the content. Files are packages, because a file of SPDX 2.3 must have a SHA-1, which nobody should trust. Lost on the
way: findings, paths and plans, which stand in the study file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.inventory import Item, ItemKind
from asepsis.model.study import Study
from asepsis.reports import sbom
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.licences import is_expression
from asepsis.reports.sbom_score import score_words

Json = dict[str, Any]
DOCUMENT, DEVICE = "SPDXRef-DOCUMENT", "SPDXRef-device"
NAMESPACE = "https://asepsis.example/spdx/"
NOT_KNOWN = "NOASSERTION"
PURPOSES = {ItemKind.PART: "LIBRARY", ItemKind.SYSTEM: "OPERATING_SYSTEM", ItemKind.PROGRAM: "FILE"}


class SpdxExporter:
    """The inventory of the study as one document."""

    info = ExporterInfo("spdx", "SPDX 2.3 (SBOM)", "application/spdx+json", "regulators, licence tools", Tells.PARTS)

    def write(self, study: Study) -> bytes:
        """The whole document."""
        body = {
            "name": f"Software of {sbom.device_name(study)}",
            "creationInfo": _creation(study),
            "packages": [_device(study), *map(_evidence, study.evidence), *_packages(study)],
            "relationships": list(_relationships(study)),
            "annotations": [_annotation(study, text) for text in (sbom.identified(study), *score_words(study), *sbom.lacks(study))],
            "hasExtractedLicensingInfos": _own_licences(study),
        }
        head = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": DOCUMENT}
        return sbom.encoded({**head, "documentNamespace": f"{NAMESPACE}{sbom.name_of(body)}", **body})


def _creation(study: Study) -> Json:
    """The document's ``comment`` says what no field is for: at which point of its life the software was looked at."""
    made = "from finished software (post-build), by looking into it" if sbom.from_software(study) else "from lists that others made"
    comment = f"Made {made}. The day is that from which the study looks; no clock was read."
    return {"created": sbom.day(study), "creators": [f"Tool: {study.tool.name}-{study.tool.version}"], "comment": comment}


def _package(ref: str, name: str, purpose: str) -> Json:
    blank = {"downloadLocation": NOT_KNOWN, "filesAnalyzed": False, "licenseConcluded": NOT_KNOWN, "copyrightText": NOT_KNOWN}
    return {"SPDXID": ref, "name": name or "unnamed", "primaryPackagePurpose": purpose, **blank}


def _device(study: Study) -> Json:
    device = study.device
    made = _package(DEVICE, sbom.device_name(study), "DEVICE") | {"summary": sbom.shown(device.title), "licenseDeclared": NOT_KNOWN}
    made |= {"versionInfo": sbom.shown(device.version)} if device.version else {}
    return made | {"supplier": _organisation(device.maker)}


def _evidence(evidence: Evidence) -> Json:
    """A folder is no file: its digest covers names and bytes, and is no checksum in their sense."""
    image = evidence.kind is EvidenceKind.FIRMWARE
    made = _package(f"SPDXRef-evidence-{evidence.id}", sbom.shown(evidence.name), "FIRMWARE" if image else "OTHER")
    told = {"checksums": [_checksum(evidence.sha256)]} if image else {"comment": f"{evidence.kind.value}, digest {evidence.sha256}"}
    return made | {"licenseDeclared": NOT_KNOWN} | told


def _packages(study: Study) -> Iterable[Json]:
    for item in study.inventory:
        yield _item(study, item)
        if len(item.sha256) > 1:
            yield from _files(item)


def _item(study: Study, item: Item) -> Json:
    made = _package(_ref(item.id), sbom.shown(item.name), PURPOSES[item.kind])
    made |= {"versionInfo": sbom.shown(item.version)} if item.version else {}
    made |= {"supplier": _organisation(item.supplier), "licenseDeclared": _licence(item.licence)}
    made |= {"checksums": [_checksum(item.sha256[0])]} if len(item.sha256) == 1 else {}
    made |= {"validUntilDate": f"{item.end_of_support}T00:00:00Z"} if item.end_of_support else {}
    made |= {"externalRefs": _names(item)} if _names(item) else {}
    said = [text for text in (sbom.support_words(item), sbom.needs_words(item)) if text]
    return made | {"comment": sbom.evidence_words(item), "annotations": [_annotation(study, text) for text in said]}


def _files(item: Item) -> Iterable[Json]:
    for number, digest in enumerate(item.sha256, 1):
        place = next(file.where for file in item.files if file.sha256 == digest)
        made = _package(f"{_ref(item.id)}-{number}", sbom.shown(place.member), "FILE")
        yield made | {"licenseDeclared": NOT_KNOWN, "checksums": [_checksum(digest)], "comment": sbom.shown(f"{place} of evidence {place.evidence}")}


def _names(item: Item) -> list[Json]:
    purl, cpe = sbom.purl(item), sbom.cpe(item)
    said = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}] if purl else []
    return said + ([{"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": cpe}] if cpe else [])


def _organisation(name: str) -> str:
    """Brackets at the end of a name would be read as a mail address."""
    return f"Organization: {sbom.shown(name).replace('(', '[').replace(')', ']')}" if name.strip() else NOT_KNOWN


def _checksum(digest: str) -> Json:
    return {"algorithm": "SHA256", "checksumValue": digest}


def _licence(text: str) -> str:
    if not text:
        return NOT_KNOWN
    return text if is_expression(text) else f"LicenseRef-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _own_licences(study: Study) -> list[Json]:
    texts = sorted({item.licence for item in study.inventory if item.licence and not is_expression(item.licence)})
    said = "As the source of the package or signature writes it; it is no expression of the SPDX list"
    return [{"licenseId": _licence(text), "extractedText": sbom.shown(text), "name": NOT_KNOWN, "comment": said} for text in texts]


def _relationships(study: Study) -> Iterable[Json]:
    yield _relation(DOCUMENT, "DESCRIBES", DEVICE)
    yield from (_relation(DEVICE, "CONTAINS", f"SPDXRef-evidence-{one.id}") for one in study.evidence)
    yield from (_relation(DEVICE, "CONTAINS", _ref(item.id)) for item in study.inventory)
    for item in study.inventory:
        files = range(1, len(item.sha256) + 1) if len(item.sha256) > 1 else ()
        yield from (_relation(_ref(item.id), "CONTAINS", f"{_ref(item.id)}-{number}") for number in files)
        yield from _needs(item)


def _needs(item: Item) -> Iterable[Json]:
    for ref in sorted({*item.declared, *item.linked}):
        how = [word for word, refs in (("declared", item.declared), ("linked", item.linked)) if ref in refs]
        yield {**_relation(_ref(item.id), "DEPENDS_ON", _ref(ref)), "comment": " and ".join(how)}
    if not item.declared and not item.linked:
        known = item.dependencies_known and not item.unmet
        yield _relation(_ref(item.id), "DEPENDS_ON", "NONE" if known else NOT_KNOWN)


def _relation(one: str, kind: str, other: str) -> Json:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def _annotation(study: Study, text: str) -> Json:
    who = f"Tool: {study.tool.name}-{study.tool.version}"
    return {"annotationDate": sbom.day(study), "annotationType": "OTHER", "annotator": who, "comment": text}


def _ref(name: str) -> str:
    return f"SPDXRef-{name}"
