"""Documents of a bundle that another Asepsis wrote (:mod:`asepsis.knowledge.vulnerabilities.bundle`): as they lie in the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from asepsis.knowledge.vulnerabilities.feed import Document, Senseless, text
from asepsis.knowledge.vulnerabilities.names import keys_of

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
            document = msgspec.convert(value, Document)
        except msgspec.ValidationError as error:
            raise Senseless(f"a document of a bundle that is none: {str(error)[:200]}") from error
        # What Asepsis writes has gone through its readers, which leave no control character in a name.
        if not all(key.isprintable() for part in document.affected for key in keys_of(part)):
            raise Senseless(f"a document of a bundle that names a part with a control character: {text(document.id)}")
        yield document
