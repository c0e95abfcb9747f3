"""OSV (Open Source Vulnerability format 1.x), JSON or YAML: GitHub, PyPA, Go, Rust, Debian, Alpine, Ubuntu, OSS-Fuzz and other databases.

A record that is about a CVE (in ``aliases``, ``upstream`` or in its own name) speaks under the id of that CVE, for each if it is about several;
another under its own. What is withdrawn says nothing. Ranges of git commits are no versions; the releases that ``versions`` lists are taken
instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from asepsis.knowledge.vulnerabilities.ecosystems import Package, package_of
from asepsis.knowledge.vulnerabilities.feed import TEXT, VERSIONS, Document, Senseless, cwes, day, is_cve, moment, table, tables, text, texts, vectors
from asepsis.model.vulnerability import Affected, Range, Vulnerability

_CVE_IN_NAME = re.compile(r"CVE-\d{4}-\d{4,19}")
_PREFIX = re.compile(r"[A-Za-z]+")


class OsvRecord:
    """A whole record."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By the two keys that every record must have, beside one that many have."""
        return "id" in value and "modified" in value and bool({"affected", "schema_version", "withdrawn", "aliases"} & set(value))

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One record."""
        del head
        name, modified = text(value.get("id")), moment(value.get("modified"))
        if not name or not modified:
            raise Senseless(f"{name[:60]!r} with no day on which it was modified" if name else "a record without an id")
        prefix = _PREFIX.match(name)
        source = f"osv:{prefix[0].lower() if prefix else 'other'}"
        about = _about(value, name)
        if moment(value.get("withdrawn")):
            gone = () if name not in about else (Vulnerability(name, modified=day(modified), withdrawn=True, sources=(source,)),)
            yield Document(source, name, modified, gone)
            return
        parts = [part for entry in tables(value.get("affected")) for part in _affected(entry, name, source)]
        flaws = tuple(_flaw(value, one, name, source) for one in about)
        yield Document(source, name, modified, flaws, tuple(replace(part, vulnerability=one) for one in about for part in dict.fromkeys(parts)))


def _about(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ids under which a record speaks."""
    others = (*_CVE_IN_NAME.findall(name), *texts(value.get("aliases")), *texts(value.get("upstream")))
    return tuple(sorted({one for one in others if is_cve(one)})) or (name,)


def _flaw(value: Mapping[str, Any], about: str, name: str, source: str) -> Vulnerability:
    aliases = {name, *(one for one in texts(value.get("aliases")) if not is_cve(one))} - {about}
    severities = [one for box in (value, *tables(value.get("affected"))) for one in tables(box.get("severity"))]
    boxes = [table(box.get("database_specific")) for box in (value, *tables(value.get("affected")))]
    weaknesses = [word for box in boxes for word in (*texts(box.get("cwe_ids")), *(text(one.get("cweId")) for one in tables(box.get("cwes"))))]
    return Vulnerability(
        about,
        aliases=tuple(sorted(aliases)),
        summary=text(value.get("summary")) or text(value.get("details"), TEXT),
        cwes=cwes(*weaknesses),
        vectors=vectors(text(one.get("score")) for one in severities),
        published=day(value.get("published")),
        modified=day(value.get("modified")),
        sources=(source,),
    )


def _affected(entry: Mapping[str, Any], name: str, source: str) -> Iterator[Affected]:
    package = package_of(table(entry.get("package")))
    if package is None:
        return
    ordered = [one for one in tables(entry.get("ranges")) if one.get("type") in ("SEMVER", "ECOSYSTEM")]
    ranges = tuple(found for one in ordered for found in _ranges(tables(one.get("events"))))
    versions = tuple(dict.fromkeys(_release(one, package) for one in texts(entry.get("versions"))))[:VERSIONS]
    if not ranges and not versions:
        return
    modules, functions = _symbols(entry)
    yield Affected(
        name,
        source,
        purl=package.purl,
        cpe=package.cpe,
        distro=package.distro,
        scheme=package.scheme or ("semver" if all(one.get("type") == "SEMVER" for one in ordered) else "generic"),
        ranges=ranges,
        versions=versions,
        modules=modules,
        functions=functions,
    )


def _ranges(events: Iterable[Mapping[str, Any]]) -> Iterator[Range]:
    """Events in their order: each ``introduced`` opens a range, the next ``fixed``, ``last_affected`` or ``limit`` closes it."""
    opened: str | None = None
    for event in events:
        start, end, last = text(event.get("introduced")), text(event.get("fixed")) or text(event.get("limit")), text(event.get("last_affected"))
        if start:
            if opened is not None:
                yield Range(introduced=opened)
            opened = "" if start == "0" else start
        elif end == "*":
            continue
        elif (end or last) and opened is not None:
            yield Range(introduced=opened, fixed=end, last="" if end else last)
            opened = None
    if opened is not None:
        yield Range(introduced=opened)


def _release(tag: str, package: Package) -> str:
    """A tag of a C library as a version: ``curl-7_71_0`` → 7.71.0, ``v1.2`` → 1.2. Where versions are real ones they stay."""
    if not package.tags:
        return tag
    match = re.fullmatch(
        rf"(?:{re.escape(package.name)}|lib{re.escape(package.name)}|v|release|rel)?[-_]?v?(\d+(?:[._]\d+)*)([-_a-z].*)?", tag, re.IGNORECASE
    )
    return match[1].replace("_", ".") + (match[2] or "") if match else tag


def _symbols(entry: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files and functions with the flaw, where the database names them (Go: ``imports``; Rust: ``affects``)."""
    box = table(entry.get("ecosystem_specific"))
    imports = tables(box.get("imports"))
    functions = {*(name for one in imports for name in texts(one.get("symbols"))), *texts(table(box.get("affects")).get("functions"))}
    return tuple(sorted({text(one.get("path")) for one in imports} - {""})), tuple(sorted(functions))
