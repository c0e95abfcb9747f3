"""What all bills of materials say alike: the device, the day, how complete the list is, and what it lacks."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Any

import msgspec

from asepsis.model.cpe import parse_cpe
from asepsis.model.evidence import EvidenceKind, Problem
from asepsis.model.fact import Confidence
from asepsis.model.inventory import Item, ItemKind
from asepsis.model.study import Study
from asepsis.reports.text import count, percent, visible

NAMESPACE = uuid.UUID("7d0a3c1e-6f5b-5b0e-9c55-0f6c2b8f1a41")
"""Ours, for names that are made of a document's own content (RFC 9562, UUID version 5)."""
CERTAINTY = {Confidence.CONFIRMED: 1.0, Confidence.LIKELY: 0.8, Confidence.WEAK: 0.4}
"""[P] A rank on the scale from 0 to 1 that CycloneDX asks for; it is no likelihood."""
_PURL = re.compile(r"pkg:[a-zA-Z][a-zA-Z0-9.+-]*/[\x21-\x7e]+")
_TEXT_LIMIT = 1024
_MOST_PLACES = 50
"""Of each item, where a format has only text for them."""


def day(study: Study) -> str:
    """When the bill was made, as far as it may be told without a clock: the day that the study looks from (``--as-of``), at midnight."""
    return f"{study.knowledge.as_of}T00:00:00Z"


def name_of(content: Any) -> uuid.UUID:
    """A name that is the same for the same content, and another for any other."""
    return uuid.uuid5(NAMESPACE, hashlib.sha256(msgspec.json.encode(content)).hexdigest())


def device_name(study: Study) -> str:
    """The model, or the title of the profile where none is given."""
    return shown(study.device.model or study.device.title)


def purl(item: Item) -> str:
    """The package URL, if it is one that every reader can take."""
    return item.purl if _PURL.fullmatch(item.purl) else ""


def cpe(item: Item) -> str:
    """The CPE 2.3 name; empty if what was read is none."""
    read = parse_cpe(item.cpe) if item.cpe.isascii() and item.cpe.isprintable() else None
    return str(read) if read and " " not in item.cpe else ""


def identified(study: Study) -> str:
    """How many of the executables were recognised."""
    seen = study.coverage
    if not seen.programs:
        return "no executable was in the evidence"
    return f"{percent(seen.programs_identified, seen.programs)} of {count(seen.programs, 'executable')} identified"


def from_software(study: Study) -> bool:
    """Whether the list was made by looking into finished software, not from a list that somebody else made."""
    return any(one.kind in {EvidenceKind.FIRMWARE, EvidenceKind.DIR} for one in study.evidence)


def unknown_programs(study: Study) -> int:
    """Executables in the list that nobody recognised."""
    return sum(item.kind is ItemKind.PROGRAM for item in study.inventory)


def lacks(study: Study) -> tuple[str, ...]:
    """Everything because of which parts may be missing here, a sentence each: a reader must not take the list for complete."""
    said = [f"Not opened: {shown(name)}" for name in study.coverage.unopened]
    said += [_problem(problem) for problem in study.problems]
    said += [f"{shown(one.rule)} could not tell: {shown(one.reason)}" for one in study.not_assessed if _of_software(one.reason)]
    seen = study.coverage
    if seen.programs_identified < seen.programs:
        said.append(
            f"{count(seen.programs - seen.programs_identified, 'executable')} of {seen.programs:,} not recognised: listed by name and SHA-256"
        )
    if not study.inventory:
        said.append("No part of the software was found in this evidence; that does not mean that there is none")
    return tuple(dict.fromkeys(said))


def _of_software(reason: str) -> bool:
    return "Component was not looked for" in reason or "OperatingSystem was not looked for" in reason


def _problem(problem: Problem) -> str:
    place = f" ({shown(str(problem.where))})" if problem.where else ""
    return f"{shown(problem.what.rstrip('.'))}{place}. What is missing now: {shown(problem.consequence)}"


def shown(text: str) -> str:
    """Text from a device, made safe to show, and bounded."""
    return visible(text, _TEXT_LIMIT - 100)


def encoded(document: Any) -> bytes:
    """The document as indented UTF-8 JSON."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def evidence_words(item: Item) -> str:
    """How an item was identified, and where."""
    places = [shown(f"{place} of evidence {place.evidence}") for place in item.where[:_MOST_PLACES]]
    more = len(item.where) - len(places)
    how = f"Not identified: named after its file{f', {shown(item.architecture)}' if item.architecture else ''}"
    if item.kind is not ItemKind.PROGRAM:
        how = f"Identified by {', '.join(map(shown, item.methods)) or 'what it says of itself'} ({item.confidence.value})"
    return f"{how}. Seen at {'; '.join(places)}" + (f" and {more:,} more places" if more else "")


def support_words(item: Item) -> str:
    """The level of support and its end, and who says so."""
    ends = f"; end of support {item.end_of_support}" if item.end_of_support else "; end of support not known"
    return f"Level of support: {item.support.value}{ends}. Source: {shown(item.support_source) or 'none'}"


def needs_words(item: Item) -> str:
    """What an item needs and this list does not have; empty where that is nothing."""
    return f"Needs, but not told apart or not in this list: {', '.join(map(shown, item.unmet))}" if item.unmet else ""
