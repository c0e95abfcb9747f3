"""What the ``versions`` of an affected product say in a CVE record of format 5, by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from asepsis.knowledge.vulnerabilities.feed import VERSIONS, tables, text
from asepsis.knowledge.vulnerabilities.version_text import EVERY, bound, said, up_to
from asepsis.model.vulnerability import Range

_STATUSES = ("affected", "unaffected", "unknown")


@dataclass(frozen=True, slots=True)
class Stated:
    """Versions of one status. ``semver`` if all of them say that they compare so."""

    status: str
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    semver: bool = False


def stated(entry: Mapping[str, Any]) -> tuple[Stated, ...]:
    """The statements of one member of ``affected``: affected first. All versions but the exceptions are affected if that is the default."""
    ranges: dict[str, dict[Range, None]] = defaultdict(dict)
    versions: dict[str, dict[str, None]] = defaultdict(dict)
    kinds = set()
    default = entry.get("defaultStatus")
    all_entries = tables(entry.get("versions"))
    named = [one for one in all_entries if one.get("versionType") != "git"]
    for one in named:
        kinds.add(text(one.get("versionType")))
        for status, found, version in _entry(one):
            if found:
                ranges[status][found] = None
            if version:
                versions[status][version] = None
    if default == "affected" and (named or not all_entries):
        ranges["affected"] = {EVERY: None}
    return tuple(
        Stated(status, tuple(ranges[status]), tuple(versions[status])[:VERSIONS], kinds == {"semver"})
        for status in _STATUSES
        if ranges[status] or versions[status]
    )


def _entry(one: Mapping[str, Any]) -> Iterator[tuple[str, Range | None, str]]:
    """Status and range or version, for each stretch between the changes of one entry."""
    status = _status(one.get("status"))
    start, below, last = (text(one.get(key)) for key in ("version", "lessThan", "lessThanOrEqual"))
    if not below and not last:
        yield from _written(status, start, tables(one.get("changes")))
        return
    end = bound(below or last)
    if end is None:
        yield ("unknown" if status == "affected" else status), Range(introduced=bound(start) or ""), ""
        return
    whole = Range() if not end else Range(fixed=up_to(below).fixed or below) if below else up_to(last)
    whole = replace(whole, introduced=bound(start) or "")
    for change in tables(one.get("changes")):
        at = bound(text(change.get("at")))
        if at:
            yield status, Range(whole.introduced, fixed=at, introduced_excluded=whole.introduced_excluded), ""
            whole, status = replace(whole, introduced=at), _status(change.get("status"))
    yield status, whole, ""


def _written(status: str, version: str, changes: list[Mapping[str, Any]]) -> Iterator[tuple[str, Range | None, str]]:
    """A single version, or a range in words; with changes, everything from the version on."""
    points = [(at, _status(change.get("status"))) for change in changes if (at := bound(text(change.get("at"))))]
    if points:
        start = bound(version) or ""
        for at, then in points:
            yield status, Range(start, fixed=at), ""
            start, status = at, then
        yield status, Range(start), ""
        return
    meaning = said(version)
    if meaning.unknown:
        yield ("unknown" if status == "affected" else status), EVERY, ""
        return
    yield from ((status, found, "") for found in meaning.ranges)
    yield from ((status, None, single) for single in meaning.versions)


def _status(value: object) -> str:
    return value if isinstance(value, str) and value in _STATUSES else "unknown"
