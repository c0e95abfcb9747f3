"""Log-ins of record systems to their databases: OpenMRS ``openmrs-runtime.properties``, OpenEMR ``sites/*/sqlconf.php``.

OpenMRS: Java properties ``connection.url``, ``connection.username``, ``connection.password`` (OpenMRS wiki, "Overriding OpenMRS Default Runtime
Properties"). OpenEMR: ``$login = '…'; $pass = '…';`` (OpenEMR, ``library/sql.inc``). Whoever has them reads and changes every record.

Known ways it lies: a file as shipped holds the default of the installation, which may have been changed elsewhere.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?P<name>[\w.-]*openmrs[\w.-]*\.properties|sqlconf\.php)$")
_PHP = re.compile(r"\s*\$(login|pass|host)\s*=\s*(['\"])((?:\\.|(?!\2).){1,256})\2\s*;")


class RecordsDatabaseReader:
    """Emits a :class:`StoredSecret` for the database's password; its subject is the user."""

    info = ReaderInfo("records_database", "Database log-ins of record systems", (StoredSecret,), ("openmrs-runtime.properties", "sqlconf.php"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"=" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All lines first: user and password stand apart."""
        if source.path.endswith(".php"):
            found = [(number, hit.group(1), hit.group(3)) for number, line in source.lines() for hit in [_PHP.match(line[:1024])] if hit]
            user, key, product = "login", "pass", "openemr"
        else:
            found = [(entry.line, entry.key, entry.value) for entry in key_file(source.lines())]
            user, key, product = "connection.username", "connection.password", "openmrs"
        name = next((value for _, what, value in found if what == user), "")
        secrets = [(number, value) for number, what, value in found if what == key and value]
        if not secrets:
            raise NotThisFormat
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for number, value in secrets:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, value)
            emit(StoredSecret(source.where(line=number), redacted, product, name[:64], key, "database", confidence))
