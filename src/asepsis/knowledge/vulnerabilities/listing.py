"""Read the small documents that say what there is to fetch, in the bounded child process: they come from the network like everything else.

Request: ``{"kind": …, "path": …}``. The answer, msgpack, is a :class:`Listing`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from asepsis.guard.limits import FEED_LIMITS
from asepsis.guard.sandbox import run
from asepsis.knowledge.vulnerabilities.feed import moment, table, tables, text
from asepsis.knowledge.vulnerabilities.limits import import_bounds

CHILD = "asepsis.knowledge.vulnerabilities.listing"
_ADDRESS = 2000
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to fetch: its ``address`` (or path below a directory), when it was changed, and its SHA-256 if that is published."""

    address: str
    modified: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a document lists; ``total`` is how many records there are beyond this page. ``wrong``: it is none."""

    entries: tuple[Entry, ...] = ()
    total: int = 0
    wrong: str = ""


def read_listing(kind: str, path: Path) -> Listing:
    """Have ``path`` read in a child."""
    found: list[Listing] = []
    request = msgspec.json.encode({"kind": kind, "path": str(path.resolve())})
    ended = run(CHILD, request, bounds=import_bounds(), on_message=lambda said: found.append(msgspec.msgpack.decode(said, type=Listing)))
    return found[0] if ended.ok and found else Listing(wrong=f"cannot be read ({ended.error or ended.how})")


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """See the module's text."""
    asked = msgspec.json.decode(request)
    with Path(asked["path"]).open("rb") as file:
        data = file.read(FEED_LIMITS.document_bytes + 1)
    try:
        listing = _KINDS[asked["kind"]](data) if len(data) <= FEED_LIMITS.document_bytes else Listing(wrong="is too long")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, csv.Error):
        listing = Listing(wrong="is not what was asked for")
    send(msgspec.msgpack.encode(listing))


def _object(data: bytes) -> Mapping[str, Any]:
    value = table(msgspec.json.decode(data))
    if not value:
        raise msgspec.DecodeError
    return value


def _page(data: bytes) -> Listing:
    """A page of NVD's API: how many records there are in all."""
    total = _object(data).get("totalResults")
    return Listing(total=total) if isinstance(total, int) and 0 <= total <= FEED_LIMITS.members else Listing(wrong="is no page of NVD's API")


def _release(data: bytes) -> Listing:
    """A release of a repository (GitHub's API): its files with their digests."""
    assets = tables(_object(data).get("assets"))
    entries = (Entry(text(one.get("browser_download_url"), _ADDRESS), sha256=_digest(one.get("digest"))) for one in assets)
    return _listed(entries, "is no release with files")


def _provider(data: bytes) -> Listing:
    """CSAF 2.0, 7.1.7: the provider's metadata. Directories end in a slash, ROLIE feeds do not."""
    addresses = []
    for one in tables(_object(data).get("distributions")):
        feeds = tables(table(one.get("rolie")).get("feeds"))
        directory = text(one.get("directory_url"), _ADDRESS)
        addresses += [text(feed.get("url"), _ADDRESS) for feed in feeds] or ([f"{directory.rstrip('/')}/"] if directory else [])
    return _listed((Entry(address) for address in dict.fromkeys(addresses)), "is no metadata of a CSAF provider with a distribution")


def _rolie(data: bytes) -> Listing:
    """A ROLIE feed (RFC 8322, as JSON in CSAF 2.0, 7.1.15)."""
    entries = []
    for one in tables(table(_object(data).get("feed")).get("entry")):
        links = {text(link.get("rel")): text(link.get("href"), _ADDRESS) for link in tables(one.get("link"))}
        entries.append(Entry(text(table(one.get("content")).get("src"), _ADDRESS) or links.get("self", ""), moment(one.get("updated"))))
    return _listed(entries, "is no ROLIE feed")


def _changes(data: bytes) -> Listing:
    """``changes.csv`` (CSAF 2.0, 7.1.13): path and time of change."""
    rows = csv.reader(data.decode("utf-8").splitlines())
    return _listed((Entry(text(row[0], _ADDRESS), moment(row[1])) for row in rows if len(row) == 2 and moment(row[1])), "lists no changes")  # noqa: PLR2004


def _index(data: bytes) -> Listing:
    """``index.txt`` (CSAF 2.0, 7.1.12): a path a line."""
    lines = (line.strip() for line in data.decode("utf-8").splitlines())
    return _listed((Entry(line[:_ADDRESS]) for line in lines if line.endswith(".json")), "lists no advisories")


def _digest(value: object) -> str:
    match = _DIGEST.fullmatch(text(value).lower())
    return match[1] if match else ""


def _listed(entries: Iterable[Entry], otherwise: str) -> Listing:
    found = tuple(entry for entry in entries if entry.address)
    return Listing(found) if found else Listing(wrong=otherwise)


_KINDS: dict[str, Callable[[bytes], Listing]] = {
    "page": _page,
    "release": _release,
    "provider": _provider,
    "rolie": _rolie,
    "changes": _changes,
    "index": _index,
}
