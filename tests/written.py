"""All documents of a study, as `asepsis report` writes them: a format that has nothing to tell of it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from asepsis.model.study import Study
from asepsis.reports.exporter import NothingToTell
from asepsis.reports.tell import formats, tell


def documents(study: Study) -> Iterator[tuple[str, bytes]]:
    """The format and its document, for each that there is."""
    for kind in formats():
        with suppress(NothingToTell):
            yield kind, tell(study, kind)
