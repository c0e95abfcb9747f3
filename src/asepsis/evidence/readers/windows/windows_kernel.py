"""Which Windows it is, by its own files: the kernel's version resource, Windows CE's images.

``ntoskrnl.exe`` and its kin carry the version of the system in their version resource (``protocols/pe_version.py``): 5.1 XP, 5.2 Server 2003, 6.0
Vista, 6.1 7, 6.2 8, 6.3 8.1, 10.0 with the build from Windows 10 on. Windows CE: ``nk.exe`` and ``coredll.dll`` likewise; ``NK.bin`` begins with
``B000FF`` and a line feed, and is compressed.

Known ways it lies: the kernel of a build is the same for all its editions, servers and embedded systems included, which live longer or shorter; from
10.0.19041 on several releases share one number.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.pe_version import MAGIC, Version, version_of
from asepsis.evidence.protocols.windows_release import EMBEDDED, Release, known, release
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import OperatingSystem
from asepsis.model.where import Where

_KERNEL = re.compile(r"(?:^|/)(?:ntoskrnl|ntkrnlpa|ntkrnlmp|ntkrpamp)\.exe$", re.IGNORECASE)
_CE = re.compile(r"(?:^|/)(?:nk\.exe|nknodbg\.exe|kern\.dll|coredll\.dll|k\.coredll\.dll)$", re.IGNORECASE)
_CE_IMAGE = b"B000FF\n"
_CE_LINES = {4: "ce-4", 5: "ce-5", 6: "ce-6", 7: "compact-7", 8: "compact-2013"}
_CE_NAME = re.compile(r"windows (?:ce|embedded compact)|microsoft.{0,16}windows ce", re.IGNORECASE)


class WindowsKernelReader:
    """Emits the :class:`OperatingSystem`."""

    info = ReaderInfo("windows_kernel", "The kernel of Windows and Windows CE", (OperatingSystem,), ("ntoskrnl.exe", "nk.exe", "NK.bin"))
    signs = Signs(paths=(_KERNEL, _CE), heads=(begins(_CE_IMAGE),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and first bytes."""
        if head.startswith(_CE_IMAGE):
            return Sureness.YES
        return Sureness.YES if head.startswith(MAGIC) and (_KERNEL.search(path) or _CE.search(path)) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if no version resource can be followed."""
        where = source.where(offset=0)
        if bytes(source.buffer[: len(_CE_IMAGE)]) == _CE_IMAGE:
            emit(_fact(where, known(EMBEDDED, "ce")))
            return
        version = version_of(source)
        found = _system(source.path, version) if version else None
        if found is None:
            raise NotThisFormat
        emit(_fact(where, found))


def _fact(where: Where, found: Release) -> OperatingSystem:
    return OperatingSystem(where, found.name, found.version, found.product)


def _system(path: str, version: Version) -> Release | None:
    major, minor, build, _ = version.product if any(version.product) else version.file
    if _CE.search(path):
        ce = _CE_NAME.search(version.texts.get("ProductName", "")) is not None
        return known(EMBEDDED, _CE_LINES.get(major, "ce")) if ce else None
    return release("", f"{major}.{minor}", build, server=False) or Release("Windows", f"{major}.{minor}.{build}", "")
