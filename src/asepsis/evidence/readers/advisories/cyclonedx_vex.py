"""CycloneDX ``vulnerabilities`` (JSON), alone or inside a bill of materials: what its author says of published flaws and parts.

CycloneDX 1.4 to 1.7 (ECMA-424). ``analysis`` holds the state and the justification, ``affects`` the ``bom-ref`` of parts, of the same document or
(a BOM-Link, ``urn:cdx:…#ref``) of another. A flaw without an analysis is only listed, and nothing is said of it.

Known ways it lies: ``false_positive`` gives no reason; a reference into another document names nothing that is known here, unless it is a package URL
itself; ``versions`` beside a part may say otherwise than the state: only a version that is named as unaffected is closed then, and ranges are not
compared; ``requires_configuration`` and its like say what an attacker needs, not that he lacks it; the author of the bill of materials need
not be the one who looked at the flaw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packageurl import PackageURL

from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.protocols.vex import LONGEST, Faults, Faulty, Opened, Thing, instant, opened, thing
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.vulnerabilities.feed import table, tables, text
from asepsis.model.cpe import ANY, parse_cpe
from asepsis.model.facts import VexClaim
from asepsis.model.software import Justification, VexStatus
from asepsis.model.where import Where

STATES = {
    "exploitable": VexStatus.AFFECTED,
    "in_triage": VexStatus.UNDER_INVESTIGATION,
    "not_affected": VexStatus.NOT_AFFECTED,
    "false_positive": VexStatus.NOT_AFFECTED,
    "resolved": VexStatus.FIXED,
    "resolved_with_pedigree": VexStatus.FIXED,
}
JUSTIFICATIONS = {
    "code_not_present": Justification.CODE_NOT_PRESENT,
    "code_not_reachable": Justification.CODE_NOT_IN_EXECUTE_PATH,
    "requires_configuration": Justification.CODE_NOT_IN_EXECUTE_PATH,
    "requires_dependency": Justification.CODE_NOT_IN_EXECUTE_PATH,
    "requires_environment": Justification.CODE_NOT_CONTROLLED_BY_ADVERSARY,
    "protected_by_compiler": Justification.MITIGATED_INLINE,
    "protected_at_runtime": Justification.MITIGATED_INLINE,
    "protected_at_perimeter": Justification.MITIGATED_INLINE,
    "protected_by_mitigating_control": Justification.MITIGATED_INLINE,
}
VERSIONS = ("1.4", "1.5", "1.6", "1.7")
_OF_OURS = "asepsis:justification"
_NAME = b'"vulnerabilities"'
_SECTION = re.compile(_NAME + b"|" + b"\0".join(bytes([one]) for one in _NAME))
"""In UTF-8, or in UTF-16 of either order."""
Parts = Mapping[str, tuple[Thing, Thing | None]]
"""By ``bom-ref``: the part, and what it lies in."""


class CyclonedxVexReader:
    """Emits one :class:`VexClaim` for each flaw with an analysis and each part."""

    info = ReaderInfo("cyclonedx_vex", "CycloneDX vulnerabilities", (VexClaim,), ("CycloneDX 1.4 to 1.7 (JSON), vulnerabilities",))
    signs = Signs(heads=(anywhere('"bomFormat"'),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - the contract
        """By the name of the format."""
        begun = beginning(head)
        return Sureness.YES if b'"bomFormat"' in begun and b"CycloneDX" in begun else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if it lists no flaws, ``Malformed`` if it is broken or of a version that is not known."""
        if not _SECTION.search(source.buffer):
            raise NotThisFormat
        document = opened(source, "vulnerabilities", "analysis")
        version = text(document.head.get("specVersion"))
        if version not in VERSIONS:
            raise document.wrong or Malformed(f"vulnerabilities in CycloneDX {version[:20]!r} are not known, only in 1.4 to 1.7")
        parts, faults = _parts(document.head), Faults(document.wrong)
        faults.emitting(document, source, lambda flaw, where: _claims(flaw, parts, document, where), emit)
        faults.tell()


def _parts(head: Mapping[str, Any]) -> Parts:
    """Every component at any depth, and the device itself."""
    device = table(table(head.get("metadata")).get("component"))
    whole = _thing(device) if device else None
    found: dict[str, tuple[Thing, Thing | None]] = {text(device.get("bom-ref")): (whole, None)} if whole else {}
    waiting: list[tuple[Mapping[str, Any], Thing | None]] = [(one, whole) for one in tables(head.get("components"))]
    waiting += [(one, whole) for one in tables(device.get("components"))]
    while waiting:
        one, above = waiting.pop()
        here = _thing(one)
        found.setdefault(text(one.get("bom-ref")), (here, above))
        waiting.extend((child, here) for child in tables(one.get("components")))
    return found


def _thing(one: Mapping[str, Any]) -> Thing:
    digests = tuple(text(hashed.get("content")) for hashed in tables(one.get("hashes")) if hashed.get("alg") == "SHA-256")
    said = {key: text(one.get(key)) for key in ("name", "version", "purl", "cpe")}
    return thing(name=said["name"], version=said["version"], purl=said["purl"], cpe=said["cpe"], sha256=digests)


def _claims(flaw: Mapping[str, Any], parts: Parts, document: Opened, where: Where) -> Iterator[VexClaim]:
    """Every claim about one flaw. Raises ``Faulty``."""
    analysis = table(flaw.get("analysis"))
    word, name = text(analysis.get("state")), text(flaw.get("id"))
    if not word:
        return
    if word not in STATES or not name:
        raise Faulty(f"a flaw has the state {word[:40]!r}" if name else "a flaw with an analysis has no id")
    affects = [one for one in tables(flaw.get("affects")) if text(one.get("ref"))]
    if not affects:
        raise Faulty(f"{name[:60]} affects nothing that is named")
    for part, product, status in _about(affects, parts, STATES[word]):
        if document.wrong and status.closes:
            continue
        yield VexClaim(
            where,
            name,
            status,
            _justification(flaw, analysis) if status is STATES[word] else None,
            part.component,
            part.version,
            part.purl,
            part.cpe,
            _author(document.head),
            text(analysis.get("detail"), LONGEST),
            tuple(text(one.get("id")) for one in tables(flaw.get("references")) if text(one.get("id"))),
            part.sha256,
            product.label if product else "",
            product.sha256 if product else (),
            instant(analysis.get("lastUpdated"), flaw.get("updated"), table(document.head.get("metadata")).get("timestamp")),
        )


def _about(affects: list[Mapping[str, Any]], parts: Parts, state: VexStatus) -> Iterator[tuple[Thing, Thing | None, VexStatus]]:
    """Each part in each version, what it lies in if it is the very part that is meant, and what is said of it."""
    for one in affects:
        part, product = _meant(text(one.get("ref")), parts)
        for version, status in _versions(one.get("versions"), part.version, state):
            other = version != part.version
            yield (_in_version(part, version), None, status) if other else (part, product, status)


def _versions(listed: object, own: str, state: VexStatus) -> Iterator[tuple[str, VexStatus]]:
    """What is said of which version: of each that is named, then of the part's own (empty: of all) if it is not among them.

    What lists versions and does not name the part's own does not close it; a range may hold any version of a part that has none.
    """
    boxes = [table(one) for one in listed] if isinstance(listed, list) else [{}] if listed else []
    named = [(text(box.get("version")), _status(box, state)) for box in boxes if text(box.get("version"))]
    yield from named
    if not boxes:
        yield own, state
    elif own not in {version for version, _ in named} and (own or len(named) < len(boxes)):
        yield own, state if own and not state.closes else VexStatus.UNDER_INVESTIGATION


def _status(box: Mapping[str, Any], state: VexStatus) -> VexStatus:
    """Of one version: affected unless it says otherwise. "Not affected" of an affected version contradicts itself; it may be mended in another."""
    word = text(box.get("status", "affected"))
    if word == "affected":
        return {VexStatus.FIXED: VexStatus.AFFECTED, VexStatus.NOT_AFFECTED: VexStatus.UNDER_INVESTIGATION}.get(state, state)
    if word == "unaffected":
        return state if state.closes else VexStatus.NOT_AFFECTED
    return VexStatus.UNDER_INVESTIGATION


def _in_version(part: Thing, version: str) -> Thing:
    """The same part in another version: its digests are not those of that one."""
    purl = PackageURL.from_string(part.purl)._replace(version=version).to_string() if part.purl else ""
    cpe = parse_cpe(part.cpe)
    return thing(name=part.component, version=version, purl=purl, cpe=str(cpe._replace(version=version.lower(), update=ANY)) if cpe else "")


def _meant(ref: str, parts: Parts) -> tuple[Thing, Thing | None]:
    if ref in parts:
        return parts[ref]
    other = ref.partition("#")[2] if ref.startswith("urn:cdx:") else ref
    return (thing(purl=other) if other.startswith("pkg:") else Thing(component=other or ref), None)


def _justification(flaw: Mapping[str, Any], analysis: Mapping[str, Any]) -> Justification | None:
    """Of the five reasons; ours stands beside it where CycloneDX has no word of its own."""
    said = JUSTIFICATIONS.get(text(analysis.get("justification")))
    own = next((text(one.get("value")) for one in tables(flaw.get("properties")) if one.get("name") == _OF_OURS), "")
    absent = said is Justification.CODE_NOT_PRESENT and own == Justification.COMPONENT_NOT_PRESENT
    return Justification.COMPONENT_NOT_PRESENT if absent else said


def _author(head: Mapping[str, Any]) -> str:
    metadata = table(head.get("metadata"))
    people = [text(one.get("name")) for one in tables(metadata.get("authors"))]
    firms = [text(table(metadata.get(key)).get("name")) for key in ("manufacturer", "manufacture", "supplier")]
    return next(filter(None, (*people, *firms)), "")
