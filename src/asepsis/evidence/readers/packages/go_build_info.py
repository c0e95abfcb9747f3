r"""Programs written in Go: the version of Go and every module, out of the build information that the linker puts into them.

Package ``debug/buildinfo`` of Go's library describes it::

    0  FF ' Go buildinf:'  14 size of a pointer  15 flags: 1 big-endian, 2 since Go 1.18
       since 1.18     32  length (varint) version  length (varint) modules
       before         16  pointer to a string's header  pointer to another's: address and length of version and modules
    modules   16 bytes, lines of words between tabs (``mod`` the program's own, ``dep`` a module, ``=>`` what stands in for the line above), 16 bytes

Known ways it lies: a module that is replaced by a folder of its makers has no version; ``(devel)`` is none; a module of which no function is called
is listed all the same; the magic stands in programs that read this themselves.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols import elf, pe
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource, OutOfBounds
from asepsis.model.facts import Component, Confidence
from asepsis.model.where import Where

_BIG_ENDIAN, _INLINE = 1, 2
_LONGEST = 4 * MIB
_VERSION = re.compile(r"go(\d+\.\d+[\w.]*)")
_SENTINEL = 16
_WORDS = 3
_METHOD = "build information"
OffsetOf = Callable[[int], int | None]


class GoBuildInfoReader:
    """Emits a :class:`Component` for Go's own library and for each module."""

    info = ReaderInfo("go_build_info", "Modules of programs written in Go", (Component,), ("ELF", "PE"))
    patterns = (Pattern("go build info", rb"\xff Go buildinf:", before=16, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """The first place that leads to a version; a place that leads nowhere is the magic alone."""
        for match in matches:
            try:
                version, modules = _texts(source, match.start)
            except OutOfBounds:
                continue
            found = _VERSION.match(version)
            if found is None:
                continue
            where = source.where(offset=match.start)
            library = purl("golang", "stdlib", found[1])
            emit(Component(where, "Go", found[1], method=_METHOD, confidence=Confidence.CONFIRMED, purl=library, supplier="Google"))
            for name, number in _modules(modules):
                emit(_component(where, name, number))
            return


def _component(where: Where, module: str, number: str) -> Component:
    space, _, name = module.rpartition("/")
    version = "" if number == "(devel)" else number
    url = purl("golang", name, version, namespace=space)
    return Component(where, module[:128], version.removeprefix("v")[:128], method=_METHOD, confidence=Confidence.CONFIRMED, purl=url)


def _texts(source: BoundedSource, start: int) -> tuple[str, str]:
    """Version and modules. Raises ``OutOfBounds``."""
    size, flags = source.window(start + 14, 2).buffer
    if flags & _INLINE:
        version, at = _counted(source, start + 32)
        modules, _ = _counted(source, at)
        return version, modules
    if size not in {4, 8}:
        return "", ""
    layout = struct.Struct((">" if flags & _BIG_ENDIAN else "<") + ("II" if size == 4 else "QQ"))  # noqa: PLR2004
    offset_of = _addresses(source)
    first, second = layout.unpack(source.window(start + 16, layout.size).buffer)
    return _pointed(source, layout, offset_of, first), _pointed(source, layout, offset_of, second)


def _counted(source: BoundedSource, at: int) -> tuple[str, int]:
    """A text behind its length, seven bits a byte, and where it ends."""
    length = shift = 0
    for _ in range(5):
        byte = source.window(at, 1).buffer[0]
        length |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last one
            break
    return _text(source, at, length), at + length


def _pointed(source: BoundedSource, layout: struct.Struct, offset_of: OffsetOf, address: int) -> str:
    """The text that the header at ``address`` describes."""
    header = offset_of(address)
    if header is None:
        return ""
    begin, length = layout.unpack(source.window(header, layout.size).buffer)
    place = offset_of(begin)
    return "" if place is None else _text(source, place, length)


def _text(source: BoundedSource, at: int, length: int) -> str:
    return bytes(source.window(at, length).buffer[:_LONGEST]).decode("latin-1")


def _addresses(source: BoundedSource) -> OffsetOf:
    """Where in the file an address of the running program lies."""
    try:
        program, windows = elf.parse(source.buffer), pe.parse(source.buffer)
    except Malformed:
        return lambda _: None
    if program is not None:
        return program.offset_of
    return (lambda address: windows.offset_of(address - windows.base)) if windows is not None else lambda _: None


def _modules(text: str) -> Iterator[tuple[str, str]]:
    """Path and version of each module, as it was built in."""
    waiting: tuple[str, str] | None = None
    for line in text[_SENTINEL:-_SENTINEL].encode("latin-1").decode("utf-8", "replace").split("\n"):
        word, *rest = line.split("\t")
        if word == "=>" and len(rest) >= _WORDS - 1 and rest[1]:
            waiting = rest[0], rest[1]
        elif word in {"mod", "dep"} and len(rest) >= _WORDS - 1:
            yield from [waiting] if waiting else []
            waiting = rest[0], rest[1]
    yield from [waiting] if waiting else []
