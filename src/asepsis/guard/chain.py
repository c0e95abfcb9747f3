"""From a place on disk to the container chain: ``pump.bin!65536-3342340.squashfs_v4_le!etc/shadow``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from asepsis.model.where import CHAIN, Where

_STREAM = re.compile(r"\A[a-z0-9]+\.uncompressed\Z")
_CARVED = re.compile(r"\A\d+-\d+\.\w+\Z")
_STREAM_EXTENSIONS = (".gz", ".bz2", ".xz", ".lzma", ".zst", ".lz4", ".lz", ".Z")
_SHORT_EXTENSIONS = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


@dataclass(frozen=True, slots=True)
class Extraction:
    """One file that was unpacked: ``source`` into ``folder``, where ``suffix`` marks a directory that holds what came out of a container.

    ``prefix`` is the chain of the source itself: the evidence's name, or its path in a directory. The suffix is derived from the evidence's own
    digest, so that no archive can hold a directory that passes for one of ours.
    """

    evidence: str
    source: Path
    folder: Path
    suffix: str
    prefix: str

    @property
    def top(self) -> str:
        """The directory of what came out of the source, relative to ``folder``."""
        return f"{self.source.name}{self.suffix}"

    def inside(self, path: str) -> str:
        """Where what came out of the file at ``path`` (relative to ``folder``, empty for the source) lies, relative to ``folder``."""
        return f"{path}{self.suffix}" if path else self.top

    def where(self, path: str, offset: int | None = None) -> Where:
        """The place of the file at ``path``, relative to ``folder``; empty for the source."""
        return Where(self.evidence, self.chain(path), offset)

    def chain(self, path: str) -> str:
        """The chain of the file at ``path``. A single compressed stream is called after its container: ``rootfs.tar.bz2!rootfs.tar``."""
        elements, member = [self.prefix], list[str]()
        for part in path.split("/")[1:] if path else ():
            opened = part.endswith(self.suffix)
            name = part[: -len(self.suffix)] if opened else part
            if not member and _STREAM.match(name):
                name = _unpacked_name(elements[-1].rsplit("/", 1)[-1]) or name
            member.append(quote(name))
            if opened:
                elements.append("/".join(member))
                member = []
        return CHAIN.join([*elements, "/".join(member)] if member else elements)


def quote(name: str) -> str:
    """A ``!`` in a file's own name becomes ``%21``, so that no file passes for a member of a container that is not there."""
    return name.replace(CHAIN, "%21")


def _unpacked_name(container: str) -> str:
    if _CARVED.match(container):
        return ""
    for extension in _STREAM_EXTENSIONS:
        if container.endswith(extension) and container != extension:
            return container[: -len(extension)]
    for extension, longer in _SHORT_EXTENSIONS.items():
        if container.endswith(extension):
            return container[: -len(extension)] + longer
    return ""
