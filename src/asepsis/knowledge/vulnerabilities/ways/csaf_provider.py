"""A CSAF provider (CSAF 2.0, 7.1): its metadata names ROLIE feeds, or directories with ``changes.csv`` or ``index.txt``; what changed is fetched.

Addresses in a list lead only to the provider's own host, or to one that the table of feeds names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, urljoin

from asepsis.guard.fetch import CannotFetch
from asepsis.knowledge.vulnerabilities.listing import Entry
from asepsis.knowledge.vulnerabilities.way import Errand, Got, Remembered

MOST = 20_000
"""Advisories fetched at once."""


def fetch_advisories(address: str, errand: Errand) -> Got:
    """See the module's text. Raises ``CannotFetch``."""
    since = errand.remembered(address).state
    metadata, listed = errand.listing("provider", address)
    listed.unlink()
    entries = {entry.address: entry for distribution in metadata.entries for entry in _listed(distribution.address, address, errand)}
    wanted = sorted(
        (entry for entry in entries.values() if not entry.modified or entry.modified >= since), key=lambda entry: (entry.modified, entry.address)
    )
    files = [path for entry in wanted[:MOST] if (path := errand.fetch(entry.address)[0])]
    # What has no time of change is fetched each time; what has that of the newest once more, for others may have it too.
    newest = max((entry.modified for entry in wanted[:MOST]), default=since)
    return Got(address, tuple(files), Remembered(state=max(newest, since)), max(len(wanted) - MOST, 0))


def _listed(distribution: str, provider: str, errand: Errand) -> Iterator[Entry]:
    where = urljoin(provider, distribution)
    errand.fetcher.check(where, provider)
    if not distribution.endswith("/"):
        found, path = errand.listing("rolie", where)
    else:
        try:
            found, path = errand.listing("changes", f"{where}changes.csv")
        except CannotFetch:
            found, path = errand.listing("index", f"{where}index.txt")
    path.unlink()
    yield from _absolute(found.entries, where, provider, errand)


def _absolute(entries: Iterable[Entry], where: str, provider: str, errand: Errand) -> Iterator[Entry]:
    for entry in entries:
        address = urljoin(where, quote(entry.address, safe=":/?&=%"))
        errand.fetcher.check(address, provider)
        yield Entry(address, entry.modified, entry.sha256)
