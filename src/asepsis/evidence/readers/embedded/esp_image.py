"""The application image of an ESP32: which version of its operating system (ESP-IDF with FreeRTOS) it was built with.

::

    0  E9   1  segments   2  flash settings   4  entry   24  load address and size of the first segment   32  esp_app_desc
    esp_app_desc:  0  32 54 CD AB   4  secure version   16  version[32]   48  project[32]   80  time[16]   96  date[16]   112  idf_ver[32]

Little-endian; found wherever it lies in a flash dump. Source: ESP-IDF Programming Guide, "App Image Format", 4.4 to 5.3.

Known ways it lies: ``idf_ver`` is what ``git describe`` said in the maker's tree, with changes of its own behind it (``v4.4.2-dirty``); an old image
may lie in the second of two update slots.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import OperatingSystem

_DESCRIPTOR = 32
_IDF_VERSION = slice(_DESCRIPTOR + 112, _DESCRIPTOR + 144)
_VERSION = re.compile(rb"v?(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?:-[\x21-\x7e]*)?\0")


class EspImageReader:
    """Emits an :class:`OperatingSystem` for each version of ESP-IDF."""

    info = ReaderInfo("esp_image", "ESP-IDF version of ESP32 images", (OperatingSystem,), ("ESP32 application images in any file",))
    patterns = (Pattern("esp image", rb"\xe9[\x01-\x10].{30}\x32\x54\xcd\xab", before=36, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each version counts once, at its first place."""
        seen: set[str] = set()
        for match in matches:
            found = _VERSION.match(bytes(source.buffer[match.start : match.start + _IDF_VERSION.stop])[_IDF_VERSION] + b"\0")
            version = found.group(1).decode("ascii") if found else ""
            if version and version not in seen:
                seen.add(version)
                emit(OperatingSystem(source.where(offset=match.start + _IDF_VERSION.start), "ESP-IDF", version, "esp-idf"))
