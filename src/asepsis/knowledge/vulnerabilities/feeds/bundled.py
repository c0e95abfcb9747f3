"""Documents of a bundle that another Asepsis wrote (:mod:`asepsis.knowledge.vulnerabilities.bundle`): as they lie in the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from asepsis.knowledge.vulnerabilities.feed import Document, Senseless

_KEYS = {"source", "id", "modified", "vulnerabilities", "affected", "products"}


class BundledDocument:
    """One document."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """By exactly its keys."""
        return set(value) == _KEYS

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """The document itself."""
        del head
        try:
            yield msgspec.convert(value, Document)
        except msgspec.ValidationError as error:
            raise Senseless(f"a document of a bundle that is none: {str(error)[:200]}") from error
