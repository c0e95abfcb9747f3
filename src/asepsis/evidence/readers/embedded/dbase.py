"""dBase tables (``.dbf``: dBASE III to 7, FoxPro): patients by the names of the fields, counted by the header.

::

    0  version   1  year month day   4  records(4)   8  bytes of the header(2)   10  bytes of a record(2)   15  1 if encrypted
    32  fields of 32 bytes: name[11] NUL-padded, type (C N D L M F B I T Y …), …, length at 16;  0D ends them
    32  version 7: name of the language driver[32] and 4; 68 fields of 48 bytes: name[32], type, length;  0D ends them

Little-endian. Source: dBASE file structure (Borland), Visual FoxPro "Table File Structure".

Known ways it lies: the number of records counts deleted ones, whose content is still in the file.
"""

from __future__ import annotations

import re
import struct

from asepsis.evidence.protocols.patient_data import holds_patients
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PatientDataStore

_NAME = re.compile(r"\.dbf\Z", re.IGNORECASE)
_VERSIONS = frozenset({0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8C, 0xCB, 0xF5, 0xFB})
_HEADER = struct.Struct("<4BIHH")
_FIELD = re.compile(rb"([A-Za-z_][A-Za-z0-9_ ]{0,31})\0*\Z")
_FIRST_FIELD, _END = 32, 0x0D
_LAYOUT, _LAYOUT_7 = (_FIRST_FIELD, 32, 11), (68, 48, 32)
"""Where the first field is, bytes of a field, and of its name."""
_LEVEL, _SEVEN = 7, 4
_MOST_HEAD = 32 + 512 * 48
_ENCRYPTED_AT = 15


class DbaseReader:
    """Emits a :class:`PatientDataStore` for a table of patients."""

    info = ReaderInfo("dbase", "Patient data in dBase tables", (PatientDataStore,), ("dBase and FoxPro tables",), ("deleted records are counted",))
    signs = Signs(paths=(_NAME,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its name and a known version."""
        return Sureness.YES if _NAME.search(path) and len(head) > _FIRST_FIELD and head[0] in _VERSIONS else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if there are no fields, ``Malformed`` if the file is shorter than its records."""
        *_, records, header, size = source.unpack(_HEADER)
        names = _fields(bytes(source.buffer[: min(header, _MOST_HEAD)]))
        if not names:
            raise NotThisFormat
        title = source.path.rsplit("/", 1)[-1]
        if holds_patients(title.rsplit(".", 1)[0], names):
            there = min(records, max(0, source.size - header) // max(1, size))
            emit(PatientDataStore(source.where(offset=0), title[:128], there, encrypted=source.buffer[_ENCRYPTED_AT] == 1))
        if header + records * size > source.size + 1:
            raise Malformed(f"the table says it has {records} records, but is too short for them", offset=4)


def _fields(head: bytes) -> list[str]:
    names: list[str] = []
    first, each, length = _LAYOUT_7 if head and head[0] & _LEVEL == _SEVEN else _LAYOUT
    for at in range(first, len(head) - each + 1, each):
        found = _FIELD.match(head[at : at + length].split(b"\0", 1)[0])
        if head[at] == _END or found is None:
            break
        names.append(found.group(1).decode("ascii"))
    return names
