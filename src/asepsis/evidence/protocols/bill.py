"""What every bill of materials says of a part, whatever format it is written in: cleaned of placeholders, each part once. No I/O.

A bill *declares*. Its parts carry the method :data:`DECLARED`; the thing that it is a bill of, which is no part of itself, carries
:data:`SUBJECT` and is said only if it has a name that flaws are published under. A bill inside an image may be one of anything, a test's for
instance, so what it says is weak.

Known ways in which all of them lie: ``NOASSERTION``, ``NONE`` and ``UNKNOWN`` where a value should be; a package URL, a CPE name and a version that
contradict each other; names that are no package URL and no CPE name; the same part many times; guessed CPE names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from packageurl import PackageURL

from asepsis.evidence.protocols.products import product_of, product_of_package, upstream_version
from asepsis.evidence.protocols.purl import LONGEST, OF_DISTRIBUTIONS
from asepsis.evidence.reader import Emit
from asepsis.model.cpe import Cpe, parse_cpe
from asepsis.model.facts import Component, Confidence, OperatingSystem
from asepsis.model.software import MOST_DEPENDENCIES
from asepsis.model.where import CHAIN, Where

DECLARED, SUBJECT = "bill of materials", "subject of the bill of materials"
WRONG_KIND = "a value of the wrong kind"
NO_TEXT = "bytes that are no text"
UNKNOWN_VERSION = "names no version of its format that is known; it was read like the newest"
SAYS_INCOMPLETE = "says itself that it does not name all parts"
_NOTHING = frozenset({"", "-", "*", "n/a", "noassertion", "none", "null", "unknown", "unspecified", "undefined"})
_LONGEST_URL = 2048
_BEFORE = re.compile(r"\A[a-z]{1,9}[._-]?(?=\d)")
_SYSTEMS = {
    "alpine": "alpine-linux", "alpine linux": "alpine-linux", "centos": "centos", "debian": "debian", "debian gnu/linux": "debian",
    "fedora": "fedora", "openwrt": "openwrt", "redhat": "rhel", "rhel": "rhel", "ubuntu": "ubuntu", "sles": "sles", "rocky": "rocky-linux",
    "almalinux": "almalinux", "amzn": "amazon-linux", "linux": "linux", "linux kernel": "linux", "linux_kernel": "linux",
    "alpine_linux": "alpine-linux", "amazon_linux": "amazon-linux", "debian_linux": "debian", "enterprise_linux": "rhel",
    "linux_enterprise_server": "sles", "rocky_linux": "rocky-linux", "suse_linux_enterprise_server": "sles", "ubuntu_linux": "ubuntu",
}  # fmt: skip
"""What bills and CPE names call an operating system, and the product of the end-of-support table."""
_LANGUAGE_TYPES = frozenset({
    "bower", "cargo", "cocoapods", "composer", "conan", "cpan", "cran", "elm", "gem", "golang", "hackage", "hex", "julia", "luarocks", "maven", "npm",
    "nuget", "opam", "pub", "pypi", "swift",
})  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One part as its bill writes it. ``ref`` is what other entries call it; ``purls`` and ``cpes`` are all its names, the best first.

    ``software`` is False of a file or a device that is a part only if it has a version or a name that flaws are published under.
    """

    where: Where
    name: str
    version: str = ""
    ref: str = ""
    purls: tuple[str, ...] = ()
    cpes: tuple[str, ...] = ()
    supplier: str = ""
    licence: str = ""
    sha256: str = ""
    patched: tuple[str, ...] = ()
    system: bool = False
    subject: bool = False
    weak: bool = False
    software: bool = True


@dataclass(slots=True)
class Bill:
    """All entries of one bill, ``needs`` of each by their refs, and what is wrong with it: text → how often, and where first."""

    entries: list[Entry] = field(default_factory=list)
    needs: dict[str, list[str]] = field(default_factory=dict)
    wrong: dict[str, list[Where]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """A part; one without a name is said as wrong."""
        if said(entry.name):
            self.entries.append(entry)
        else:
            self.flaw("a part without a name", entry.where)

    def need(self, ref: str, others: Iterable[str]) -> None:
        """``ref`` needs ``others``."""
        self.needs.setdefault(ref, []).extend(other for other in others if other != ref)

    def flaw(self, what: str, where: Where) -> None:
        """Something is wrong; each kind is said once, with its number and its first place."""
        self.wrong.setdefault(what, []).append(where)

    def emit(self, emit: Emit) -> None:
        """Every part once, at its first place."""
        names = {entry.ref: short(entry.name) for entry in self.entries if entry.ref}
        merged: dict[tuple[str, ...], Component] = {}
        for entry in self.entries:
            part = self._component(entry, names)
            if part is None:
                continue
            key = (part.method, part.name, part.version, part.purl, part.cpe)
            merged[key] = _union(merged[key], part) if key in merged else part
        for part in merged.values():
            emit(part)
        for system in _systems(self.entries):
            emit(system)

    def _component(self, entry: Entry, names: dict[str, str]) -> Component | None:
        purl, cpe = self._purl(entry), self._cpe(entry)
        product = _product(entry, purl, cpe)
        if entry.subject and not purl and not cpe and not product:
            return None
        if not (entry.software or entry.subject or purl or cpe or said(entry.version)):
            return None
        version = said(entry.version) or (purl.version if purl and purl.version else "") or (cpe.release if cpe else "")
        contradicts = _contradicts(version, purl, cpe)
        if contradicts:
            self.flaw("a part whose names contradict its version, so that which version it is cannot be told", entry.where)
        needed = dict.fromkeys(names[ref] for ref in self.needs.get(entry.ref, ()) if ref in names)
        if len(needed) > MOST_DEPENDENCIES and not entry.subject:  # the subject holds everything, whatever stands there
            self.flaw(f"a part that needs more than {MOST_DEPENDENCIES} others, of which the rest was left out", entry.where)
        text = purl.to_string() if purl else ""
        return Component(
            entry.where,
            short(entry.name),
            short(upstream_version(version) if text.startswith(OF_DISTRIBUTIONS) else version),
            product,
            SUBJECT if entry.subject else DECLARED,
            Confidence.WEAK if contradicts or entry.weak or _is_inside(entry.where) else Confidence.LIKELY,
            text,
            str(cpe) if cpe else "",
            short(said(entry.supplier)),
            short(said(entry.licence)),
            entry.sha256.lower() if len(entry.sha256) == 64 and entry.sha256.isalnum() else "",  # noqa: PLR2004 - digits of a SHA-256
            tuple(needed)[:MOST_DEPENDENCIES],
            tuple(dict.fromkeys(map(short, entry.patched))),
        )

    def _purl(self, entry: Entry) -> PackageURL | None:
        for text in entry.purls:
            try:
                return PackageURL.from_string(plain(text)[:_LONGEST_URL].strip())
            except ValueError:
                self.flaw("a part whose package URL is none", entry.where)
        return None

    def _cpe(self, entry: Entry) -> Cpe | None:
        for text in entry.cpes:
            name = parse_cpe(plain(text)[:_LONGEST_URL])
            if name is not None and name.is_product:
                return name
            self.flaw("a part whose CPE name is none", entry.where)
        return None


def plain(text: str) -> str:
    """Text without halves of characters, which no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def short(text: str) -> str:
    """Text as long as a name may be."""
    return plain(text)[:LONGEST].strip()


def said(text: str) -> str:
    """The text, or nothing where it only says that nothing is said."""
    return "" if text.strip().lower() in _NOTHING else text.strip()


def _is_inside(where: Where) -> bool:
    return "/" in where.path or CHAIN in where.path


def _contradicts(version: str, purl: PackageURL | None, cpe: Cpe | None) -> bool:
    """Whether two of them speak of different releases; a packager's epoch and revision, and letters before it (``v``), are no difference."""
    told = [version, purl.version or "" if purl else "", cpe.release if cpe else ""]
    bare = sorted({_BEFORE.sub("", upstream_version(text.lower())).replace("-", "") for text in told if text}, key=len)
    return any(not longer.startswith(bare[0]) for longer in bare[1:])


def _product(entry: Entry, purl: PackageURL | None, cpe: Cpe | None) -> str:
    """The product of the end-of-support table; of a package of a language only if it is one itself."""
    if purl and purl.type in _LANGUAGE_TYPES:
        group = f"{purl.namespace}:{purl.name}" if purl.type == "maven" else purl.name
        return product_of_package(purl.type, group)
    if cpe:
        return "" if cpe.part == "h" else _SYSTEMS.get(cpe.product) or product_of(cpe.product.replace("_", "-"))
    return (_SYSTEMS.get(entry.name.lower(), "") if entry.system else "") or product_of(purl.name if purl else entry.name)


def _union(one: Component, other: Component) -> Component:
    """One part that is said twice, with everything that is said of it."""
    weak = one.confidence is Confidence.WEAK and other.confidence is Confidence.WEAK
    return replace(
        one,
        confidence=Confidence.WEAK if weak else Confidence.LIKELY,
        supplier=one.supplier or other.supplier,
        licence=one.licence or other.licence,
        sha256=one.sha256 or other.sha256,
        depends=tuple(dict.fromkeys((*one.depends, *other.depends))),
        patched=tuple(dict.fromkeys((*one.patched, *other.patched))),
    )


def _systems(entries: Iterable[Entry]) -> Iterable[OperatingSystem]:
    """Each operating system that is declared as one; its product is empty if it is in no table."""
    for entry in entries:
        if entry.system and said(entry.version) and not entry.subject and not _is_inside(entry.where):
            yield OperatingSystem(entry.where, short(entry.name), short(entry.version), _SYSTEMS.get(entry.name.lower(), ""))
