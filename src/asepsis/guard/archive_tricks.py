"""Write an archive's entries under one directory, whatever they try, and say what they tried.

Nothing is dropped for trying: an entry that wants out is read all the same, under ``outside-the-archive/``, so that what an attacker hides is seen.
Links are made last, so that no entry is ever written through one.

| entry | becomes | trick |
|---|---|---|
| ``/etc/passwd`` | ``etc/passwd`` | absolute-path |
| ``../../etc/passwd`` | ``outside-the-archive/etc/passwd`` | path-traversal |
| ``x/passwd`` after a link ``x`` | ``x/passwd``, a plain directory | link-escape |
| hard link to ``/etc/shadow`` or ``../x`` | nothing | link-escape |
| device outside a directory called dev… | nothing | device-node |
| a second ``a`` with other content | ``a``; the first becomes ``a#1`` | none, a problem |
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from asepsis.guard import trouble
from asepsis.guard.members import BROKEN, Entry, Member
from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause

OUTSIDE = "outside-the-archive"
UNKNOWN_METHOD = "is packed with a method this reader does not know"
UNNAMED = "entries-without-a-usable-name"
_LONGEST_NAME = 240
_DRIVE = re.compile(r"\A[A-Za-z]:[\\/]")
_BLOCK = 1 << 20


class Writer:
    """Writes the entries of one archive under ``root``, which exists and is empty. ``troubles`` fills up on the way."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.troubles: list[Trouble] = []
        self._links: dict[tuple[str, ...], str] = {}
        self._hard_links: list[tuple[str, tuple[str, ...], str]] = []
        self._unnamed = 0

    def write(self, entries: Iterable[Entry]) -> None:
        """All entries; an entry that cannot be read or written is a trouble, and the next one follows. Raises ``OSError`` for a full disk only."""
        for entry in entries:
            if isinstance(entry, Trouble):
                self.troubles.append(entry)
                continue
            try:
                self._write(entry)
            except NotImplementedError:
                self._report(Cause.BROKEN_INPUT, UNKNOWN_METHOD, entry.name)
            except BROKEN:
                self._report(Cause.BROKEN_INPUT, "is broken; only what came before the break was read", entry.name)
            except OSError as error:
                self._failed(error, entry.name)
        self._make_hard_links()
        self._make_links()

    def _write(self, member: Member) -> None:
        parts = self._place(member)
        if not parts:
            return
        if member.kind == "directory":
            self._folder(parts)
        elif member.kind == "file":
            self._file(parts, member)
        elif member.kind == "link":
            self._links[parts] = member.target
        elif member.kind == "hardlink":
            self._hard_links.append((member.name, parts, member.target))
        elif member.kind == "device" and not in_device_folder(member.name):
            self._report(Cause.NOT_PERMITTED, "is a device node; it was not made", member.name, trouble.DEVICE_NODE)

    def _place(self, member: Member) -> tuple[str, ...]:
        """Where the entry goes, and what its name tried. Empty for the archive's own root."""
        name = member.name
        if name.startswith("/") or _DRIVE.match(name):
            self._report(Cause.NOT_PERMITTED, "has an absolute path; it was read inside the archive", name, trouble.ABSOLUTE_PATH)
        parts, escaped = normalise(name)
        if escaped or normalise(name.replace("\\", "/"))[1]:
            self._report(Cause.NOT_PERMITTED, f"wants out of the archive; it was read under {OUTSIDE}", name, trouble.PATH_TRAVERSAL)
        if any(parts[:depth] in self._links for depth in range(1, len(parts))):
            self._report(Cause.NOT_PERMITTED, "lies behind a link of the same archive; the link was not followed", name, trouble.LINK_ESCAPE)
        if any(len(os.fsencode(part)) > _LONGEST_NAME for part in parts) or len(os.fsencode(name)) > _LONGEST_NAME * 12:
            self._unnamed += 1
            self._report(Cause.LIMIT_REACHED, f"has a name beyond path_bytes; it was read under {UNNAMED}", name[:80])
            return (UNNAMED, str(self._unnamed))
        return (OUTSIDE, *parts) if escaped else parts

    def _path(self, parts: tuple[str, ...]) -> Path:
        return self._root.joinpath(*parts)

    def _folder(self, parts: tuple[str, ...]) -> None:
        """Make a directory and those above; a plain file in the way is moved aside."""
        for depth in range(1, len(parts) + 1):
            path = self._path(parts[:depth])
            try:
                path.mkdir(mode=0o700)
            except FileExistsError:
                if not stat.S_ISDIR(path.lstat().st_mode):
                    self._set_aside(path, "/".join(parts))
                    path.mkdir(mode=0o700)

    def _file(self, parts: tuple[str, ...], member: Member) -> None:
        self._folder(parts[:-1])
        path = self._path(parts)
        if path.is_dir():
            path = path / f"{parts[-1]}#file"
        fresh = path.with_name(f"{path.name}#new") if os.path.lexists(path) else path
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o700 if member.executable else 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                for block in member.content():
                    out.write(block)
        except NotImplementedError:
            fresh.unlink()  # leave the place to a reader that knows the method
            raise
        if fresh != path:
            if _same(fresh, path):
                fresh.unlink()
                return
            self._set_aside(path, member.name)
            fresh.rename(path)

    def _set_aside(self, path: Path, name: str) -> None:
        number = 1
        while os.path.lexists(older := path.with_name(f"{path.name}#{number}")):
            number += 1
        path.rename(older)
        self._report(Cause.BROKEN_INPUT, "stands in the archive more than once with different content; each was read", name)

    def _make_hard_links(self) -> None:
        for name, parts, target in self._hard_links:
            wanted, escaped = normalise(target)
            if escaped or target.startswith("/"):
                self._report(Cause.NOT_PERMITTED, "is a hard link out of the archive; it was not made", name, trouble.LINK_ESCAPE)
                continue
            source = self._path(wanted)
            try:
                if not wanted or not stat.S_ISREG(source.lstat().st_mode):
                    raise FileNotFoundError(errno.ENOENT, "no such entry")
                self._folder(parts[:-1])
                os.link(source, self._path(parts), follow_symlinks=False)
            except FileExistsError:
                continue
            except OSError as error:
                self._failed(error, name, "is a hard link to an entry that is not there")

    def _make_links(self) -> None:
        for parts, target in self._links.items():
            try:
                self._folder(parts[:-1])
                if target and not os.path.lexists(self._path(parts)):
                    self._path(parts).symlink_to(target)
            except (OSError, ValueError) as error:
                self._failed(error, "/".join(parts), "is a link that could not be made")

    def _failed(self, error: Exception, name: str, otherwise: str = "") -> None:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise error
        found = trouble.diagnose("the archive reader", f"[Errno {getattr(error, 'errno', 0)}] {error}")
        what = otherwise if found.cause is Cause.BROKEN_INPUT and otherwise else found.what
        self._report(found.cause, what, name)

    def _report(self, cause: Cause, what: str, entry: str, trick: str = "") -> None:
        if len(self.troubles) < trouble.MOST_OF_ONE_CONTAINER:
            self.troubles.append(Trouble(cause, what, entry, trick))


def normalise(name: str) -> tuple[tuple[str, ...], bool]:
    """The parts of a path without ``.`` and ``..``, and whether it climbed above its start on the way."""
    parts: list[str] = []
    escaped = False
    for part in name.split("/"):
        if part == "..":
            escaped = escaped or not parts
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part.replace("\0", ""))
    return tuple(parts), escaped


def in_device_folder(name: str) -> bool:
    """Device nodes under ``dev``, ``lib/udev/devices`` and the like belong to every root file system; elsewhere they are a trick."""
    return any(part.startswith("dev") for part in name.split("/")[:-1])


def _same(one: Path, other: Path) -> bool:
    if not stat.S_ISREG(other.lstat().st_mode) or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while block := left.read(_BLOCK):
            if block != right.read(_BLOCK):
                return False
    return True
