"""CVE records, format 5.x, of the CVE programme (cvelistV5), with what others add to them (ADP containers: CISA's Vulnrichment).

How the versions of a record are meant: an entry says of a range or a single version that it is affected, unaffected or unknown; ``changes`` alter
that at a version within the range; ``defaultStatus`` holds for all versions that no entry speaks of (CVE JSON 5.1, ``versions``). Commits of git
are no versions. CVE terms of use: free to use with the copyright notice of MITRE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asepsis.knowledge.vulnerabilities.configurations import statements
from asepsis.knowledge.vulnerabilities.cve_versions import Stated, stated
from asepsis.knowledge.vulnerabilities.feed import TEXT, Document, Senseless, cwes, day, is_cve, moment, table, tables, text, texts, vectors
from asepsis.knowledge.vulnerabilities.names import product_cpe, purl, purl_key
from asepsis.knowledge.vulnerabilities.schemes import cpe_scheme, purl_scheme
from asepsis.model.cpe import LINUX_KERNEL
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Affected, Vulnerability

SOURCE = "cve"
_COLLECTIONS = (
    ("npm", "npm"),
    ("pypi", "pypi"),
    ("crates.io", "cargo"),
    ("rubygems", "gem"),
    ("nuget", "nuget"),
    ("packagist", "composer"),
    ("maven", "maven"),
    ("go.dev", "golang"),
    ("hex.pm", "hex"),
)
"""A word in ``collectionURL`` → type of package URL."""

_STATUS = {"affected": VexStatus.AFFECTED, "unaffected": VexStatus.NOT_AFFECTED, "unknown": VexStatus.UNDER_INVESTIGATION}
_NO_NAME = frozenset({"", "n/a", "unknown", "unspecified", "[unknown]"})


class CveRecord:
    """A whole record: ``{"dataType": "CVE_RECORD", …}``."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By the type that it names."""
        return value.get("dataType") == "CVE_RECORD" or ("cveMetadata" in value and "containers" in value)

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """The record with all containers."""
        del head
        meta = table(value.get("cveMetadata"))
        name, modified = text(meta.get("cveId")), moment(meta.get("dateUpdated"))
        if not is_cve(name):
            raise Senseless(f"{name[:40]!r} is no id of a CVE record")
        if meta.get("state") == "REJECTED":
            yield Document(SOURCE, name, modified, (Vulnerability(name, modified=day(modified), withdrawn=True, sources=(SOURCE,)),))
            return
        containers = table(value.get("containers"))
        maker, others = table(containers.get("cna")), tables(containers.get("adp"))
        parts = [*_affected(maker, name, SOURCE)]
        for other in others:
            parts += _affected(other, name, f"{SOURCE}:{text(table(other.get('providerMetadata')).get('shortName')).lower() or 'adp'}")
        yield Document(SOURCE, name, modified, (_flaw(name, meta, maker, others),), tuple(dict.fromkeys(parts)))


def _flaw(name: str, meta: Mapping[str, Any], maker: Mapping[str, Any], others: list[Mapping[str, Any]]) -> Vulnerability:
    problems = [one for box in (maker, *others) for problem in tables(box.get("problemTypes")) for one in tables(problem.get("descriptions"))]
    scores = [metric for box in (maker, *others) for one in tables(box.get("metrics")) for metric in one.values()]
    return Vulnerability(
        name,
        summary=next((text(one.get("value"), TEXT) for one in tables(maker.get("descriptions")) if text(one.get("lang")).startswith("en")), ""),
        cwes=cwes(*(f"{text(one.get('cweId'))} {text(one.get('description'))}" for one in problems)),
        vectors=vectors(text(table(score).get("vectorString")) for score in scores),
        published=day(meta.get("datePublished")),
        modified=day(meta.get("dateUpdated")),
        sources=(SOURCE,),
    )


def _affected(box: Mapping[str, Any], name: str, source: str) -> Iterator[Affected]:
    for entry in tables(box.get("affected")):
        said = stated(entry)
        for part in _parts(entry):
            yield from _statements(entry, said, part, name, source)
    yield from statements(tables(box.get("cpeApplicability")), name, source)


def _statements(entry: Mapping[str, Any], said: Iterable[Stated], part: Affected, name: str, source: str) -> Iterator[Affected]:
    """One statement for each status that versions of the part have."""
    functions = (text(table(one).get("name")) for one in tables(entry.get("programRoutines")))
    for one in said:
        yield Affected(
            name,
            source,
            status=_STATUS[one.status],
            purl=part.purl,
            cpe=part.cpe,
            scheme="semver" if one.semver and part.scheme == "generic" and part.cpe != LINUX_KERNEL else part.scheme,
            ranges=one.ranges,
            versions=one.versions,
            modules=(*texts(entry.get("programFiles")), *texts(entry.get("modules"))),
            functions=tuple(filter(None, functions)),
            vendor=part.vendor,
            product=part.product,
        )


def _parts(entry: Mapping[str, Any]) -> Iterator[Affected]:
    """The part by every name that it has; one in words only if there is no better."""
    vendor, product = (word if (word := text(entry.get(key))).lower() not in _NO_NAME else "" for key in ("vendor", "product"))
    names = dict.fromkeys(str(name.of_any_version) for name in map(product_cpe, texts(entry.get("cpes"))) if name)
    if vendor == product == "Linux":
        names = {LINUX_KERNEL: None}
    url = text(entry.get("packageURL")) or _package(entry)
    for cpe in names:
        yield Affected("", "", cpe=cpe, scheme=cpe_scheme(cpe), vendor=vendor, product=product)
    if url.startswith("pkg:"):
        yield Affected("", "", purl=purl_key(url), scheme=purl_scheme(url), vendor=vendor, product=product)
    elif product and not names:
        yield Affected("", "", vendor=vendor, product=product)


def _package(entry: Mapping[str, Any]) -> str:
    """A package URL made of the collection's address and the package's name."""
    where, name = text(entry.get("collectionURL")).lower(), text(entry.get("packageName"))
    kind = next((kind for word, kind in _COLLECTIONS if word in where), "")
    return purl(kind, name.replace(":", "/") if kind == "maven" else name) if kind and name else ""
