"""NVD's API 2.0: everything page by page the first time, then what was modified since, in windows of at most 120 days.

NVD lets a caller ask five times in 30 seconds, fifty times with a key (``NVD_API_KEY``); so we wait in between. https://nvd.nist.gov/developers
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from asepsis.knowledge.vulnerabilities.way import Errand, Got, Remembered

KEY = "NVD_API_KEY"
PAGE = 2000
_PAUSE, _PAUSE_WITH_KEY = 6.0, 0.6
_WINDOW = timedelta(days=119)
_OVERLAP = timedelta(hours=1)
"""A record may show up a little after its time of modification."""


def fetch_windows(address: str, errand: Errand) -> Got:
    """See the module's text. Raises ``CannotFetch``."""
    files = [path for window in _windows(errand.remembered(address).state, errand.now) for path in _pages(address, window, errand)]
    return Got(address, tuple(files), Remembered(state=errand.now.isoformat(timespec="seconds")))


def _windows(state: str, now: datetime) -> Iterator[dict[str, str]]:
    """The parameters of each window; none of them limits the time if nothing was fetched before."""
    if not state:
        yield {}
        return
    start = datetime.fromisoformat(state).astimezone(UTC) - _OVERLAP
    while start < now:
        end = min(start + _WINDOW, now)
        yield {"lastModStartDate": start.isoformat(timespec="milliseconds"), "lastModEndDate": end.isoformat(timespec="milliseconds")}
        start = end


def _pages(address: str, window: dict[str, str], errand: Errand) -> Iterator[Path]:
    key = errand.environ.get(KEY, "")
    start, total = 0, 1
    while start < total:
        asked = urlencode({**window, "startIndex": start, "resultsPerPage": PAGE})
        found, path = errand.listing("page", f"{address}?{asked}", {"apiKey": key} if key else None)
        total = found.total
        start += PAGE
        yield path
        errand.pause(_PAUSE_WITH_KEY if key else _PAUSE)
