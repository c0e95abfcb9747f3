"""What Grype found published against software, in its own JSON: the parts it names.

Grype's documentation, *JSON output*: each of ``matches`` has the ``artifact`` it is about, written as Syft writes it. The flaws themselves are not
read: they are matched anew, against the store of published flaws.

Known ways it lies: a part without a match is not named, so it is never a whole bill of materials. See also :mod:`asepsis.evidence.protocols.bill`.
"""

from __future__ import annotations

from asepsis.evidence.protocols.bill import WRONG_KIND, Bill
from asepsis.evidence.protocols.bill_json import begins_object, read_bill, text
from asepsis.evidence.protocols.json_cursor import JsonCursor
from asepsis.evidence.protocols.scanned import ONLY_FLAWED, artefact, system
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem


class GrypeJsonReader:
    """Emits one :class:`Component` for each part that has a match."""

    info = ReaderInfo(
        "grype_json",
        "Parts with matches (Grype, JSON)",
        (Component,),
        ("*.grype.json",),
        ("parts without a match are missing",),
        may_emit=(OperatingSystem,),
    )
    signs = Signs(heads=(anywhere('"matches"'),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its words; its program is named only at its end."""
        return Sureness.MAYBE if b'"matches"' in begins_object(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed`` always once it was read, ``LimitReached``."""
        read_bill(source, emit, lambda cursor, bill: _walk(source, cursor, bill))


def _walk(source: BoundedSource, cursor: JsonCursor, bill: Bill) -> bool:
    """Whether it is one of this format."""
    program = ""
    for name in cursor.members():
        at = cursor.at
        where = source.where(**cursor.place(at))
        if name == "matches" and cursor.peek() == "[":
            bill.flaw(ONLY_FLAWED, where)
            for place in cursor.elements():
                match = cursor.value()
                part = match.get("artifact") if isinstance(match, dict) else None
                bill.add(artefact(part, source.where(**cursor.place(place))))
        elif name == "matches":
            bill.flaw(WRONG_KIND, where)
        elif name == "descriptor":
            program = text(cursor.value(), "name")
        elif name == "distro":
            bill.entries.extend(system(cursor.value(), where))
    return program == "grype"
