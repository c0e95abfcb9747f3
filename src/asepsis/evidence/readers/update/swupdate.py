"""SWUpdate: the settings of the client (``swupdate.cfg``) and the description of an update (``sw-description``).

libconfig text. ``public-key-file`` in the client's ``globals``, or ``-k FILE`` on its command line, names the key that an update must be signed
with; a client built for signed images refuses to start without one. In a signed update every image has a ``sha256``, since the signature covers
only the description (SWUpdate documentation, "Update images from verified source"): a description without any comes from updates that are not
signed.

Known ways it lies: the signature itself (``sw-description.sig``) lies beside the description and is not looked at; the client's own build decides.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)(?:swupdate\.cfg|sw-description|swupdate/conf\.d/[^/]+|etc/default/swupdate)$")
_KEY = re.compile(r"\s*public-key-file\s*=\s*\"[^\"]+\"")
_OPTION = re.compile(r"^[^#]*\bSWUPDATE_ARGS\b.*\s(?:-k|--key)[ =]")
_SHA = re.compile(r"\s*sha256\s*[=:]")
_FILE = re.compile(r"\s*\{?\s*filename\s*[=:]")
_LINE = 1024
_SIGN = re.compile(rb"(?m)^\s*(?:software|globals|\{)|SWUPDATE_ARGS")


class SwupdateReader:
    """Emits the :class:`UpdateMechanism` ``swupdate``."""

    info = ReaderInfo("swupdate", "Settings and descriptions of SWUpdate", (UpdateMechanism,), ("swupdate.cfg", "sw-description"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a word of its own in the head."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _SIGN.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """A description by its images, settings by their key."""
        if source.path.endswith("sw-description"):
            rows = [(number, line[:_LINE]) for number, line in source.lines()]
            files = [number for number, row in rows if _FILE.match(row)]
            if not files:
                raise NotThisFormat
            hashed = any(_SHA.match(row) for _, row in rows)
            emit(UpdateMechanism(source.where(line=files[0]), "swupdate", Zone.TOUCH, signature_checked=None if hashed else False))
            return
        line = next((number for number, row in source.lines() if _KEY.match(row[:_LINE]) or _OPTION.match(row[:_LINE])), 0)
        emit(UpdateMechanism(source.where(line=line or 1), "swupdate", Zone.TOUCH, signature_checked=True if line else None))
