"""Which Windows it is: what its own files say, as a name, a version and a line of the end-of-support table. No I/O.

The version number alone does not tell editions of one build apart (a long-term release lives years longer than a home edition), so the edition is
asked as well. Numbers and builds as Microsoft publishes them [K].
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """``product`` and ``version`` are an entry of the end-of-support table; ``product`` is empty if it is in none."""

    name: str
    version: str
    product: str


CLIENT, SERVER, EMBEDDED = "windows", "windows-server", "windows-embedded"

_EMBEDDED = (
    (re.compile(r"embedded standard 2009|\bwes ?2009", re.IGNORECASE), "standard-2009"),
    (re.compile(r"posready 2009", re.IGNORECASE), "posready-2009"),
    (re.compile(r"posready 7", re.IGNORECASE), "posready-7"),
    (re.compile(r"embedded standard 7|^windows embedded standard$", re.IGNORECASE), "standard-7"),
    (re.compile(r"embedded 8\.1 industry", re.IGNORECASE), "8.1-industry"),
    (re.compile(r"embedded 8\.1 pro", re.IGNORECASE), "8.1-pro"),
    (re.compile(r"embedded 8 standard|^windows embedded 8", re.IGNORECASE), "8-standard"),
    (re.compile(r"xp embedded", re.IGNORECASE), "xp"),
    (re.compile(r"embedded compact 2013", re.IGNORECASE), "compact-2013"),
    (re.compile(r"embedded compact 7", re.IGNORECASE), "compact-7"),
)
_SERVER_YEARS = re.compile(
    r"server.*?\b(2025|2022|2019|2016|2012 r2|2012|2008 r2|2008|2003 r2|2003|2000)\b|\b(2000) (?:advanced |datacenter )?server", re.IGNORECASE
)
_LONG_TERM = {10240: "10-2015", 14393: "10-2016", 17763: "10-2019", 19044: "10-2021", 26100: "11-2024"}
_RELEASES = {
    10240: "10-1507", 10586: "10-1511", 14393: "10-1607", 15063: "10-1703", 16299: "10-1709", 17134: "10-1803", 17763: "10-1809",
    18362: "10-1903", 18363: "10-1909", 19041: "10-2004", 19042: "10-20h2", 19043: "10-21h1", 19044: "10-21h2", 19045: "10-22h2",
    22000: "11-21h2", 22621: "11-22h2", 22631: "11-23h2", 26100: "11-24h2", 26200: "11-25h2",
}  # fmt: skip
"""Build → release; the build tells more than the name, which says "Windows 10" on Windows 11 as well."""
_BY_NUMBER = {"4.0": "nt-4", "5.0": "2000", "5.1": "xp", "5.2": "xp-x64", "6.0": "vista", "6.1": "7", "6.2": "8", "6.3": "8.1"}
_SERVER_BUILDS = {14393: "2016", 17763: "2019", 20348: "2022", 26100: "2025"}
_SERVER_NUMBERS = {"5.2": "2003", "6.0": "2008", "6.1": "2008-r2", "6.2": "2012", "6.3": "2012-r2"}
_EDITIONS = re.compile(r"home|core|\bpro|enterprise|education|\biot|\blts[bc]\b", re.IGNORECASE)
_LONGER_EDITIONS = re.compile(r"enterprise|education|iot", re.IGNORECASE)
"""Supported a year longer than the others."""
_IS_LONG_TERM = re.compile(r"enterprises(?:n|eval)?\Z|\blts[bc]\b", re.IGNORECASE)
_IS_IOT = re.compile(r"\biot", re.IGNORECASE)
_IOT_LIVES_LONGER = 19044
_FIRST_OF_TEN = 10240
"""From this build of Windows 10 on the version number stays, and only the build counts."""


_NAMES = {CLIENT: "Windows", SERVER: "Windows Server", EMBEDDED: "Windows Embedded"}
_SPELLINGS = {
    "vista": "Vista", "standard": "Standard", "posready": "POSReady", "industry": "Industry", "pro": "Pro", "compact": "Compact",
    "iot": "IoT", "lts": "LTSC", "x64": "x64",
}  # fmt: skip


def known(product: str, line: str) -> Release:
    """A line of the end-of-support table as people write it: ``10-2016-lts`` is 10 2016 LTSC."""
    words = (_SPELLINGS.get(word, word.upper()) for word in line.split("-"))
    return Release(_NAMES[product], " ".join(words), product)


def release(name: str, number: str, build: int, edition: str = "", *, server: bool | None = None) -> Release | None:
    """The release from a product ``name`` (``Windows 7 Professional``), a version ``number`` (``6.1``), a ``build`` and an ``edition``.

    ``server`` None means that only the name can tell. None when nothing of it is known.
    """
    for pattern, line in _EMBEDDED:
        if pattern.search(name):
            return known(EMBEDDED, line)
    if edition.lower() == "embedded" and number == "6.1":
        return known(EMBEDDED, "standard-7")
    if server or (server is None and "server" in name.lower()):
        return _server(name, number, build)
    return _client(name, number, build, edition)


def _server(name: str, number: str, build: int) -> Release | None:
    year = _SERVER_YEARS.search(name)
    line = (year[1] or year[2]).lower().replace(" ", "-") if year else _SERVER_BUILDS.get(build, "")
    if not line and build < _FIRST_OF_TEN:
        line = _SERVER_NUMBERS.get(number, "")
    return known(SERVER, "2003" if line == "2003-r2" else line) if line else None


def _client(name: str, number: str, build: int, edition: str) -> Release | None:
    if build < _FIRST_OF_TEN:
        line = _BY_NUMBER.get(number, "")
        return known(CLIENT, line) if line else None
    said = f"{name} {edition}".strip()
    if not _EDITIONS.search(said):
        return known(CLIENT, f"10.0.{build}")
    long_term = _LONG_TERM.get(build)
    if long_term and _IS_LONG_TERM.search(said):
        iot = build >= _IOT_LIVES_LONGER and _IS_IOT.search(said) is not None
        return known(CLIENT, f"{long_term}{'-iot' if iot else ''}-lts")
    line = _RELEASES.get(build, "")
    return known(CLIENT, line + ("-e" if _LONGER_EDITIONS.search(said) else "")) if line else None
