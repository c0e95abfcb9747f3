"""Whether a statement speaks of a part at all: by its ecosystem's own name, never by a likeness of names.

A package of a distribution or of a language is matched by package URL. CPE names are for software as its makers release it: a language's package
is matched by one only if the name itself says so in its target software (``node.js``), and a statement about a program on another system
(``target_sw`` ``wordpress``) is none about this device. A file is what an advisory calls it when the digests are equal. Words are compared for
the device itself only, and as a whole: advisories on medical devices seldom have anything but a maker, a name and a version in words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from packageurl import PackageURL

from asepsis.findings.flaws.part import DISTRIBUTIONS, Part, qualifier
from asepsis.knowledge.vulnerabilities.names import product_key, purl_key
from asepsis.model.cpe import ANY, NOTHING, Cpe, parse_cpe
from asepsis.model.device import Device
from asepsis.model.vulnerability import Affected

TARGETS = {
    "node.js": "npm", "nodejs": "npm", "python": "pypi", "pypi": "pypi", "ruby": "gem", "rubygems": "gem", "rust": "cargo", "go": "golang",
    "golang": "golang", "maven": "maven", "java": "maven", "nuget": "nuget", ".net": "nuget", "php": "composer", "composer": "composer",
}  # fmt: skip
"""Target software that is a language, and the type of its package URLs."""
SYSTEMS = {
    "linux": "linux", "linux_kernel": "linux", "unix": "linux", "windows": "windows", "windows_embedded": "windows", "android": "android",
    "iphone_os": "apple", "ios": "apple", "ipados": "apple", "macos": "apple", "mac_os_x": "apple", "mac_os": "apple",
}  # fmt: skip
"""Target software that is an operating system, and its family."""


class Basis(StrEnum):
    """By what a statement was found to speak of a part, the surest first."""

    DIGEST = "the digest of its file"
    DISTRIBUTION = "the distribution's own advisory"
    PACKAGE = "the package's own advisory"
    CPE = "its CPE name"
    WORDS = "maker and name of the device"


class Spoken(NamedTuple):
    """A statement about a part: by what, the version that it speaks of, and doubts (sentences)."""

    statement: Affected
    basis: Basis
    version: str
    doubts: tuple[str, ...] = ()


def keys(part: Part) -> tuple[str, ...]:
    """Under which the store keeps statements about the part."""
    found = [_package(purl, name) for purl in part.purls for name in _names(purl)]
    for cpe in part.cpes:
        found += [f"cpe:{kind}:{cpe.vendor}:{cpe.product}" for kind in ("ao" if cpe.part in {"a", "o", ANY} else cpe.part)]
    found += [f"sha256:{digest}" for digest in part.digests]
    return tuple(dict.fromkeys([*found, *([product_key(part.device.model)] if part.device else [])]))


def spoken(part: Part, statement: Affected, families: Sequence[str]) -> Spoken | None:
    """The statement as one about ``part``, or None. ``families`` are the operating systems of the device, empty if none is known."""
    if set(part.digests).intersection(statement.sha256):
        return Spoken(statement, Basis.DIGEST, part.version)
    if part.device:
        return _by_words(part.device, statement)
    if statement.purl:
        return _by_package(part, statement)
    theirs = parse_cpe(statement.cpe)
    if theirs is None or not any((theirs.vendor, theirs.product) == (ours.vendor, ours.product) for ours in part.cpes):
        return None
    doubts = _target(part, theirs, families)
    return None if doubts is None else Spoken(statement, Basis.CPE, part.version, doubts)


def _names(purl: PackageURL) -> tuple[str, ...]:
    """The package, and the source package that advisories of its distribution speak of."""
    upstream = qualifier(purl, "upstream").partition("@")[0]
    return tuple(dict.fromkeys(name for name in (purl.name, upstream) if name))


def _package(purl: PackageURL, name: str) -> str:
    """The key of the package, under a name of its own or its source package's."""
    return purl_key(PackageURL(purl.type, purl.namespace, name).to_string())


def _by_package(part: Part, statement: Affected) -> Spoken | None:
    for purl in part.purls:
        if purl_key(statement.purl) not in {_package(purl, name) for name in _names(purl)}:
            continue
        version = qualifier(purl, "upstream").partition("@")[2] or purl.version or part.version
        if purl.type not in DISTRIBUTIONS:
            return Spoken(statement, Basis.PACKAGE, version)
        release = qualifier(purl, "distro")
        if statement.distro and not release:
            return Spoken(statement, Basis.DISTRIBUTION, version, ("which release of the distribution it comes from is not known",))
        if not statement.distro or same_release(statement.distro, release):
            return Spoken(statement, Basis.DISTRIBUTION, version)
    return None


def _by_words(device: Device, statement: Affected) -> Spoken | None:
    """If the whole name, or a model number, is the profile's, and so is the maker: BD is not Becton Dickinson, until the profile says so."""
    if product_key(device.model) not in {product_key(name) for name in (statement.product, *statement.models) if name}:
        return None
    if device.maker and statement.vendor and product_key(device.maker) != product_key(statement.vendor):
        return None
    doubts = [] if device.maker else ["the device profile names no maker, and others may have a product of this name"]
    doubts += [] if statement.vendor else [f"{statement.source} names no maker"]
    doubts += [f"{statement.source} speaks of certain serial numbers, and that of this unit is not known"] if statement.serials else []
    return Spoken(statement, Basis.WORDS, device.version, tuple(doubts))


def same_release(one: str, other: str) -> bool:
    """``Debian:11`` and ``debian-11.6``; ``Alpine:v3.18`` and ``alpine-3.18.4``: the shorter number is the beginning of the longer."""
    (name, number), (their_name, their_number) = _release(one), _release(other)
    shorter = min(len(number), len(their_number))
    return name == their_name and number[:shorter] == their_number[:shorter]


def _release(text: str) -> tuple[str, tuple[str, ...]]:
    found = re.match(r"([a-z]+(?:[ _-][a-z]+)*)\W*v?([\d.]*)", text.lower())
    return (re.sub(r"[ _]", "-", found[1]), tuple(number for number in found[2].split(".") if number)) if found else (text.lower(), ())


def _target(part: Part, theirs: Cpe, families: Sequence[str]) -> tuple[str, ...] | None:
    """None if the name is about software for something else than this device; else the doubts that are left."""
    target = theirs.target_sw
    language = TARGETS.get(target, "")
    if part.of_language:
        return () if language and any(purl.type == language for purl in part.purls) else None
    if target in {ANY, NOTHING}:
        return ()
    if language:
        return None
    family = SYSTEMS.get(target, "")
    if not family:
        return None
    if not families:
        return (f"the flaw is in the software for {target}, and the device's system is not known",)
    return () if family in families or (family == "linux" and "android" in families) else None
