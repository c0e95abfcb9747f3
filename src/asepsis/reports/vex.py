"""One model behind the three forms of VEX: what the study says of each published flaw and part, with its reason or what to do about it.

Not affected and fixed are only said with a reason that can be read: without one the flaw stays under investigation. The time is the day that the
study is of (``--as-of``), and ids are digests of what is said: the same study gives the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from packageurl import PackageURL

from asepsis.model.attack import Path
from asepsis.model.cpe import ANY, parse_cpe
from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.plan import ChosenControl
from asepsis.model.software import Justification, VexStatus
from asepsis.model.study import Study
from asepsis.model.vulnerability import Match
from asepsis.model.where import Where
from asepsis.reports.flaws import flaws
from asepsis.reports.text import capital, count, visible
from asepsis.reports.vex_words import AFFECTED_WITHOUT_A_CONTROL, DECIDED, NOT_NAMED

RULE = "known_vulnerability"
_SOFTWARE = frozenset({EvidenceKind.FIRMWARE, EvidenceKind.DIR, EvidenceKind.SBOM})
_MOST_SENTENCES = 12
_MOST_PLACES = 5
_MOST_GAPS = 20
_NAME = 200
PUBLISHER = re.compile(r"(?P<name>[^<>\x00-\x1f\x7f]{1,200}?) *(?:<(?P<namespace>https?://[\w.:\[\]-]+(?:/[\w.~/-]*)?)>)?")
"""``NAME`` or ``NAME <https://address>``."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who says it. ``namespace`` is an address under his control (CSAF 2.0, 3.2.1.8.4)."""

    name: str = "Author not named (asepsis --publisher names one)"
    namespace: str = "https://asepsis.example"


@dataclass(frozen=True, slots=True)
class Product:
    """A piece of evidence that parts lie in; ``sha256`` is empty for what is not one file."""

    id: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the device. ``id`` is its package URL, or one of no ecosystem made of its name and version; ``purl`` only what was read."""

    id: str
    name: str
    version: str
    purl: str
    cpe: str
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of one flaw and one part: ``proof`` are sentences for it, ``action`` what to do if the part is affected."""

    match: Match
    part: Part
    product: Product
    status: VexStatus
    justification: Justification | None
    proof: str
    action: str


@dataclass(frozen=True, slots=True)
class Vex:
    """The document without its form. ``digest`` is of everything else here; ``gaps`` say what the study could not look at."""

    digest: str
    publisher: Publisher
    moment: str
    tool: str
    version: str
    products: tuple[Product, ...]
    statements: tuple[Statement, ...]
    gaps: tuple[str, ...]

    @property
    def uuid(self) -> str:
        """A name-based UUID of what is said."""
        return str(UUID(bytes=bytes.fromhex(self.digest)[:16], version=5))


def vex(study: Study) -> Vex:
    """Everything that the study says of published flaws."""
    products = _products(study)
    found, digests = flaws(study), _digests(study)
    statements = tuple(_statement(one, products, _action(study, found.ways(one)), digests) for one in study.vulnerabilities)
    whole = Vex(
        "",
        publisher_of(study.tool.options),
        f"{study.knowledge.as_of}T00:00:00Z",
        study.tool.name,
        study.tool.version,
        tuple(products.values()),
        statements,
        tuple(_gaps(study)),
    )
    return replace(whole, digest=sha256(repr(whole).encode()).hexdigest())


def publisher_of(options: Mapping[str, str]) -> Publisher:
    """``NAME`` or ``NAME <https://address>`` of the option ``publisher``; without it, one that says so."""
    given = options.get("publisher", "")
    found, nobody = PUBLISHER.fullmatch(given.strip()), Publisher()
    if found:
        return Publisher(visible(found["name"], _NAME), found["namespace"] or nobody.namespace)
    return replace(nobody, name=visible(given, _NAME)) if given else nobody


def _products(study: Study) -> dict[str, Product]:
    """By the id of the evidence; a study of VEX documents alone has none."""
    return {one.id: _product(one) for one in study.evidence if one.kind in _SOFTWARE}


def _product(one: Evidence) -> Product:
    name, digest = visible(one.name, _NAME), one.sha256 if one.kind is EvidenceKind.FIRMWARE else ""
    return Product(_generic(name, "", {"checksum": f"sha256:{digest}"} if digest else {}), name, digest)


def _generic(name: str, version: str, qualifiers: Mapping[str, str]) -> str:
    return PackageURL("generic", None, name or "unnamed", version or None, dict(qualifiers)).to_string()


def _statement(one: Match, products: Mapping[str, Product], action: str, digests: Mapping[Where, str]) -> Statement:
    product = next((products[where.evidence] for where in one.where if where.evidence in products), Product("urn:unknown", "unknown", ""))
    shown = not one.status.closes or (bool(one.against) and (one.justification is not None or one.status is VexStatus.FIXED))
    status = one.status if shown else VexStatus.UNDER_INVESTIGATION
    return Statement(
        one,
        _part(one, digests),
        product,
        status,
        one.justification if status is VexStatus.NOT_AFFECTED else None,
        _proof(one, status),
        action if status is VexStatus.AFFECTED else "",
    )


def _part(one: Match, digests: Mapping[Where, str]) -> Part:
    name, version = visible(one.component, _NAME), visible(one.version, _NAME)
    purl = visible(one.purl)
    own = tuple(sorted({digests[where] for where in one.where if where in digests}))
    return Part(purl or _generic(name, version, {}), name, version, purl, _cpe(one), own)


def _cpe(one: Match) -> str:
    """With the version, where the name is that of a product in any version; nothing if it is no CPE name."""
    name = parse_cpe(one.cpe)
    if name is None:
        return ""
    return visible(str(name._replace(version=one.version.lower()) if name.version == ANY and one.version else name), _NAME)


def _digests(study: Study) -> dict[Where, str]:
    """Of the files that are parts themselves, by their place."""
    said = ((record.where, record.attributes.get("sha256")) for record in study.facts if record.kind == "Component")
    return {where: digest for where, digest in said if isinstance(digest, str) and digest}


def _proof(one: Match, status: VexStatus) -> str:
    """Sentences: what decides, what else speaks for it, and where the part was read."""
    sentences = one.against if status.closes else one.for_ if status is VexStatus.AFFECTED else (*one.for_, *one.against)
    places = [visible(str(where), _NAME) for where in one.where[:_MOST_PLACES]]
    more = len(one.where) - len(places)
    read = f"the part was read at {', '.join(places)}{f' and {more} more places' if more > 0 else ''}"
    decided = DECIDED.get(one.decided_by if status is one.status else "", DECIDED["nobody"])
    return ". ".join(capital(visible(text.rstrip("."), 400)) for text in (*sentences[:_MOST_SENTENCES], decided, read)) + "."


def _action(study: Study, ways: Iterable[Path]) -> str:
    """What the plan does about the ways that a flaw lies on."""
    ids = {way.id for way in ways}
    controls = [control for control in study.plan.controls if ids.intersection(control.cuts)]
    return " ".join(_do(control) for control in controls) or AFFECTED_WITHOUT_A_CONTROL


def _do(control: ChosenControl) -> str:
    return f"{visible(control.do.rstrip('.'))} ({', '.join(control.actors)}; {control.id})."


def _gaps(study: Study) -> Iterable[str]:
    """What a reader of this document alone must know."""
    yield NOT_NAMED
    if not study.knowledge.feeds:
        yield "published flaws were not looked for: no database of them was imported"
    yield from (visible(text) for text in study.knowledge.warnings)
    yield from (visible(outcome.reason) for outcome in study.not_assessed if outcome.rule == RULE)
    yield from _bounded([f"could not be opened: {visible(name, _NAME)}" for name in study.coverage.unopened])
    yield from _bounded([f"{visible(one.what.rstrip('.'))}: {visible(one.consequence)}" for one in study.problems])
    others = sorted({outcome.rule for outcome in study.not_assessed if outcome.rule != RULE})
    if others:
        yield f"{count(len(others), 'other rule')} could not tell: {visible(', '.join(others))}"


def _bounded(sentences: Sequence[str]) -> Iterable[str]:
    yield from sentences[:_MOST_GAPS]
    if len(sentences) > _MOST_GAPS:
        yield f"and {len(sentences) - _MOST_GAPS} more of this kind"
