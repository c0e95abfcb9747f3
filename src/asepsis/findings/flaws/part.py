"""A part of the device's software: everything that was read about one name and version, from whatever source.

A package list calls it ``libssl1.1``, the library itself says ``OpenSSL 1.1.1n``, a bill of materials gives both names: one part. They are put
together where the package list and the library mean the same product in the same version, so that what a distribution mended in its
package is not held against the library that lies in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from packageurl import PackageURL

from asepsis.findings.flaws.renamed import names_of
from asepsis.findings.rule import Facts
from asepsis.findings.witness import surest, unique
from asepsis.model.cpe import Cpe, parse_cpe
from asepsis.model.device import Device
from asepsis.model.fact import Confidence
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.where import Where

Said: TypeAlias = Component | OperatingSystem
CpeOf: TypeAlias = Callable[[str], str]
"""The CPE name (without version) of a product of the end-of-support table, or an empty string."""

DISTRIBUTIONS = frozenset({"deb", "rpm", "apk", "alpm"})
"""Types of package URLs whose packages carry mends that their upstream version does not show."""
LANGUAGES = frozenset({
    "bower", "cargo", "cocoapods", "composer", "conan", "cpan", "cran", "elm", "gem", "golang", "hackage", "hex", "julia", "luarocks", "maven", "npm",
    "nuget", "opam", "pub", "pypi", "swift",
})  # fmt: skip
"""Types whose packages are never what a CPE name of a system library means."""
_KERNEL_NUMBER = re.compile(r"\d+(?:\.\d+)*(?:-rc\d+)?")


@dataclass(frozen=True)
class Part:
    """``said`` is never empty. ``name`` and ``version`` are as upstream has them, as far as anybody said so. ``device`` is set if it is the whole."""

    name: str
    version: str
    product: str
    said: tuple[Said, ...]
    cpe_of_product: str = ""
    device: Device | None = None

    @cached_property
    def purls(self) -> tuple[PackageURL, ...]:
        """Its package URLs; a broken one is left out (the reader who met it said so)."""
        texts = unique(one.purl for one in self.said if isinstance(one, Component) and one.purl)
        return tuple(purl for purl in map(parse_purl, texts) if purl is not None)

    @cached_property
    def cpes(self) -> tuple[Cpe, ...]:
        """Its CPE names: those that were read, else that of its product; each with the names that it was kept under before."""
        texts = [one.cpe for one in self.said if isinstance(one, Component) and one.cpe] or [self.cpe_of_product]
        return unique(one for name in map(parse_cpe, texts) if name is not None for one in names_of(name))

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of the files that are the part itself."""
        return unique(one.sha256 for one in self.said if isinstance(one, Component) and one.sha256)

    @property
    def of_distribution(self) -> bool:
        """It came as a package of a distribution."""
        return any(purl.type in DISTRIBUTIONS for purl in self.purls)

    @property
    def of_language(self) -> bool:
        """It is a package of a programming language's own."""
        return bool(self.purls) and all(purl.type in LANGUAGES for purl in self.purls)

    @property
    def where(self) -> tuple[Where, ...]:
        """Every place that names it."""
        return tuple(sorted({one.where for one in self.said}, key=lambda where: where.sort_key))

    @property
    def confidence(self) -> Confidence:
        """The best of what names it."""
        return surest(one.confidence if isinstance(one, Component) else Confidence.LIKELY for one in self.said)

    @property
    def patched(self) -> frozenset[str]:
        """The ids of flaws that its own metadata call mended."""
        return frozenset(one for said in self.said if isinstance(said, Component) for one in said.patched)

    @property
    def is_kernel(self) -> bool:
        """It is the Linux kernel."""
        return self.product == "linux" or any((name.vendor, name.product) == ("linux", "linux_kernel") for name in self.cpes)

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".strip()


def parts(facts: Facts, cpe_of: CpeOf = lambda _product: "") -> tuple[Part, ...]:
    """All parts of the device, by name and version."""
    groups: dict[tuple[str, str], list[Said]] = {}
    said: tuple[Said, ...] = (*facts.of(Component), *facts.of(OperatingSystem))
    for one in said:
        groups.setdefault(_identity(one), []).append(one)
    made = (_part(members, cpe_of) for members in groups.values())
    return tuple(sorted(made, key=lambda part: (part.name.lower(), part.version, part.where[0].sort_key)))


def _identity(one: Said) -> tuple[str, str]:
    """What two things that are one part have in common."""
    purl = parse_purl(one.purl) if isinstance(one, Component) and one.purl else None
    if one.product:
        return (one.product, _upstream(one))
    if purl is not None and purl.type in LANGUAGES:
        return (f"{purl.type}/{purl.namespace or ''}/{purl.name}".lower(), one.version)
    name = parse_cpe(one.cpe) if isinstance(one, Component) and one.cpe else None
    return (name.key if name else one.name.lower(), _upstream(one))


def _upstream(one: Said) -> str:
    """A kernel's own additions to its number (``-generic``, ``-yocto-standard``) are no part of upstream's version."""
    number = _KERNEL_NUMBER.match(one.version) if one.product == "linux" else None
    return number[0] if number else one.version


def _part(members: list[Said], cpe_of: CpeOf) -> Part:
    """Named as its program or library names itself, else as its package is called."""
    first = min(members, key=lambda one: (is_packaged(one), one.name.lower(), one.where.sort_key))
    product = next((one.product for one in members if one.product), "")
    return Part(first.name, _upstream(first), product, tuple(members), cpe_of(product) if product else "")


def is_packaged(one: Said) -> bool:
    """It came with a package of a distribution or a language."""
    return isinstance(one, Component) and bool(one.purl) and not one.purl.startswith("pkg:generic/")


def parse_purl(text: str) -> PackageURL | None:
    """The package URL taken apart; None for a broken one."""
    try:
        return PackageURL.from_string(text)
    except ValueError:
        return None


def qualifier(purl: PackageURL, name: str) -> str:
    """One of its qualifiers, or an empty string."""
    return str(purl.qualifiers.get(name, ""))
