"""``dicom.ini``: the settings of the Conquest DICOM server.

INI, section ``[sscscp]``: ``MyACRNema`` (its AE title), ``TCPPort``, and the database's ``SQLServer``, ``Username``, ``Password`` (Conquest DICOM
server manual). The server takes images from every caller unless it is told otherwise by a script; TLS is not part of it.

Known ways it lies: ``ImportConverter`` and rejection scripts narrow what is taken; the database may be a file that asks for nothing.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Gives, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)dicom\.ini$", re.IGNORECASE)
_SIGN = re.compile(rb"(?mi)^\s*(?:\[sscscp\]|MyACRNema\s*=)")


class ConquestReader:
    """Emits the :class:`Service` ``dicom`` and a :class:`StoredSecret` for the database's password."""

    info = ReaderInfo("conquest", "Configuration of the Conquest DICOM server", (Service, StoredSecret), ("dicom.ini",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a word of its own in the head."""
        return Sureness.YES if _PATH.search(path) and _SIGN.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The last line of a setting counts."""
        entries = {entry.key.lower(): entry for entry in key_file(source.lines(), comments="#;*")}
        if not {"myacrnema", "tcpport"} & entries.keys():
            raise NotThisFormat
        at = entries.get("tcpport") or entries["myacrnema"]
        port = port_of(at.value) if "tcpport" in entries else None
        title = entries["myacrnema"].value[:16] if "myacrnema" in entries else ""
        emit(
            Service(
                source.where(line=at.line),
                "dicom",
                "dgate",
                Auth.NONE,
                encrypted=False,
                port=port or 5678,
                gives=Gives.RECORD,
                detail="any caller may store and query images; an AE title is no password",
                confidence=Confidence.LIKELY,
                subject=title,
            )
        )
        secret = entries.get("password")
        if secret and secret.value:
            user = entries["username"].value[:64] if "username" in entries else ""
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret.value)
            emit(StoredSecret(source.where(line=secret.line), redacted, "conquest", user, "Password", "database"))
