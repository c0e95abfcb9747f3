"""The CVE programme's releases (cvelistV5): each holds all records as of last midnight, and those that changed since.

All of them are fetched once; then, for as long as the day lasts, the changes; on another day all of them again.
"""

from __future__ import annotations

import re

from asepsis.guard.fetch import CannotFetch
from asepsis.knowledge.vulnerabilities.listing import Entry
from asepsis.knowledge.vulnerabilities.way import Errand, Got, Remembered

_ALL = re.compile(r"(\d{4}-\d\d-\d\d)_all_CVEs_at_midnight\.zip(\.zip)?$")
_CHANGED = re.compile(r"\d{4}-\d\d-\d\d_delta_CVEs_at_\w+\.zip$")


def fetch_releases(address: str, errand: Errand) -> Got:
    """See the module's text. Raises ``CannotFetch``."""
    found, listed = errand.listing("release", address)
    listed.unlink()
    whole = [(match[1], entry) for entry in found.entries if (match := _ALL.search(entry.address))]
    changed = [entry for entry in found.entries if _CHANGED.search(entry.address)]
    if not whole:
        raise CannotFetch(f"{address}: is no release of CVE records")
    day, base = max(whole, key=lambda pair: pair[0])
    wanted: list[Entry] = changed if errand.remembered(address).state == day and changed else [base, *changed]
    files = [path for entry in wanted if (path := errand.fetch(entry.address, digest=entry.sha256)[0])]
    return Got(address, tuple(files), Remembered(state=day))
