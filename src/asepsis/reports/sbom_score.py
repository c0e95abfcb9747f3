"""How complete a bill of materials is, element by element, by the three lists that regulators and buyers name.

NTIA, *The Minimum Elements For a Software Bill of Materials*, 12 July 2021 (data fields). FDA, *Cybersecurity in Medical Devices: Quality Management
System Considerations and Content of Premarket Submissions*, 3 February 2026, V.A.4 (what it asks for beside NTIA's). CISA, *2025 Minimum Elements
for a Software Bill of Materials*, draft of 22 August 2025 (what it adds; whether it became final was not found).

An element of a component counts where the inventory says it; an executable that nobody recognised is a component, and lacks what it lacks. The
counts are evidence for a review, no verdict of conformity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from asepsis.model.inventory import Item, SupportLevel
from asepsis.model.study import Study
from asepsis.reports import sbom
from asepsis.reports.text import clip, count, percent

NTIA, FDA, CISA = "NTIA 2021", "FDA 2026", "CISA 2025 (draft)"
DOCUMENTS = {
    NTIA: "NTIA, The Minimum Elements For a Software Bill of Materials, 12 July 2021",
    FDA: "FDA, Cybersecurity in Medical Devices, 3 February 2026, V.A.4: what it asks for beside NTIA's",
    CISA: "CISA, 2025 Minimum Elements for a Software Bill of Materials, draft of 22 August 2025: what it adds",
}
LOOKED_FOR, NO_FEEDS = "known vulnerabilities looked for", "no feed of published flaws is there"
COLUMNS = 100
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Element:
    """What one list asks for of each component, and whether a component has it."""

    source: str
    name: str
    has: Callable[[Item, Study], bool]


@dataclass(frozen=True, slots=True)
class Score:
    """``have`` of ``of`` have the element; ``missing`` are the labels of the others, ``why`` the one reason of all of them, if there is one.

    ``note`` says what an element of the whole bill is.
    """

    source: str
    element: str
    have: int
    of: int
    missing: tuple[str, ...] = ()
    note: str = ""
    why: str = ""


def _named(item: Item) -> bool:
    return bool(sbom.purl(item) or sbom.cpe(item))


ELEMENTS: tuple[Element, ...] = (
    Element(NTIA, "supplier name", lambda item, _: bool(item.supplier)),
    Element(NTIA, "component name", lambda item, _: bool(item.name)),
    Element(NTIA, "version", lambda item, _: bool(item.version)),
    Element(NTIA, "other unique identifier", lambda item, _: _named(item)),
    Element(NTIA, "dependency relationship", lambda item, _: item.dependencies_known or bool(item.linked)),
    Element(FDA, "level of support", lambda item, _: item.support is not SupportLevel.UNKNOWN),
    Element(FDA, "end-of-support date", lambda item, _: bool(item.end_of_support)),
    Element(FDA, LOOKED_FOR, lambda item, study: bool(study.knowledge.feeds) and bool(item.version) and _named(item)),
    Element(CISA, "hash (SHA-256)", lambda item, _: bool(item.files)),
    Element(CISA, "licence", lambda item, _: bool(item.licence)),
)
"""Of each component, in the order of the lists."""


def score(study: Study) -> tuple[Score, ...]:
    """Every element of the three lists, those of components first in each."""
    counted = [_score(study, element) for element in ELEMENTS]
    whole = list(_of_the_bill(study))
    return tuple(one for source in DOCUMENTS for one in (*counted, *whole) if one.source == source)


def _score(study: Study, element: Element) -> Score:
    missing = tuple(sbom.shown(item.label) for item in study.inventory if not element.has(item, study))
    total = len(study.inventory)
    why = NO_FEEDS if element.name == LOOKED_FOR and not study.knowledge.feeds else ""
    return Score(element.source, element.name, total - len(missing), total, missing, why=why)


def _of_the_bill(study: Study) -> Iterable[Score]:
    """What is said once for the whole bill. Every exporter writes these."""
    tool = f"{study.tool.name} {study.tool.version}"
    yield Score(NTIA, "author of the data", 1, 1, note=f"the tool ({tool}): add your organisation")
    yield Score(NTIA, "timestamp", 1, 1, note=f"{sbom.day(study)}, the day that the study looks from")
    yield Score(CISA, "tool name", 1, 1, note=tool)
    software = sbom.from_software(study)
    context = "post-build, from finished software" if software else "not told: from lists that others made"
    yield Score(CISA, "generation context", int(software), 1, note=context)


def score_lines(study: Study) -> list[str]:
    """The table for a screen of 100 columns."""
    scores = score(study)
    lines = [clip(_head(study), COLUMNS), sbom.identified(study)]
    for source, title in DOCUMENTS.items():
        lines += ["", title, *(_line(one) for one in scores if one.source == source)]
    lacks = sbom.lacks(study)
    lines += ["", f"Known gaps of the list: {len(lacks) or 'none'}", *(clip(f"  {text}", COLUMNS) for text in lacks)]
    return lines


def _head(study: Study) -> str:
    programs = sbom.unknown_programs(study)
    parts = len(study.inventory) - programs
    return f"{sbom.device_name(study)}: {count(parts, 'part')} and {count(programs, 'executable')} that nobody recognised"


def _line(one: Score) -> str:
    if one.note:
        return clip(f"  {one.element:<32}{'said' if one.have else 'missing':>19}  {one.note}", COLUMNS)
    missing = f"  missing: {one.why or _some(one.missing)}" if one.missing else ""
    return clip(f"  {one.element:<32}{f'{one.have:,} of {one.of:,}':>12} {percent(one.have, one.of):>6}{missing}".rstrip(), COLUMNS)


def _some(labels: Sequence[str]) -> str:
    more = len(labels) - _SHOWN
    return ", ".join(labels[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def score_words(study: Study) -> tuple[str, ...]:
    """One sentence for each list, for formats that have only text for it."""
    scores = score(study)
    told = {source: ", ".join(f"{one.element} {one.have} of {one.of}" for one in scores if one.source == source) for source in DOCUMENTS}
    return tuple(f"{title}: {told[source]}" for source, title in DOCUMENTS.items())
