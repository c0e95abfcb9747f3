"""A reading process that says one document, finishes one file, and dies."""

import msgspec

from asepsis.knowledge.vulnerabilities.feed import Document


def serve(_request, send):
    send(msgspec.msgpack.encode({"documents": [Document("nvd", "CVE-2024-0001", "2024-01-01")]}))
    send(msgspec.msgpack.encode({"done": 0}))
    1 / 0  # noqa: B018
