"""Databases that are recognised and not read: Microsoft Access, Firebird and InterBase, and SQLite under encryption (SQLCipher).

| format | beginning |
|---|---|
| Access, Jet 3 and 4 (``.mdb``) | 00 01 00 00 ``Standard Jet DB`` |
| Access 2007 and later (``.accdb``) | 00 01 00 00 ``Standard ACE DB`` |
| Firebird, InterBase (``.fdb``, ``.gdb``) | page type 01, page size at 16, version of the structure at 18 |
| SQLCipher (``.db``, ``.sqlite``) | a random salt: no magic, pages that read as encrypted to the end |

Names of tables and fields stand readable in the first three (UTF-16 or ASCII), so a database of patients shows itself; how many records it has, which
passwords it holds and whether it is encrypted does not. Sources: mdbtools HACKING, Firebird ``ods.h``, SQLCipher design notes.

Known ways it lies: an Access database password is a flag in the header that programs may ignore; a file with the name of a database may be any other.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.patient_data import holds_patients
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Sealed, Signs, Sureness, begins
from asepsis.guard.formats import entropy
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PatientDataStore

_ACCESS = (b"\0\1\0\0Standard Jet DB\0", b"\0\1\0\0Standard ACE DB\0")
_FIREBIRD_NAME = re.compile(r"\.(?:fdb|gdb|ib)$", re.IGNORECASE)
_SQLITE_NAME = re.compile(r"\.(?:db3?|sqlite3?|sqlcipher)$", re.IGNORECASE)
_PAGE_SIZES = frozenset({1024, 2048, 4096, 8192, 16384, 32768})
_OPAQUE_BITS = 7.8
_SAMPLE = 4096
_LEAST_BYTES = 2 * _SAMPLE
_SEARCHED = 16 * MIB
_WIDE = re.compile(rb"(?:[A-Za-z_0-9 ]\0){3,64}")
_NARROW = re.compile(rb"[A-Z][A-Z_0-9]{2,31}")
_MOST_NAMES = 20_000
_PATIENT_WORDS = re.compile(r"patient|birth|mrn|diagnos", re.IGNORECASE)


class UnreadDatabasesReader:
    """Emits a :class:`PatientDataStore` whose protection is not known."""

    info = ReaderInfo(
        "unread_databases",
        "Databases that are not read: Access, Firebird, encrypted SQLite",
        (PatientDataStore,),
        ("Access databases", "Firebird databases", "SQLCipher databases"),
        ("a file with the name of a database may be any other",),
    )
    signs = Signs(paths=(_SQLITE_NAME, _FIREBIRD_NAME), heads=(begins(*_ACCESS),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By their magic; Firebird and SQLCipher, which have none, by name and shape."""
        if head.startswith(_ACCESS):
            return Sureness.YES
        sealed = _SQLITE_NAME.search(path) and len(head) == _SAMPLE and entropy(head) > _OPAQUE_BITS
        return Sureness.YES if sealed or _is_firebird(path, head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Sealed`` always: what such a database holds was not seen."""
        head = bytes(source.buffer[:_SAMPLE])
        title = source.path.rsplit("/", 1)[-1][:128]
        if not head.startswith(_ACCESS) and not _is_firebird(source.path, head):
            middle = source.size // 2
            if source.size < _LEAST_BYTES or source.size % 512 or entropy(bytes(source.buffer[middle : middle + _SAMPLE])) < _OPAQUE_BITS:
                raise NotThisFormat
            raise Sealed("this database is encrypted")
        if holds_patients(title, _names(source, wide=head.startswith(_ACCESS))):
            emit(PatientDataStore(source.where(offset=0), title))
        raise Sealed("databases of this kind are recognised and not read")


def _is_firebird(path: str, head: bytes) -> bool:
    return (
        _FIREBIRD_NAME.search(path) is not None and len(head) >= 20 and head[0] == 1 and int.from_bytes(head[16:18], "little") in _PAGE_SIZES  # noqa: PLR2004 - the header
    )


def _names(source: BoundedSource, *, wide: bool) -> list[str]:
    """Words that may be names of fields, if any of them speaks of patients."""
    names: dict[str, None] = {}
    data = bytes(source.buffer[:_SEARCHED])
    for found in (_WIDE if wide else _NARROW).finditer(data):
        names[found.group().replace(b"\0", b"").decode("ascii")] = None
        if len(names) >= _MOST_NAMES:
            break
    return list(names) if any(_PATIENT_WORDS.search(name) for name in names) else []
