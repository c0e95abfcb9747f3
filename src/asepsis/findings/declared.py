"""Whether a bill of materials declares a part: by names that stand for one thing, compared as a whole, never by a likeness.

The surest name that both sides have decides: the digest of the file, then the package URL (without version and qualifiers), then the CPE name or
the product of the end-of-support table, then the name in words, and last the source package. A package of a language is not the system's software
of that name, so it meets words only where the other side says nothing but a name. One source makes packages of several versions, so a source
package never contradicts a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from packageurl import PackageURL

from asepsis.findings.flaws.names import keys
from asepsis.findings.flaws.part import LANGUAGES, CpeOf, Part, Said, is_packaged, parse_purl, qualifier
from asepsis.findings.flaws.versions import upstream_key
from asepsis.findings.witness import unique
from asepsis.knowledge.vulnerabilities.names import purl_key
from asepsis.model.facts import Component, Confidence

_EPOCH = re.compile(r"\A\d+:")
_REVISION = re.compile(r"-r?\d[\w.+~]*\Z")
"""What a packager adds: ``-0+deb11u3``, ``-r4``, ``-3.el8``; ``-rc1`` is upstream's own."""


class Verdict(StrEnum):
    """What a list says of one part."""

    SAME = "declared"
    BY_NAME = "declared by name, and a version is missing on one side"
    OTHER_VERSION = "declared in another version"
    UNDECLARED = "not declared"


class Answer(NamedTuple):
    """The verdict, and what the list calls the part: the versions that it names."""

    verdict: Verdict
    versions: tuple[str, ...] = ()


class Register:
    """A list of parts, by everything that names them."""

    def __init__(self, said: Iterable[Said], cpe_of: CpeOf) -> None:
        """``cpe_of`` gives the CPE name of a product of the end-of-support table."""
        self._cpe_of = cpe_of
        self._named: dict[str, list[Said]] = {}
        for one in said:
            for name in unique(_own_names(one, cpe_of)):
                self._named.setdefault(name, []).append(one)

    def answer(self, one: Said) -> Answer:
        """What the list says of ``one``, by the surest name that both have."""
        *sure, source = _asked(one, self._cpe_of)
        for names in sure:
            entries = self._entries(names)
            if entries:
                return _compared(one, entries)
        entries = self._entries(source)
        answer = _compared(one, entries) if entries else Answer(Verdict.UNDECLARED)
        return Answer(Verdict.BY_NAME, answer.versions) if answer.verdict is Verdict.OTHER_VERSION else answer

    def _entries(self, names: Iterable[str]) -> list[Said]:
        return [entry for name in names for entry in self._named.get(name, ())]


def _own_names(one: Said, cpe_of: CpeOf) -> Iterator[str]:
    """Under what a list keeps a part."""
    digests, packages, products, _, _ = _asked(one, cpe_of)
    yield from (*digests, *packages, *products)
    domain = "bare" if _only_named(one) else "language" if _is_of_language(one) else "word"
    yield from (f"{domain} {word}" for word in _words(one))
    yield from (f"from {word}" for word in _sources(one))


@lru_cache(maxsize=65_536)
def _asked(one: Said, cpe_of: CpeOf) -> tuple[list[str], ...]:
    """Under what a part is looked for in a list, the surest names first."""
    own = keys(Part(one.name, one.version, one.product, (one,), cpe_of(one.product) if one.product else ""))
    products = [name for name in own if name.startswith("cpe:") and not _is_of_language(one)]
    domains = ("bare", "word", "language") if _only_named(one) else ("bare",) if _is_of_language(one) else ("bare", "word")
    made_from = [f"{domain} {word}" for word in _sources(one) for domain in ("bare", "word")]
    return (
        [name for name in own if name.startswith("sha256:")],
        [purl_key(one.purl)] if isinstance(one, Component) and _purl(one) else [],
        [*products, *([f"product {one.product}"] if one.product else [])],
        [f"{domain} {word}" for word in _words(one) for domain in domains],
        [*made_from, *(f"from {word}" for word in _words(one) if not is_packaged(one))],
    )


def _purl(one: Said) -> PackageURL | None:
    return _parsed(one.purl) if isinstance(one, Component) and one.purl else None


_parsed = lru_cache(maxsize=65_536)(parse_purl)
"""Remembered, because each name is asked for many times and taking one apart is slow."""


def _is_of_language(one: Said) -> bool:
    purl = _purl(one)
    return purl is not None and purl.type in LANGUAGES


def _only_named(one: Said) -> bool:
    return isinstance(one, Component) and not (one.purl or one.cpe or one.product)


def _words(one: Said) -> tuple[str, ...]:
    """Its whole name. The last part of a language's package URL (``core`` of ``@babel/core``) is not one."""
    purl = _purl(one)
    return unique(map(_word, [one.name, *([purl.name] if purl and not _is_of_language(one) else [])]))


def _sources(one: Said) -> tuple[str, ...]:
    """The source package that a package of a distribution was made from."""
    purl = _purl(one)
    source = qualifier(purl, "upstream").partition("@")[0] if purl else ""
    return (_word(source),) if source else ()


def _word(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def _compared(one: Said, entries: list[Said]) -> Answer:
    """The same if any entry is in this version, by name if any says none, else another version."""
    same = [_is_same(one, entry) for entry in entries]
    versions = unique(filter(None, map(_full, entries)))
    if True in same or any(_has_digest_of(one, entry) for entry in entries):
        return Answer(Verdict.SAME, versions)
    return Answer(Verdict.BY_NAME if None in same else Verdict.OTHER_VERSION, versions)


def _has_digest_of(one: Said, entry: Said) -> bool:
    return isinstance(one, Component) and isinstance(entry, Component) and bool(one.sha256) and one.sha256 == entry.sha256


def _is_same(one: Said, other: Said) -> bool | None:
    """Whether two are in one version; None where either says none, or says it weakly (names that contradict each other).

    Two packages of one kind are compared with what their packager added, because that is where flaws are mended; others without it.
    """
    ours, theirs = _full(one), _full(other)
    if not ours or not theirs or _is_weak(one) or _is_weak(other):
        return None
    if ours == theirs:
        return True
    if _REVISION.search(ours) and _REVISION.search(theirs) and _kind(one) == _kind(other):
        return _without_epoch(ours) == _without_epoch(theirs) and not (_EPOCH.match(ours) and _EPOCH.match(theirs))
    return bool(_upstream(one) & _upstream(other))


def _full(one: Said) -> str:
    """The version as its packager writes it."""
    purl = _purl(one)
    return str(purl.version or one.version) if purl else one.version


def _kind(one: Said) -> str:
    purl = _purl(one)
    return purl.type if purl else ""


def _is_weak(one: Said) -> bool:
    return isinstance(one, Component) and one.confidence is Confidence.WEAK


def _without_epoch(version: str) -> str:
    return _EPOCH.sub("", version)


def _upstream(one: Said) -> set[object]:
    """Keys of the version without what a packager added."""
    return {upstream_key(text) for text in (one.version, _REVISION.sub("", _without_epoch(_full(one))))}
