"""The inventory of the device's software: every part once, and every executable that is none, with what is known of its support.

A package of a distribution or of a language is one item for each package URL. A library that says its own version is the same item as its package
where only one package of that product and version is installed; where several are (the library, its tools, its headers) it stays an item of
its own, since nothing says whose file it is. An executable that no part is by itself is an item too, by the name of its file and its digest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from packageurl import PackageURL

from asepsis.findings.dependencies import Known, with_dependencies
from asepsis.findings.flaws.part import DISTRIBUTIONS, LANGUAGES, Part, Said, is_packaged, parse_purl, parts, qualifier
from asepsis.findings.rule import Context, Facts
from asepsis.findings.witness import surest, unique
from asepsis.knowledge.end_of_support import EndOfSupport, SupportStatus
from asepsis.model.cpe import parse_cpe
from asepsis.model.facts import Component, Confidence, OperatingSystem, Program, UnidentifiedProgram
from asepsis.model.inventory import Item, ItemFile, ItemKind, SupportLevel
from asepsis.model.where import Where

OF_DISTRIBUTIONS = DISTRIBUTIONS | {"opkg"}
"""Types of package URLs whose version is that of the package, not that of what was packed."""
NOT_LISTED = "in no table of ends of support"
NOT_RECOGNISED = "not recognised, so its support is not known"


_DIGEST = re.compile(r"[0-9a-f]{64}")


class Support(NamedTuple):
    """The level, the ISO date or an empty string, and who says so."""

    level: SupportLevel
    ends: str
    source: str


def inventory(facts: Facts, context: Context) -> tuple[Item, ...]:
    """All items, by name and version, each with its dependencies."""
    digests = {_file(one.where): one.sha256 for one in _executables(facts)}
    known = [_known(key, part, said, digests, context) for key, (part, said) in _groups(parts(facts, context.knowledge.cpe_of_product)).items()]
    own = {_file(file.where) for one in known for file in one.item.files}
    return with_dependencies([*known, *_programs(facts, own)], facts)


def _groups(found: Iterable[Part]) -> dict[tuple[str, ...], tuple[Part, list[Said]]]:
    """What names an item → what belongs to it: everything about one package, or about one part without a package."""
    groups: dict[tuple[str, ...], tuple[Part, list[Said]]] = {}
    for part in found:
        packages: dict[str, list[Said]] = {}
        for one in part.said:
            packages.setdefault(one.purl if isinstance(one, Component) and is_packaged(one) else "", []).append(one)
        if len(set(packages) - {""}) == 1:
            rest = packages.pop("", [])
            next(iter(packages.values())).extend(rest)
        for url, said in packages.items():
            key = ("package", url) if url else ("part", part.name, part.version, part.product, _cpe(part, said))
            groups.setdefault(key, (part, []))[1].extend(said)
    return groups


def _known(key: tuple[str, ...], part: Part, said: Sequence[Said], digests: dict[tuple[str, str], str], context: Context) -> Known:
    components = sorted((one for one in said if isinstance(one, Component)), key=lambda one: (not is_packaged(one), one.where.sort_key))
    systems = [one for one in said if isinstance(one, OperatingSystem)]
    url = next((one.purl for one in components if one.purl), "")
    package = parse_purl(url) if url else None
    support = _support(part, package, context)
    item = Item(
        id=_id(*key),
        kind=ItemKind.SYSTEM if systems else ItemKind.PART,
        name=components[0].name if package and components else part.name,
        version=_version(part, package),
        supplier=next((one.supplier for one in components if one.supplier), ""),
        purl=url,
        cpe=_cpe(part, said),
        licence=next((one.licence for one in components if one.licence), ""),
        files=_files(components, systems, digests),
        methods=unique(one.method for one in components if one.method) or (("version string",) if systems else ()),
        confidence=surest([one.confidence for one in components] or [Confidence.LIKELY]),
        where=tuple(sorted({one.where for one in said}, key=lambda where: where.sort_key)),
        support=support.level,
        end_of_support=support.ends,
        support_source=support.source,
    )
    return Known(item, tuple(components))


def _version(part: Part, package: PackageURL | None) -> str:
    return str(package.version or part.version) if package and package.type in OF_DISTRIBUTIONS else part.version


def _cpe(part: Part, said: Iterable[Said]) -> str:
    """The name that was read; of a system, that of its product in this version. Nothing is guessed for a package."""
    read = sorted(one.cpe for one in said if isinstance(one, Component) and one.cpe)
    product = parse_cpe(part.cpe_of_product)
    if read or product is None or not any(isinstance(one, OperatingSystem) for one in said):
        return read[0] if read else ""
    return str(product._replace(version=part.version.lower())) if part.version else ""


def _files(components: Iterable[Component], systems: Iterable[OperatingSystem], digests: dict[tuple[str, str], str]) -> tuple[ItemFile, ...]:
    """Files that are the item: those that their reader called so, and the programs that are an operating system."""
    files = {_file(one.where): one.sha256 for one in components if _DIGEST.fullmatch(one.sha256)}
    files |= {_file(one.where): digests[_file(one.where)] for one in systems if _file(one.where) in digests}
    return tuple(ItemFile(Where(*place), digest) for place, digest in sorted(files.items()))


def _programs(facts: Facts, own: set[tuple[str, str]]) -> Iterator[Known]:
    """Executables that are no part by themselves, each once however many copies there are."""
    groups: dict[tuple[str, str], list[Program | UnidentifiedProgram]] = {}
    for one in _executables(facts):
        if _file(one.where) not in own:
            groups.setdefault((one.where.member.rpartition("/")[2], one.sha256), []).append(one)
    for (name, digest), copies in groups.items():
        places = sorted({Where(one.where.evidence, one.where.path) for one in copies}, key=lambda where: where.sort_key)
        item = Item(
            id=_id("program", name, digest),
            kind=ItemKind.PROGRAM,
            name=name,
            architecture=copies[0].architecture,
            files=tuple(ItemFile(place, digest) for place in places),
            confidence=Confidence.CONFIRMED,
            where=tuple(places),
            support_source=NOT_RECOGNISED,
        )
        yield Known(item, ())


def _executables(facts: Facts) -> tuple[Program | UnidentifiedProgram, ...]:
    return (*facts.of(Program), *facts.of(UnidentifiedProgram))


def _support(part: Part, package: PackageURL | None, context: Context) -> Support:
    """Of its product; of a distribution's package whose product has no known level, of the distribution's release."""
    language = package is not None and package.type in LANGUAGES
    name = part.product or ("" if language else part.name)
    line = context.knowledge.end_of_support(name, part.version) if name else None
    own = _told(line, context, "") if line else Support(SupportLevel.UNKNOWN, "", NOT_LISTED)
    if own.level is not SupportLevel.UNKNOWN:
        return own
    release, _, number = qualifier(package, "distro").rpartition("-") if package else ("", "", "")
    line = context.knowledge.end_of_support(release, number) if release else None
    return _told(line, context, f"as a package of {release} {number}: ") if line else own


def _told(line: EndOfSupport, context: Context, lead: str) -> Support:
    source = f"{lead}{line.product} {line.cycle}".rstrip() + f" ({line.source}) [{line.mark.value}]"
    if line.ends is not None:
        over = SupportLevel.ABANDONED if line.status == SupportStatus.ABANDONED else SupportLevel.NO_LONGER
        level = over if line.ends < context.as_of else SupportLevel.MAINTAINED
        return Support(level, line.ends.isoformat(), source)
    return Support(SupportLevel.MAINTAINED if line.status == SupportStatus.SUPPORTED else SupportLevel.UNKNOWN, "", source)


def _file(where: Where) -> tuple[str, str]:
    return (where.evidence, where.path)


def _id(*names: str) -> str:
    return f"sw-{hashlib.sha256(chr(0).join(names).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
