"""Settle accounts after unpacking: which files are left to read, which containers stayed shut, how many bytes were understood, what was tried.

A file out of which something came is a container and is not read again, if at least half of it is containers; its gaps are files then, named
``start-end.unknown``. Otherwise it is a file in which something was found: it is read whole, and its gaps are not read twice. Evidence of this
kind is named as unopened, unless it is of a known format: nobody knows what the rest of it is.

Understood bytes of the evidence are those in containers that opened without loss, in padding (one byte over and over), and in gaps that are text.
An image encoded in records opens, but that makes nothing in it understood.
Evidence without any container is understood if it is text to its end or of a known format (a program, a picture, a certificate). In a directory,
where most files are of some program's own format, a file is understood unless it reads as encrypted or is a container that stayed shut.
"""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from asepsis.guard import encoded, formats
from asepsis.guard.chain import Extraction
from asepsis.guard.limits import GIB
from asepsis.guard.opened import PADDING, UNKNOWN, Opened, Piece
from asepsis.guard.squashfs import superblock
from asepsis.guard.tools import describe_missing
from asepsis.guard.tree import FoundFile, Links, Tree, follow_links, walk
from asepsis.guard.trouble import LINK_ESCAPE, Trouble
from asepsis.model.evidence import Cause, Problem
from asepsis.model.facts import HostileContainer
from asepsis.model.where import Where

GAP_BYTES = 4096
"""A gap up to this size (a header, a checksum, a signature) is not named as unopened; it is read, and not counted as understood."""
OPAQUE_BYTES = 64 * 1024
"""A file of no known format that reads as encrypted is named as unopened from this size on: below it may be a key, a seed, a small table."""
MOST_ENTRIES = 5
_CARVED = re.compile(r"\A\d+-\d+\.(\w+)\Z")
_DECODED = re.compile(r"\Aimage-(?:[0-9a-f]{8}-)?[0-9a-f]{8,}\.bin\Z")
_NESTING = "nesting"


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """A file to read: where its bytes are on this ``host`` and ``where`` they are in the evidence. ``link_names`` are other names it has.

    Of an ``opened`` container only the head has something to say: its bytes are looked at as its members.
    """

    host: Path
    where: Where
    size: int
    executable: bool
    link_names: tuple[str, ...] = ()
    opened: bool = False


@dataclass(slots=True)
class Account:
    """The result of one extraction, filled step by step. ``decoded`` says that it was an encoded image, whose bytes are members now."""

    files: list[UnpackedFile] = field(default_factory=list)
    hostile: list[HostileContainer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unopened: set[str] = field(default_factory=set)
    masked: list[Where] = field(default_factory=list)
    understood: int = 0
    decoded: bool = False

    def problem(self, cause: Cause, where: Where | None, what: str, consequence: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(cause, where, what, consequence))


class Ledger:
    """Books one extraction: what the child said about each file beside what lies on disk.

    ``cut`` says that it ended before its time; ``member`` that the source is one file of a directory, not the evidence itself.
    """

    def __init__(self, extraction: Extraction, opened: list[Opened], account: Account, *, cut: bool, member: bool) -> None:
        self._x, self._account, self._cut, self._member = extraction, account, cut, member
        self._opened = {item.path: item for item in opened}
        self._tree: Tree = walk(extraction.folder)
        self._links: Links = follow_links(self._tree, frozenset(f for f in self._tree.folders if f.endswith(extraction.suffix)))
        self._spoken_of: set[str] = set()
        self._shut_folders: set[str] = set()

    def settle(self, source: FoundFile) -> None:
        """Book everything. ``source`` is the unpacked file itself, its path relative to nothing."""
        for item in self._opened.values():
            self._book_troubles(item)
        self._book_source(source)
        for file in self._tree.files:
            if self._is_left_to_read(file.path):
                self._book_file(file)
            elif self._is_container(file.path):
                self._book_head(file.path, self._x.folder / file.path, file)
        self._book_links()

    # ----- what went wrong

    def _book_troubles(self, item: Opened) -> None:
        self._report(item.path, item.troubles)
        for piece in item.pieces:
            place = self._carved(item, piece)
            if piece.troubles:
                self._report(place, piece.troubles)
            if piece.troubles and (piece.shut or not self._came_out(place)):
                self._shut_folders.add(self._x.inside(place))
                self._leave_shut(place)
        if item.deep:
            where = self._x.where(item.path)
            self._account.hostile.append(HostileContainer(where, _NESTING, item.deep, "nested deeper than unpack_depth"))
            self._account.problem(Cause.LIMIT_REACHED, where, f"a {item.deep} container lies deeper than unpack_depth", "nothing in it was looked at")
            self._leave_shut(item.path)

    def _came_out(self, path: str) -> bool:
        """Whether anything but an empty stub lies where the content of ``path`` should."""
        folder = f"{self._x.inside(path)}/"
        return any(file.size for file in self._tree.files if file.path.startswith(folder)) or any(
            link.startswith(folder) for link in self._tree.links
        )

    def _carved(self, item: Opened, piece: Piece) -> str:
        """The path of a piece: a file of its own if it was cut out, else the file itself."""
        return f"{self._x.inside(item.path)}/{piece.start}-{piece.end}.{piece.handler}" if item.carved else item.path

    def _report(self, path: str, troubles: tuple[Trouble, ...]) -> None:
        """One problem for each kind of trouble, naming its first entries; one fact for each of the first tricks."""
        where = self._x.where(path)
        alike: dict[Trouble, list[str]] = {}
        for item in troubles:
            alike.setdefault(replace(item, entry=""), []).append(item.entry)
        for kind, entries in alike.items():
            self._account.problems.append(_as_problem(kind, where, _names(entries)))
            for entry in dict.fromkeys(entries[:MOST_ENTRIES]) if kind.trick else ():
                self._account.hostile.append(HostileContainer(where, kind.trick, entry, kind.what))
        if troubles:
            self._spoken_of.add(self._x.chain(path))

    def _leave_shut(self, path: str) -> None:
        chain = self._x.chain(path)
        self._account.unopened.add(chain)
        self._spoken_of.add(chain)

    # ----- what is left to read

    def _book_source(self, source: FoundFile) -> None:
        item = self._opened.get("")
        self._account.understood += self._understood(item, source)
        self._account.decoded |= item is not None and any(piece.handler in encoded.READERS and not piece.shut for piece in item.pieces)
        if self._is_container(""):
            if self._member:
                self._book_head("", self._x.source, source)
            return
        self._book_file(source, path="", host=self._x.source)
        if item is not None and item.pieces and not self._member and not self._source_understood(source):
            self._leave_shut("")

    def _is_container(self, path: str) -> bool:
        """Whether the file at ``path`` was opened, so that what came out of it stands for it."""
        item = self._opened.get(path)
        inside = self._x.inside(path)
        return inside in self._tree.folders and inside not in self._shut_folders and (item is None or not item.carved or item.mostly_container)

    def _is_left_to_read(self, path: str) -> bool:
        if self._x.inside(path) in self._tree.folders:
            return not self._is_container(path)
        if path.rsplit("/", 1)[0] in self._shut_folders:
            return False
        owner = self._owner(path)
        kind = _CARVED.match(path.rsplit("/", 1)[-1]) if owner is not None else None
        if kind is None or owner is None:
            return True
        if kind[1] == PADDING:
            return False
        return kind[1] != UNKNOWN or self._is_container(owner)

    def _owner(self, path: str) -> str | None:
        """The file that ``path`` was carved from, if it lies directly in a carving directory."""
        folder = path.rsplit("/", 1)[0]
        if not folder.endswith(self._x.suffix):
            return None
        owner = "" if folder == self._x.top else folder[: -len(self._x.suffix)]
        item = self._opened.get(owner)
        return owner if item is None or item.carved else None

    def _book_file(self, file: FoundFile, *, path: str | None = None, host: Path | None = None) -> None:
        place = file.path if path is None else path
        disk = host or self._x.folder / file.path
        names = (*file.others, *self._links.names.get(file.path, ()))
        where = self._x.where(place)
        self._account.files.append(UnpackedFile(disk, where, file.size, file.executable, tuple(_inner(name, self._x.suffix) for name in names)))
        try:
            self._look(place, disk, file.size)
        except OSError as error:
            self._account.problem(Cause.NOT_PERMITTED, where, f"could not be read: {error.strerror}", "its content was not looked at")

    def _book_head(self, path: str, disk: Path, file: FoundFile) -> None:
        """Have a container looked at itself, if its head says what none of its members does."""
        where = self._x.where(path)
        try:
            speaks = formats.speaks_itself(formats.head_of(disk))
        except OSError as error:
            self._account.problem(Cause.NOT_PERMITTED, where, f"could not be read: {error.strerror}", "its head was not looked at")
            return
        if speaks:
            self._account.files.append(UnpackedFile(disk, where, file.size, file.executable, opened=True))

    def _look(self, path: str, disk: Path, size: int) -> None:
        """Name a file that says it is a container and stayed shut, an unknown gap, or a sealed blob."""
        chain = self._x.chain(path)
        head = formats.head_of(disk)
        gap = path.endswith(f".{UNKNOWN}") and self._owner(path) is not None
        found = formats.container(head)
        if found is not None and chain not in self._spoken_of:
            self._leave_shut(path)
            if not self._cut:
                self._account.problems.append(_shut(found, self._x.where(path)))
        elif ((gap or self._is_decoded(path)) and size > GAP_BYTES and not formats.is_padding(disk) and not formats.is_text(disk)) or (
            size >= OPAQUE_BYTES and formats.is_opaque(disk, size, head)
        ):
            self._leave_shut(path)
        if (gap or path == "") and not self._cut:
            self._look_for_cut_image(disk, self._x.where(path))

    def _is_decoded(self, path: str) -> bool:
        """Whether these are the bytes of an encoded image: machine code, of which nobody says that it is understood."""
        folder, _, name = path.rpartition("/")
        return folder.endswith(self._x.suffix) and _DECODED.match(name) is not None

    def _look_for_cut_image(self, disk: Path, where: Where) -> None:
        """A squashfs header whose image goes on beyond the end of the file: unpackers pass over it in silence."""
        for offset, used, there in _cut_images(disk):
            place = Where(where.evidence, where.path, offset)
            what = f"a squashfs image says it has {used} bytes, but only {there} are there: the evidence is cut short"
            self._account.problem(Cause.BROKEN_INPUT, place, what, "nothing in that image was looked at")

    # ----- how much was understood

    def _understood(self, item: Opened | None, source: FoundFile) -> int:
        if item is None or not item.pieces:
            return self._source_understood(source)
        inside = sum(piece.size for piece in item.pieces if piece.handler not in encoded.READERS and all(found.trick for found in piece.troubles))
        return min(source.size, inside + sum(self._gap_understood(start, end) for start, end in item.unknown))

    def _source_understood(self, source: FoundFile) -> int:
        try:
            head = formats.head_of(self._x.source)
            if self._member:
                known = not formats.is_opaque(self._x.source, source.size, head)
            else:
                known = formats.understood(self._x.source, source.size, head)
        except OSError:
            return 0
        return source.size if known else 0

    def _gap_understood(self, start: int, end: int) -> int:
        gap = self._x.folder / self._x.top / f"{start}-{end}.{UNKNOWN}"
        try:
            return end - start if formats.is_padding(gap) or formats.is_text(gap) else 0
        except OSError:
            return 0

    # ----- links

    def _book_links(self) -> None:
        self._account.masked.extend(self._x.where(link) for link in self._links.to_null)
        for link in self._links.outside:
            where = self._x.where(link)
            self._account.hostile.append(HostileContainer(where, LINK_ESCAPE, self._tree.links[link], "a link that leads out of its file system"))
        _say_links(self._account, [self._x.where(link) for link in self._links.outside], "leads out of its file system")
        _say_links(self._account, [self._x.where(link) for link in self._links.loops], "leads in a circle")


def _say_links(account: Account, places: list[Where], what: str) -> None:
    if places:
        others = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        account.problem(Cause.BROKEN_INPUT, places[0], f"a symbolic link {what}{others}", "it was not followed")


def _inner(name: str, suffix: str) -> str:
    """A hard link's path inside its own container."""
    parts = name.split("/")
    last = max((index for index, part in enumerate(parts) if part.endswith(suffix)), default=-1)
    return "/".join(parts[last + 1 :])


def _names(entries: list[str]) -> str:
    named = [entry for entry in dict.fromkeys(entries) if entry]
    more = f" and {len(named) - MOST_ENTRIES} more" if len(named) > MOST_ENTRIES else ""
    return ", ".join(named[:MOST_ENTRIES]) + more


def _as_problem(trouble: Trouble, where: Where, entries: str) -> Problem:
    loss = "nothing in it was looked at" if trouble.shut else "what did not come out of it was not looked at"
    if trouble.cause is Cause.MISSING_TOOL:
        return Problem(trouble.cause, where, describe_missing(trouble.program), loss)
    if not entries:
        return Problem(trouble.cause, where, trouble.what, loss)
    return Problem(trouble.cause, where, f"{entries}: {trouble.what}", "the rest of the container was looked at")


def _shut(found: formats.Start, where: Where) -> Problem:
    if found.opens:
        return Problem(Cause.BROKEN_INPUT, where, f"begins as {found.name} but does not open: cut short or broken", "nothing in it was looked at")
    return Problem(Cause.MISSING_TOOL, where, f"begins as {found.name}, which nothing here opens", "nothing in it was looked at")


def _cut_images(disk: Path) -> Iterator[tuple[int, int, int]]:
    """Offset, size by its header, and bytes there, of each squashfs 4 image in the first GiB that does not fit into the file."""
    with disk.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = data.find(b"hsqs", 0, GIB)
            while at >= 0:
                block = superblock(data[at : at + 96])
                if block is not None and at + block.bytes_used > size:
                    yield at, block.bytes_used, size - at
                at = data.find(b"hsqs", at + 4, GIB)
