"""The National Vulnerability Database: JSON of the API 2.0 and of the yearly feeds, and of the older feeds 1.1.

Public domain (work of the US Government). A record in state Rejected is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asepsis.knowledge.vulnerabilities.configurations import nodes_of, statements
from asepsis.knowledge.vulnerabilities.feed import TEXT, Document, Senseless, cwes, day, is_cve, moment, table, tables, text, vectors
from asepsis.model.vulnerability import Vulnerability

SOURCE = "nvd"


class Nvd2:
    """A member of ``vulnerabilities`` (NVD CVE API 2.0): ``{"cve": {"id": …}}``."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By ``cve.id`` beside a status or descriptions."""
        cve = table(value.get("cve"))
        return isinstance(cve.get("id"), str) and ("vulnStatus" in cve or "descriptions" in cve)

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One record."""
        del head
        cve = value["cve"]
        name, modified = _id(cve.get("id")), moment(cve.get("lastModified"))
        if cve.get("vulnStatus") == "Rejected":
            yield _withdrawn(name, modified)
            return
        said = [text(one.get("value")) for weakness in tables(cve.get("weaknesses")) for one in tables(weakness.get("description"))]
        scores = [text(table(one.get("cvssData")).get("vectorString")) for many in table(cve.get("metrics")).values() for one in tables(many)]
        flaw = Vulnerability(
            name,
            summary=_english(cve.get("descriptions")),
            cwes=cwes(*said),
            vectors=vectors(scores),
            published=day(cve.get("published")),
            modified=day(modified),
            exploited_since=day(cve.get("cisaExploitAdd")),
            sources=(SOURCE,),
        )
        yield Document(SOURCE, name, modified, (flaw,), tuple(statements(tables(cve.get("configurations")), name, SOURCE)))


class Nvd1:
    """A member of ``CVE_Items`` (NVD JSON feed 1.1): ``{"cve": {"CVE_data_meta": {"ID": …}}, "configurations": …}``."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By the place of the id."""
        return "CVE_data_meta" in table(value.get("cve"))

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One record."""
        del head
        cve = value["cve"]
        name, modified = _id(table(cve.get("CVE_data_meta")).get("ID")), moment(value.get("lastModifiedDate"))
        summary = _english(table(cve.get("description")).get("description_data"))
        if summary.startswith("** REJECT **"):
            yield _withdrawn(name, modified)
            return
        problems = tables(table(cve.get("problemtype")).get("problemtype_data"))
        said = [text(one.get("value")) for problem in problems for one in tables(problem.get("description"))]
        metrics = table(value.get("impact"))
        scores = [text(table(table(metrics.get(f"baseMetricV{number}")).get(f"cvssV{number}")).get("vectorString")) for number in (3, 2)]
        flaw = Vulnerability(
            name,
            summary=summary,
            cwes=cwes(*said),
            vectors=vectors(scores),
            published=day(value.get("publishedDate")),
            modified=day(modified),
            sources=(SOURCE,),
        )
        yield Document(SOURCE, name, modified, (flaw,), tuple(statements(nodes_of(value.get("configurations")), name, SOURCE)))


class NvdOverride:
    """A correction of NVD's configurations as Anchore publishes them (CC0): they take the place of NVD's own for the same record."""

    SOURCE = "nvd-overrides"

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By the annotation that says why."""
        return "cve_id" in table(value.get("_annotation")) and "configurations" in table(value.get("cve"))

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One record's parts."""
        del head
        note = value["_annotation"]
        name = _id(note.get("cve_id"))
        parts = statements(tables(value["cve"].get("configurations")), name, NvdOverride.SOURCE)
        yield Document(NvdOverride.SOURCE, name, moment(note.get("modified")), affected=tuple(parts))


def _id(value: object) -> str:
    name = text(value)
    if not is_cve(name):
        raise Senseless(f"{name[:40]!r} is no id of a CVE record")
    return name


def _withdrawn(name: str, modified: str) -> Document:
    return Document(SOURCE, name, modified, (Vulnerability(name, modified=day(modified), withdrawn=True, sources=(SOURCE,)),))


def _english(value: object) -> str:
    return next((text(one.get("value"), TEXT) for one in tables(value) if text(one.get("lang")).startswith("en")), "")
