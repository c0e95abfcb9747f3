"""Symantec pcAnywhere: ``.BHF`` (how the device waits for callers), ``.CIF`` (who may call, with the password).

Binary files of an unpublished format in ``…/pcAnywhere/Hosts``. The password of a caller is only scrambled with a fixed chain, which public tools
undo. The product ended in 2014; its host listens on ports 5631 and 5632.

Known ways it lies: files of old versions stay behind; whether the host is started shows in the services of Windows.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Component, Confidence, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)[^/]*pcanywhere[^/]*/(?:[^/]+/)*[^/]+\.(bhf|cif)$", re.IGNORECASE)
MOST_BYTES = 64 * 1024
"""A caller's file has some hundred bytes."""


class PcanywhereReader:
    """Emits the :class:`Service` ``remote-support``, the :class:`Component`, and a :class:`StoredSecret` for each caller."""

    info = ReaderInfo("pcanywhere", "Hosts and callers of pcAnywhere", (Service, StoredSecret, Component), ("*.bhf", "*.cif"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name."""
        return Sureness.YES if head and _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Nothing inside is taken apart."""
        found = _PATH.search(source.path)
        where = source.where(offset=0)
        if found and found[1].lower() == "cif":
            redacted = source.redact(SecretKind.REMOTE_SUPPORT, SecretForm.RECOVERABLE, source.content(MOST_BYTES))
            caller = source.path.rsplit("/", 1)[-1].rpartition(".")[0]
            emit(StoredSecret(where, redacted, "pcanywhere", caller[:64], "caller", "remote-support", Confidence.LIKELY))
            return
        emit(Component(where, "pcAnywhere", "", "pcanywhere", "host file", Confidence.LIKELY))
        emit(Service(where, "remote-support", "awhost32.exe", Auth.PASSWORD, encrypted=None, port=5631, detail="pcAnywhere"))
