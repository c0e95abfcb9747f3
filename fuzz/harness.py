"""What all fuzz targets share: a target for a reader, and a way to run it under atheris."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec

from asepsis.evidence.candidates import Candidates
from asepsis.evidence.patterns import PatternPass, PatternReader
from asepsis.evidence.reader import Malformed, NotThisFormat, Reader, Sureness
from asepsis.guard.limits import LimitReached, Limits
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource, OutOfBounds
from asepsis.knowledge.load import KnowledgeBase
from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.names import keys_of
from asepsis.knowledge.vulnerabilities.taking import documents
from asepsis.model.facts import Fact
from asepsis.model.where import Where

sys.path.append(str(Path(__file__).parents[1]))
"""Targets of binary formats take their seeds from the makers in tests/unit/evidence."""

# Comparing a secret with the vendors' salted hashes takes milliseconds by design, and takes nothing apart: fuzzing would do little else.
KnowledgeBase.is_known_default = lambda self, secret: self is None or len(secret) % 7 == 0  # type: ignore[method-assign]
KnowledgeBase.generic_defaults = lambda self: ()  # type: ignore[assignment,method-assign,return-value]  # noqa: ARG005

Target = Callable[[bytes], None]
AGREED = (NotThisFormat, Malformed, OutOfBounds, LimitReached)
"""All that a reader may raise."""
MOST_FACTS = 10_000
EMITTED = Counter[str]()
"""How many facts of each kind all inputs together gave."""


def file_target(reader: Reader, path: str = "etc/x", links: tuple[str, ...] = ()) -> Target:
    """Feed a reader of whole files, whether it recognises the bytes or not; if so, its signs must say so.

    ``path`` and ``links`` are for one that goes by them.
    """
    candidates = Candidates([reader])

    def target(data: bytes) -> None:
        head = data[:4096]
        assert reader.recognises(path, head) is Sureness.NO or candidates.of(path, head), "recognised, but shows none of the reader's signs"
        try:
            reader.read(_source(data, path, links), _counted())
        except AGREED:
            return

    return target


def pattern_target(reader: PatternReader, view: Callable[[BoundedSource], BoundedSource | None] = lambda source: source) -> Target:
    """Feed a reader of matches through the real pattern pass. ``view`` may put another source in the place of the bytes."""
    patterns = PatternPass([reader])
    assert patterns.database  # compiled before the first input's time is taken

    def target(data: bytes) -> None:
        try:
            source = view(_source(data))
            if source is None:
                return
            for found, matches in patterns.scan(source.buffer, noisy=lambda _limit: None):  # a noisy pattern is said, not an error
                found.read_matches(source, matches, _counted())
        except AGREED:
            return

    return target


def feed_target() -> Target:
    """Feed what takes feeds of published flaws apart, whatever format the bytes turn out to be of."""

    def target(data: bytes) -> None:
        for _place, said in documents("feed", data[:4096], BytesIO(data).read):
            if isinstance(said, Document):
                EMITTED[said.source] += 1
                assert msgspec.json.decode(msgspec.json.encode(said), type=Document) == said
                assert all(key.isprintable() for part in said.affected for key in keys_of(part))

    return target


def _source(data: bytes, path: str = "etc/x", links: tuple[str, ...] = ()) -> BoundedSource:
    return BoundedSource(data, Where("e1", path), Redactor(b"0123456789abcdef"), Limits(), link_names=links)


def _counted() -> Callable[[Fact], None]:
    seen = 0

    def emit(fact: Fact) -> None:
        nonlocal seen
        seen += 1
        EMITTED[type(fact).__name__] += 1
        if seen > MOST_FACTS:
            raise LimitReached("facts", MOST_FACTS, seen)

    return emit


def main(target: Target) -> None:
    """Run under atheris, which must be installed for this."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
