"""A bounded view of one file: every access checks its length, every place is known, every secret goes through redaction."""

from __future__ import annotations

import mmap
import struct
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from asepsis.guard.limits import LimitReached, Limits
from asepsis.guard.redact import Redactor
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.where import Where

T = TypeVar("T")


class OutOfBounds(Exception):
    """A reader asked for bytes that are not in its window: the structure lies about its size."""

    def __init__(self, offset: int, length: int, size: int) -> None:
        """``offset`` and ``length`` as asked, ``size`` as there is, in bytes."""
        super().__init__(f"{length} bytes at {offset} of {size}")
        self.offset = offset


class BoundedSource:
    """The bytes of one file inside the evidence, and its place there.

    ``executable`` is the file's mode bit, ``link_names`` other names (symbolic links) that point at it inside its tree.
    """

    def __init__(
        self,
        data: bytes | mmap.mmap | memoryview,
        place: Where,
        redactor: Redactor,
        limits: Limits,
        *,
        executable: bool = False,
        link_names: tuple[str, ...] = (),
        offset_of: Callable[[int], int] | None = None,
    ) -> None:
        """``data`` is never copied whole; ``place`` is the file's own place, without offset.

        ``offset_of`` says where an offset of ``data`` stands in the file, if they are a decoded copy of it.
        """
        self._data = memoryview(data)
        self._place, self._redactor, self._limits = place, redactor, limits
        self._path = place.member
        self._base, self._position, self._offset_of = 0, 0, offset_of
        self._made: dict[str, Any] = {}
        self.executable, self.link_names = executable, link_names

    @property
    def path(self) -> str:
        """The file's path in its innermost container: ``etc/shadow``."""
        return self._path

    @property
    def size(self) -> int:
        """Bytes in this window."""
        return len(self._data)

    @property
    def limits(self) -> Limits:
        """What looking at this file may cost."""
        return self._limits

    @property
    def buffer(self) -> memoryview:
        """The window's bytes without a copy, for the pattern engine."""
        return self._data

    def where(self, *, offset: int | None = None, line: int | None = None) -> Where:
        """The place of an ``offset`` of this window or of a ``line`` (from 1)."""
        if offset is not None:
            offset = self._offset_of(self._base + offset) if self._offset_of else self._base + offset
        return Where(self._place.evidence, self._place.path, offset, line)

    def copy(self, data: bytes, offset_of: Callable[[int], int]) -> BoundedSource:
        """``data`` that were decoded from this whole file, as if they were it; ``offset_of`` gives the place of one of their bytes."""
        return BoundedSource(
            data, self._place, self._redactor, self._limits, executable=self.executable, link_names=self.link_names, offset_of=offset_of
        )

    def redact(
        self, kind: SecretKind, form: SecretForm, secret: str | bytes, *, known_default: bool | None = None, placeholder: str = ""
    ) -> Redacted:
        """The only way a reader may speak of a secret."""
        return self._redactor.redact(kind, form, secret, known_default=known_default, placeholder=placeholder)

    def content(self, limit: int | None = None) -> bytes:
        """All bytes, if they are no more than ``limit`` (default ``parse_file_bytes``). Raises ``LimitReached``."""
        allowed = self._limits.parse_file_bytes if limit is None else limit
        if self.size > allowed:
            raise LimitReached("parse_file_bytes", allowed, self.size)
        return bytes(self._data)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line number (from 1) and text of each line, ends stripped. Raises ``LimitReached``.

        UTF-8, or UTF-16 with its byte order mark, as Windows programs save; the mark is no part of the text, undecodable bytes become surrogates.
        """
        content = self.content()
        if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            text = content.decode("utf-16", "replace")
        else:
            text = content.removeprefix(BOM_UTF8).decode("utf-8", "surrogateescape")
        for number, line in enumerate(text.split("\n"), 1):
            yield number, line.rstrip("\r")

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, made when the first reader asks and kept as long as this source: it must stay small."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    def window(self, offset: int, length: int) -> BoundedSource:
        """A narrower view. Raises ``OutOfBounds``; a reader narrows instead of checking bounds by hand."""
        if offset < 0 or length < 0 or offset + length > self.size:
            raise OutOfBounds(self._base + offset, length, self.size)
        narrow = BoundedSource(
            self._data[offset : offset + length],
            self._place,
            self._redactor,
            self._limits,
            executable=self.executable,
            link_names=self.link_names,
            offset_of=self._offset_of,
        )
        narrow._base = self._base + offset
        return narrow

    def seek(self, offset: int) -> None:
        """Put the reading position at ``offset``. Raises ``OutOfBounds``."""
        if not 0 <= offset <= self.size:
            raise OutOfBounds(self._base + offset, 0, self.size)
        self._position = offset

    def take(self, length: int) -> bytes:
        """The next ``length`` bytes. Raises ``OutOfBounds``."""
        part = self.window(self._position, length)
        self._position += length
        return bytes(part.buffer)

    def unpack(self, layout: struct.Struct) -> tuple[int, ...]:
        """The next structure. Raises ``OutOfBounds``."""
        return layout.unpack(self.take(layout.size))
