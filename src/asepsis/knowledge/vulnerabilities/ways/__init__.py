"""Every way to fetch a feed: one explicit list, by the word that the table of feeds uses."""

from __future__ import annotations

from asepsis.knowledge.vulnerabilities.way import Way
from asepsis.knowledge.vulnerabilities.ways.csaf_provider import fetch_advisories
from asepsis.knowledge.vulnerabilities.ways.cve_releases import fetch_releases
from asepsis.knowledge.vulnerabilities.ways.nvd_windows import fetch_windows
from asepsis.knowledge.vulnerabilities.ways.whole_file import fetch_file

WAYS: dict[str, Way] = {
    "csaf": fetch_advisories,
    "cvelist": fetch_releases,
    "file": fetch_file,
    "nvd": fetch_windows,
}
