"""The recordings in a phone's bug report, or in any zip archive (.ZIP File Format Specification).

Each is read as it is inflated; nothing is unpacked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from asepsis.guard.members import BROKEN, Member, zip_members

MAGIC = b"PK\x03\x04"
MOST = 64
"""Recordings of one archive."""
_NAMES = ("btsnoop", "btsnooz", "bugreport-")
_ENDINGS = (".pklg", ".pcap", ".pcapng", ".btsnoop")
_NOT_RECORDINGS = (".zip", ".png", ".html")


class _Member(RawIOBase):
    """A member of an archive as a stream. One that is broken ends, and says so."""

    def __init__(self, member: Member, complain: Callable[[str], None]) -> None:
        super().__init__()
        self._blocks, self._ahead = member.content(), b""
        self._name, self._complain = member.name, complain

    def read(self, length: int = -1, /) -> bytes:
        """At most ``length`` bytes, nothing at the end."""
        if not self._ahead:
            try:
                self._ahead = next(self._blocks, b"")
            except BROKEN:
                self._complain(f"{self._name!r} in the archive is broken: it was read as far as it goes")
                self._blocks = iter(())
        given, self._ahead = self._ahead[:length], self._ahead[length:]
        return given


def recordings(path: Path, complain: Callable[[str], None]) -> Iterator[tuple[str, BinaryIO]]:
    """Name and bytes of every member that looks like a recording by its name. Raises ``OSError``."""
    found = 0
    try:
        for member in zip_members(path):
            if not isinstance(member, Member) or member.kind != "file" or not _is_recording(member.name):
                continue
            found += 1
            if found > MOST:
                complain(f"more than {MOST} recordings are in the archive")
                return
            yield member.name, cast("BinaryIO", _Member(member, complain))
    except BROKEN:
        complain("is no whole zip archive: cut short or broken")
        return
    if not found:
        complain("no recording of Bluetooth traffic is in this archive")


def _is_recording(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    return (name.startswith(_NAMES) and not name.endswith(_NOT_RECORDINGS)) or name.endswith(_ENDINGS)
