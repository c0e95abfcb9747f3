"""How tests read a bill of materials: the facts, and what the reading ended with."""

from __future__ import annotations

import json
from typing import Any

from asepsis.evidence.reader import Malformed, NotThisFormat, Reader, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.model.facts import Component, Fact
from tests.unit.evidence.reading import source_of


def read_bill(reader: Reader, document: dict[str, Any] | str | bytes, path: str = "device") -> tuple[list[Fact], Exception | None]:
    """The reader must recognise it."""
    text = json.dumps(document, indent=1) if isinstance(document, dict) else document
    data = text.encode() if isinstance(text, str) else text
    facts: list[Fact] = []
    assert reader.recognises(path, data[:4096]) is not Sureness.NO
    try:
        reader.read(source_of(data, path), facts.append)
    except (Malformed, NotThisFormat, LimitReached) as error:
        return facts, error
    return facts, None


def parts(facts: list[Fact]) -> list[Component]:
    return [fact for fact in facts if isinstance(fact, Component)]


def names(facts: list[Fact]) -> list[str]:
    return [part.name for part in parts(facts)]
