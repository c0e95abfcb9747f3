"""SPDX 3.0.1, JSON-LD: the software bill of materials as a graph, for tools of the newest generation.

=====================  ==========================================================================================
our noun               their element
=====================  ==========================================================================================
Device                 ``software_Package`` with the purpose ``device``: the root of the ``software_Sbom``, which is of the type ``analyzed``
Evidence               ``software_Package`` with the purpose ``firmware`` and its ``Hash``, or ``other``
Item                   ``software_Package``; ``software_File`` for a program that nobody recognised
its files              ``verifiedUsing`` where there is one file; contained ``software_File`` elements where there are several
its place, method      ``comment``
its dependencies       ``dependsOn``, one relationship each for what is declared and what is linked, with its ``completeness``
its support            ``supportLevel`` and ``validUntilTime``; an ``Annotation`` says who says so
supplier, licence      ``Organization``; ``hasDeclaredLicense`` to an expression, the source's own words as ``SimpleLicensingText``
Coverage, score, gaps  ``Annotation`` on the device
knowledge's day        ``created``: no clock is read, it is the day that the study looks from
=====================  ==========================================================================================

The names of all elements begin with a name made of the content. Lost on the way: findings, paths and plans, which stand in the study file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.inventory import Item, ItemKind, SupportLevel
from asepsis.model.study import Study
from asepsis.reports import sbom
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.licences import is_expression
from asepsis.reports.sbom_score import score_words

Json = dict[str, Any]
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
NAMESPACE = "https://asepsis.example/spdx3/"
CREATION = "_:creation"
PROFILES = ["core", "software", "simpleLicensing"]
SUPPORT = {
    SupportLevel.MAINTAINED: "support",
    SupportLevel.NO_LONGER: "endOfSupport",
    SupportLevel.ABANDONED: "noSupport",
    SupportLevel.UNKNOWN: "noAssertion",
}


class Spdx3Exporter:
    """The inventory of the study as one graph."""

    info = ExporterInfo("spdx3", "SPDX 3.0.1 (SBOM)", "application/ld+json", "regulators, tools that read graphs", Tells.PARTS)

    def write(self, study: Study) -> bytes:
        """The whole graph. It is made twice: its own content gives its elements their names."""
        name = sbom.name_of(list(_Graph(study, NAMESPACE).elements()))
        return sbom.encoded({"@context": CONTEXT, "@graph": list(_Graph(study, f"{NAMESPACE}{name}#").elements())})


class _Graph:
    """The elements of one document; every name of theirs begins with ``prefix``."""

    def __init__(self, study: Study, prefix: str) -> None:
        self._study = study
        self._prefix = prefix

    def elements(self) -> Iterable[Json]:
        """Every element, in a fixed order."""
        yield from self._head()
        contained = [*self._contained()]
        parts = [*contained, *self._suppliers(), *self._licences(), *self._relations(), *self._annotations()]
        roots = {"rootElement": [self._ref("device")], "element": [self._ref("device"), *(part["spdxId"] for part in parts)]}
        kind = {"software_sbomType": ["analyzed"]} if sbom.from_software(self._study) else {}
        yield self._element("sbom", "software_Sbom", profileConformance=PROFILES, **kind, **roots)
        yield self._device()
        yield from parts

    def _head(self) -> Iterable[Json]:
        study, tool = self._study, f"{self._study.tool.name} {self._study.tool.version}"
        created = {"created": sbom.day(study), "createdBy": [self._ref("agent")], "createdUsing": [self._ref("tool")]}
        yield {"@id": CREATION, "type": "CreationInfo", "specVersion": "3.0.1", **created}
        yield self._element("agent", "SoftwareAgent", name=tool)
        yield self._element("tool", "Tool", name=tool)
        yield self._element("cc0", "simplelicensing_LicenseExpression", simplelicensing_licenseExpression="CC0-1.0")
        name = f"Software of {sbom.device_name(study)}"
        document = {"rootElement": [self._ref("sbom")], "profileConformance": PROFILES, "dataLicense": self._ref("cc0")}
        yield self._element("document", "SpdxDocument", name=name, **document)

    def _device(self) -> Json:
        device = self._study.device
        said: Json = {"name": sbom.device_name(self._study), "summary": sbom.shown(device.title), "software_primaryPurpose": "device"}
        said |= {"software_packageVersion": sbom.shown(device.version)} if device.version else {}
        return self._element("device", "software_Package", **said, **self._supplied(device.maker))

    def _contained(self) -> Iterable[Json]:
        yield from map(self._evidence, self._study.evidence)
        for item in self._study.inventory:
            yield self._file(item) if item.kind is ItemKind.PROGRAM else self._package(item)
            if len(item.sha256) > 1:
                yield from self._files(item)

    def _evidence(self, evidence: Evidence) -> Json:
        """A folder is no file: its digest covers names and bytes, and is no hash in their sense."""
        image = evidence.kind is EvidenceKind.FIRMWARE
        said = {"verifiedUsing": [_hash(evidence.sha256)]} if image else {"comment": f"{evidence.kind.value}, digest {evidence.sha256}"}
        purpose, name = "firmware" if image else "other", sbom.shown(evidence.name) or "unnamed"
        return self._element(f"evidence-{evidence.id}", "software_Package", name=name, software_primaryPurpose=purpose, **said)

    def _package(self, item: Item) -> Json:
        said: Json = {"software_primaryPurpose": "operatingSystem" if item.kind is ItemKind.SYSTEM else "library"}
        said |= {"software_packageVersion": sbom.shown(item.version)} if item.version else {}
        said |= {"software_packageUrl": sbom.purl(item)} if sbom.purl(item) else {}
        return self._element(item.id, "software_Package", **_common(item), **said, **self._supplied(item.supplier))

    def _file(self, item: Item) -> Json:
        return self._element(item.id, "software_File", **_common(item), software_primaryPurpose="executable", **self._supplied(item.supplier))

    def _files(self, item: Item) -> Iterable[Json]:
        for number, digest in enumerate(item.sha256, 1):
            place = next(file.where for file in item.files if file.sha256 == digest)
            said = {"name": sbom.shown(place.member) or "unnamed", "comment": sbom.shown(f"{place} of evidence {place.evidence}")}
            yield self._element(f"{item.id}-{number}", "software_File", **said, verifiedUsing=[_hash(digest)])

    def _supplied(self, name: str) -> Json:
        return {"suppliedBy": self._ref(_name("supplier", name))} if name else {}

    def _suppliers(self) -> Iterable[Json]:
        names = {self._study.device.maker, *(item.supplier for item in self._study.inventory)} - {""}
        yield from (self._element(_name("supplier", name), "Organization", name=sbom.shown(name)) for name in sorted(names))

    def _licences(self) -> Iterable[Json]:
        for text in sorted({item.licence for item in self._study.inventory} - {""}):
            if is_expression(text):
                yield self._element(_name("licence", text), "simplelicensing_LicenseExpression", simplelicensing_licenseExpression=text)
                continue
            own, words = _name("LicenseRef", text), _name("words", text)
            entry = {"type": "DictionaryEntry", "key": own, "value": self._ref(words)}
            said = {"simplelicensing_licenseExpression": own, "simplelicensing_customIdToUri": [entry]}
            yield self._element(_name("licence", text), "simplelicensing_LicenseExpression", **said)
            yield self._element(words, "simplelicensing_SimpleLicensingText", simplelicensing_licenseText=sbom.shown(text))

    def _relations(self) -> Iterable[Json]:
        study = self._study
        whole = [*(f"evidence-{one.id}" for one in study.evidence), *(item.id for item in study.inventory)]
        if whole:
            yield self._relation("device-contains", "device", "contains", whole, "incomplete" if sbom.lacks(study) else "noAssertion")
        for item in study.inventory:
            if len(item.sha256) > 1:
                files = [f"{item.id}-{number}" for number in range(1, len(item.sha256) + 1)]
                yield self._relation(f"{item.id}-contains", item.id, "contains", files, "noAssertion")
            if item.licence:
                yield self._relation(f"{item.id}-licence", item.id, "hasDeclaredLicense", [_name("licence", item.licence)], "noAssertion")
            yield from self._needs(item)

    def _needs(self, item: Item) -> Iterable[Json]:
        completeness = "incomplete" if item.unmet else "complete" if item.dependencies_known else "noAssertion"
        for how, refs in (("declared", item.declared), ("linked", item.linked)):
            if refs:
                yield {**self._relation(f"{item.id}-{how}", item.id, "dependsOn", refs, completeness), "comment": how}
        if not item.declared and not item.linked and completeness == "complete":
            yield {**self._relation(f"{item.id}-needs", item.id, "dependsOn", (), completeness), "to": ["NoneElement"]}

    def _annotations(self) -> Iterable[Json]:
        study = self._study
        for number, text in enumerate((sbom.identified(study), *score_words(study), *sbom.lacks(study)), 1):
            yield self._annotation(f"annotation-{number}", "device", text)
        for item in study.inventory:
            for number, text in enumerate(filter(None, (sbom.support_words(item), sbom.needs_words(item))), 1):
                yield self._annotation(f"{item.id}-annotation-{number}", item.id, text)

    def _annotation(self, name: str, subject: str, text: str) -> Json:
        return self._element(name, "Annotation", annotationType="other", subject=self._ref(subject), statement=text)

    def _relation(self, name: str, one: str, kind: str, others: Iterable[str], completeness: str) -> Json:
        ends = {"from": self._ref(one), "to": list(map(self._ref, others))}
        return self._element(name, "Relationship", relationshipType=kind, completeness=completeness, **ends)

    def _element(self, own: str, kind: str, /, **said: Any) -> Json:
        return {"spdxId": self._ref(own), "type": kind, "creationInfo": CREATION, **said}

    def _ref(self, name: str) -> str:
        return f"{self._prefix}{name}"


def _common(item: Item) -> Json:
    said: Json = {"name": sbom.shown(item.name) or "unnamed", "comment": sbom.evidence_words(item), "supportLevel": [SUPPORT[item.support]]}
    said |= {"validUntilTime": f"{item.end_of_support}T00:00:00Z"} if item.end_of_support else {}
    said |= {"verifiedUsing": [_hash(item.sha256[0])]} if len(item.sha256) == 1 else {}
    names = [_identifier(kind, text) for kind, text in (("packageUrl", sbom.purl(item)), ("cpe23", sbom.cpe(item))) if text]
    return said | ({"externalIdentifier": names} if names else {})


def _identifier(kind: str, text: str) -> Json:
    return {"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": text}


def _hash(digest: str) -> Json:
    return {"type": "Hash", "algorithm": "sha256", "hashValue": digest}


def _name(kind: str, text: str) -> str:
    return f"{kind}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
