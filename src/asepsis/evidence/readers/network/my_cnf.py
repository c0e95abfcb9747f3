"""Log-ins of MySQL's and MariaDB's programs: ``my.cnf``, ``.my.cnf``, ``debian.cnf``, ``.mylogin.cnf``.

Option files (MySQL reference manual, Using Option Files): sections ``[client]``, ``[mysqldump]`` …, ``user=``, ``password=`` with optional quotes,
``password1=`` to ``3``; ``!include`` names further files. ``.mylogin.cnf`` (mysql_config_editor) is encrypted under a key of 20 bytes that stands
at its beginning, so that everybody can undo it.

Known ways it lies: ``password`` without a value asks somebody; of a value a ``#`` outside quotes begins a comment.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, key_file, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:\.?my\.cnf|debian\.cnf|my\.ini|(?:mysql|mariadb|my\.cnf)[^/]*\.d?/(?:.*/)?[^/]+\.cnf)$")
_SEALED = re.compile(r"(?:^|/)\.?mylogin\.cnf$")
_KEYS = re.compile(r"(?:loose[-_])?(?:password[123]?|master[-_]password|wsrep_sst_auth)")
_HEADER, _LEAST = 24, 40
"""Bytes before the first encrypted line: four unused, the key; and with one line of a cipher block."""
_MOST = 4096
"""Bytes of such a file: it holds a few log-ins."""


class MyCnfReader:
    """Emits one :class:`StoredSecret` for each password; its subject is the user."""

    info = ReaderInfo("my_cnf", "Log-ins of MySQL's programs", (StoredSecret,), ("my.cnf", ".my.cnf", ".mylogin.cnf"))
    signs = Signs(paths=(_PATH, _SEALED))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name."""
        if _SEALED.search(path):
            return Sureness.YES if len(head) >= _LEAST else Sureness.NO
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The user may stand behind the password."""
        if _SEALED.search(source.path) and source.size >= _LEAST:
            body = source.content(_MOST)[_HEADER:]
            keeper = Keeper(source, emit, "my.cnf")
            keeper.tell(SecretKind.APPLICATION, body.hex(), offset=_HEADER, key="mylogin", opens="database", form=SecretForm.RECOVERABLE)
            return
        entries = list(key_file(source.lines()))
        users = {entry.section: unquote(entry.value) for entry in entries if entry.key == "user"}
        for entry in entries:
            if _KEYS.fullmatch(entry.key) and entry.value:
                _tell(Keeper(source, emit, "my.cnf"), entry, users.get(entry.section, ""))


def _tell(keeper: Keeper, entry: Entry, user: str) -> None:
    """``wsrep_sst_auth`` is ``USER:PASSWORD``."""
    value = entry.value if entry.value[0] in "'\"" else re.split(r"\s*#", entry.value, maxsplit=1)[0]
    secret = unquote(value)
    if entry.key == "wsrep_sst_auth":
        user, _, secret = secret.partition(":")
    if secret:
        keeper.tell(SecretKind.APPLICATION, secret, line=entry.line, subject=user, key=entry.key, opens="database")
