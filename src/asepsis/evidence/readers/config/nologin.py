"""``/etc/nologin``, ``/run/nologin``: while it is there, only root is let in.

That the file is there is all (nologin(5)); its text is shown to whoever is refused. What heeds it is settled in
:mod:`asepsis.evidence.protocols.log_in_rules`.

Known ways it lies: whatever asks neither PAM nor is sshd may let everybody in; the file is made and taken away while the device runs.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)(?:etc|run|var/run)/nologin$")


class NologinReader:
    """Emits a :class:`LogInPolicy` for the file."""

    info = ReaderInfo("nologin", "Whether only root may log in", (LogInPolicy,), ("etc/nologin", "run/nologin", "var/run/nologin"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only: an empty file means the same."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The text is not looked at."""
        emit(LogInPolicy(source.where(), "nologin", "only root"))
