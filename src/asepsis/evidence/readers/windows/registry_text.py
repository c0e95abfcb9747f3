"""Exported settings of the Windows registry (``.reg``).

Text as ``regedit`` writes it, UTF-16 since version 5.00, 8-bit as ``REGEDIT4``; Windows CE's build files (``platform.reg``) have neither head nor
version. The codec is in ``protocols/registry/text.py``.

Known ways it lies: a file may be an export, or settings that somebody would merge one day; what is taken away again (``[-KEY]``, ``"Name"=-``) is
not subtracted from what other files set.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.registry.meanings import EMITS, WANTED
from asepsis.evidence.protocols.registry.text import keys
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource

_NAME = re.compile(r"\.reg\Z", re.IGNORECASE)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:Windows Registry Editor Version \d|REGEDIT4)", re.IGNORECASE)
_KEY = re.compile(rb"^\s*\[-?HKEY_", re.IGNORECASE | re.MULTILINE)
_WIDE = b"\xff\xfe"


class RegistryTextReader:
    """Emits what :mod:`asepsis.evidence.protocols.registry.meanings` knows of."""

    info = ReaderInfo("registry_text", "Exported settings of the Windows registry", EMITS, ("*.reg",))
    signs = Signs(paths=(_NAME,), heads=(anywhere("Windows Registry Editor Version", "REGEDIT4"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its first line; without one by name and a key."""
        text = head.replace(b"\0", b"") if head.startswith(_WIDE) else head
        if _HEAD.match(text.removeprefix(_WIDE)):
            return Sureness.YES
        return Sureness.YES if _NAME.search(path) and _KEY.search(text) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Key by key."""
        for words, key in keys(source, source.lines()):
            for meaning in WANTED.at(words):
                meaning(source, key, emit)
