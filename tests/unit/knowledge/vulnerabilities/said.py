"""What a piece of a feed says: the documents and the complaints."""

import io
import json

from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.taking import documents
from asepsis.model.vulnerability import Affected


def take(data: bytes | str | dict | list, name: str = "feed") -> tuple[list[Document], list[str]]:
    raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
    told = list(documents(name, raw[:4096], io.BytesIO(raw).read))
    return [said for _, said in told if isinstance(said, Document)], [f"{place}: {said[0]}" for place, said in told if isinstance(said, tuple)]


def parts(data: bytes | str | dict | list) -> list[Affected]:
    """The statements of a feed without anything wrong in it."""
    found, wrong = take(data)
    assert wrong == []
    return [part for document in found for part in document.affected]
