"""Bills of materials that are recognised and not read: SPDX in YAML, RDF and XML, and SWID tags.

SPDX 2.3, annexes on serialisations; ISO/IEC 19770-2 for SWID. SPDX's own tools write each of its forms as JSON. Saying so is the point: a bill of
materials that nobody read must not look like one that names nothing.

Known ways it lies: a form whose words stand beyond the first 4,096 bytes is not recognised.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.reader import Emit, ReaderInfo, Sealed, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component

_YAML = re.compile(rb"^[\"']?spdxVersion[\"']?\s?:\s?[\"']?SPDX-", re.MULTILINE)
_XML = (
    (b"spdx.org/rdf/terms", "SPDX in RDF"),
    (b"<spdxVersion>", "SPDX in XML"),
    (b"<SPDXID>", "SPDX in XML"),
    (b"iso.org/iso/19770/-2", "a SWID tag"),
)


class UnreadBillsReader:
    """Emits nothing; its problem is what it says."""

    info = ReaderInfo(
        "unread_bills",
        "Bills of materials that are not read: SPDX in YAML, RDF and XML, SWID tags",
        (Component,),
        ("*.spdx.yaml", "*.spdx.rdf.xml", "*.spdx.xml", "*.swidtag"),
    )
    signs = Signs(heads=(anywhere("spdxVersion", "spdx.org/rdf/terms", "SPDXID", "iso.org/iso/19770"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By words that stand in its form."""
        return Sureness.YES if _form(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:  # noqa: ARG002 - a reader's contract
        """Raises ``Sealed`` always."""
        raise Sealed(f"{_form(bytes(source.buffer[:4096])) or 'a form of it'} is recognised and not read by this version")


def _form(head: bytes) -> str:
    begun = beginning(head)
    if begun.startswith(b"<"):
        return next((form for sign, form in _XML if sign in begun), "")
    return "SPDX in YAML" if _YAML.search(begun) and not begun.startswith(b"{") else ""
