"""In which order versions compare, by where a part comes from: names of orders as ``vers`` has them."""

from __future__ import annotations

from asepsis.knowledge.vulnerabilities.names import cpe_key

BY_TYPE = {
    "alpm": "alpm",
    "apk": "apk",
    "cargo": "semver",
    "composer": "composer",
    "conan": "conan",
    "cran": "generic",
    "deb": "deb",
    "gem": "gem",
    "golang": "golang",
    "hackage": "generic",
    "hex": "semver",
    "maven": "maven",
    "npm": "npm",
    "nuget": "nuget",
    "pub": "semver",
    "pypi": "pypi",
    "rpm": "rpm",
    "swift": "semver",
}
"""Type of a package URL → order."""

_BY_CPE = {"cpe:a:openssl:openssl": "openssl"}


def cpe_scheme(name: str) -> str:
    """The order of a product that is named by CPE."""
    return _BY_CPE.get(cpe_key(name), "generic")


def purl_scheme(name: str) -> str:
    """The order of a package that is named by its URL."""
    return BY_TYPE.get(name.removeprefix("pkg:").partition("/")[0].lower(), "generic")
