"""OSV's ecosystems as package URLs: type, namespace, and the release of a distribution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asepsis.knowledge.vulnerabilities.feed import text
from asepsis.knowledge.vulnerabilities.names import purl, purl_key
from asepsis.knowledge.vulnerabilities.schemes import purl_scheme
from asepsis.model.cpe import LINUX_KERNEL

_LANGUAGES = {
    "conancenter": "conan",
    "cran": "cran",
    "crates.io": "cargo",
    "github actions": "githubactions",
    "go": "golang",
    "hackage": "hackage",
    "hex": "hex",
    "maven": "maven",
    "npm": "npm",
    "nuget": "nuget",
    "oss-fuzz": "generic",
    "packagist": "composer",
    "pub": "pub",
    "pypi": "pypi",
    "rubygems": "gem",
    "swifturl": "swift",
    "bitnami": "bitnami",
    "vscode": "vscode",
}
_DISTRIBUTIONS = {
    "almalinux": ("rpm/almalinux", "almalinux"),
    "alpaquita": ("apk/alpaquita", "alpaquita"),
    "alpine": ("apk/alpine", "alpine"),
    "chainguard": ("apk/chainguard", "chainguard"),
    "debian": ("deb/debian", "debian"),
    "mageia": ("rpm/mageia", "mageia"),
    "openeuler": ("rpm/openeuler", "openeuler"),
    "opensuse": ("rpm/opensuse", "opensuse"),
    "photon os": ("rpm/photon", "photon"),
    "red hat": ("rpm/redhat", "redhat"),
    "rocky linux": ("rpm/rocky", "rocky"),
    "suse": ("rpm/suse", "suse"),
    "ubuntu": ("deb/ubuntu", "ubuntu"),
    "wolfi": ("apk/wolfi", "wolfi"),
}
"""Ecosystem in lower case → type and namespace of the package URL, and the distribution's name in ``distro``."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package as a statement names it. ``scheme`` empty means: as the range says. ``tags``: its versions are tags of a repository."""

    name: str
    purl: str = ""
    cpe: str = ""
    distro: str = ""
    scheme: str = ""
    tags: bool = False


def package_of(package: Mapping[str, Any]) -> Package | None:
    """The package of an ``affected`` entry; None if its ecosystem is none that software of a device comes from."""
    name, url = text(package.get("name")), text(package.get("purl"))
    ecosystem, _, release = text(package.get("ecosystem")).partition(":")
    low = ecosystem.lower()
    if low == "linux" and name.lower() == "kernel":
        return Package(name, cpe=LINUX_KERNEL)
    if low in _DISTRIBUTIONS and name:
        where, distro = _DISTRIBUTIONS[low]
        kind, namespace = where.split("/")
        found = purl_key(url) if url.startswith("pkg:") else purl_key(purl(kind, f"{namespace}/{name}"))
        return Package(name, found, distro=f"{distro}-{_release(release)}" if release else "", scheme=purl_scheme(found))
    if low in _LANGUAGES and name:
        kind = _LANGUAGES[low]
        found = purl_key(url if url.startswith("pkg:") else purl(kind, name.replace(":", "/") if kind == "maven" else name))
        scheme = purl_scheme(found)
        return Package(name, found, scheme="" if scheme == "generic" else scheme, tags=kind == "generic")
    return None


def _release(words: str) -> str:
    """``v3.18`` → 3.18, ``22.04:LTS`` → 22.04, ``Pro:18.04:LTS`` → 18.04, ``enterprise_linux:8::baseos`` → 8, ``Leap 15.5`` → 15.5."""
    number = re.search(r"\d+(\.\d+)*", words)
    return number[0] if number else words.lower()
