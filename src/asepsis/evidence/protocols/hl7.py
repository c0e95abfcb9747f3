r"""HL7 v2 messages, taken apart (HL7 Version 2.9, chapter 2: 2.5 delimiters, 2.7 escapes, 2.10.3 batches; chapter 2A: data types). No I/O.

A message is lines that end in a carriage return, each a segment of three letters and fields; the first, ``MSH``, defines the characters that part
fields, components, repetitions and sub-components, and the one that begins an escape. Nothing is taken for granted: neither ``|^~\&``, nor the
character set (MSH-18), nor that lines end as they should. Segments are decoded and split only when somebody asks for them, and never into more
parts than the bounds below; what these leave unread is told by :attr:`Message.notes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from asepsis.evidence.protocols.hl7_text import Delimiters, codec_of, decode, fits, unescape

MOST_SEGMENTS = 20_000
"""Segments of one message that are looked at; a ward's longest report has some hundred."""
MOST_FIELDS = 512
"""Fields of one segment; the standard's longest (IN1, OM1) have below 80."""
MOST_PARTS = 1_024
"""Repetitions of a field, or components of one, that are told apart."""

_HEADERS = frozenset({"MSH", "FHS", "BHS"})
_BOUNDARY = re.compile(rb"(?:(?<=[\r\n\x0b])|(?<=\xef\xbb\xbf)|\A)(?:MSH|FHS|BHS|BTS|FTS)(?![A-Za-z0-9])")
_ROUND_IT = b"\r\n\0 \t\x0b\x1c"
_MARK = b"\xef\xbb\xbf"
_NAMES = (b"MSH", b"FHS", b"BHS", b"BTS", b"FTS")
_LINE_END = re.compile(rb"[\r\n]")


class Broken(Exception):
    """These bytes are no HL7 v2 message: ``what`` says why (without content), ``offset`` where."""

    def __init__(self, what: str, offset: int) -> None:
        """What is wrong, where."""
        super().__init__(f"{what} (at byte {offset})")
        self.what, self.offset = what, offset


class Segment:
    """One segment; ``name`` is its three letters. Fields, components, sub-components and repetitions count from 1, as the standard counts them."""

    __slots__ = ("_fields", "_raw", "codec", "marks", "name")

    def __init__(self, raw: bytes, marks: Delimiters, codec: str) -> None:
        """Its bytes without the carriage return, of which nothing is decoded yet; the delimiters and the character set of its message."""
        self.name = raw[:3].decode("ascii", "replace")
        self._raw, self.marks, self.codec = raw, marks, codec
        self._fields: list[str] | None = None

    def text(self, n: int, component: int = 1, sub: int = 1, repeat: int = 1) -> str:
        """A sub-component of field ``n``, unescaped; empty if it is absent, ``""`` (two quotation marks) if the sender says that it has none."""
        if n <= 2 and self.name in _HEADERS:  # noqa: PLR2004 - the two fields that define the delimiters are not taken apart by them
            return self._field(n) if (component, sub, repeat) == (1, 1, 1) else ""
        part, marks = self._field(n), self.marks
        if not part or part.isalnum():  # nothing to take apart, as in most fields
            return part if component == sub == repeat == 1 else ""
        part = _nth(_nth(_nth(part, marks.repetition, repeat), marks.component, component), marks.sub, sub)
        return unescape(part, marks, self.codec) if marks.escape and marks.escape in part else part

    def parts(self, n: int, repeat: int = 1) -> list[str]:
        """The components of field ``n``, unescaped, with their sub-components as they stand; empty if the field is absent."""
        text, marks = _nth(self._field(n), self.marks.repetition, repeat), self.marks
        if not text:
            return []
        found = _split(text, marks.component, MOST_PARTS)
        return [unescape(part, marks, self.codec) for part in found] if marks.escape and marks.escape in text else found

    def whole(self, n: int) -> str:
        """All of field ``n`` as it stands, with its delimiters and escapes."""
        return self._field(n)

    def some(self, numbers: tuple[int, ...]) -> tuple[str, ...]:
        """The same of several fields at once."""
        self._field(0)
        fields = self._fields or []
        return tuple([fields[n] if n < len(fields) else "" for n in numbers])

    def repeats(self, n: int) -> int:
        """How many repetitions field ``n`` has: 0 if it is absent or empty."""
        text = self._field(n)
        return 1 + (text.count(self.marks.repetition) if self.marks.repetition else 0) if text else 0

    def null(self, n: int) -> bool:
        """Whether field ``n`` is HL7's null, ``""``: not left out but to be deleted (2.5.3)."""
        return self._field(n) == '""'

    @property
    def crowded(self) -> bool:
        """Whether it has more fields than are told apart."""
        return self._raw.count(self.marks.field.encode()) > MOST_FIELDS

    def _field(self, n: int) -> str:
        fields = self._fields
        if fields is None:
            fields = self._fields = _split(decode(self._raw, self.codec), self.marks.field, MOST_FIELDS + 1)[: MOST_FIELDS + 1]
            if self.name in _HEADERS:
                fields.insert(1, self.marks.field)  # MSH-1 is the very character that parts MSH from MSH-2
        return fields[n] if 0 < n < len(fields) else ""


class Message:
    """One message. Nothing of it is checked against the standard's tables: what the sender says is told as it was said."""

    __slots__ = ("_codec", "_end", "_raw", "_receiver", "_segments", "_sender", "delimiters", "header", "kind")

    def __init__(self, raw: bytes, marks: Delimiters) -> None:
        """The bytes from MSH on, and the delimiters that MSH defines.

        ``header`` is MSH, ``kind`` message code and trigger event (MSH-9.1, 9.2): ``("ORU", "R01")``.
        """
        self._raw, self.delimiters = raw, marks
        self._codec = codec_of(_character_sets(raw, marks))
        self._end = _segment_end(marks.field)
        end = self._end.search(raw)
        self.header = self._segment(raw[: end.start()].rstrip(b"\r\n") if end else raw)
        self.kind = self.header.text(9, 1), self.header.text(9, 2)
        self._segments: list[Segment] | None = None
        self._sender: str | None = None
        self._receiver: str | None = None

    @property
    def segments(self) -> list[Segment]:
        """All segments in order, MSH first: one list for all who ask. A line that begins no segment belongs to the one before it."""
        if self._segments is None:
            lines = self._end.split(self._raw, maxsplit=MOST_SEGMENTS)[1:MOST_SEGMENTS]
            self._segments = [self.header, *[self._segment(line.rstrip(b"\r\n")) for line in lines]]
        return self._segments

    def all(self, name: str) -> list[Segment]:
        """The segments of one name, in order."""
        return [segment for segment in self.segments if segment.name == name]

    def first(self, name: str) -> Segment | None:
        """The first segment of a name, or None."""
        for segment in self.segments:
            if segment.name == name:
                return segment
        return None

    @property
    def time(self) -> str:
        """When it was made, as it was said (MSH-7); :func:`moment` reads it."""
        return self.header.text(7)

    @property
    def control_id(self) -> str:
        """What an acknowledgement calls it by (MSH-10)."""
        return self.header.text(10)

    @property
    def version(self) -> str:
        """Of the standard (MSH-12)."""
        return self.header.text(12)

    @property
    def character_set(self) -> str:
        """The first that is named (MSH-18); empty means ASCII."""
        return next((name for i in range(1, 1 + min(self.header.repeats(18), 9)) if (name := self.header.text(18, repeat=i))), "")

    @property
    def profile(self) -> str:
        """The profiles that it keeps to (MSH-21), components parted by ``^`` and repetitions by ``~`` whatever the message uses."""
        return _whole(self.header, 21)

    @property
    def sender(self) -> str:
        """Sending application and facility (MSH-3, MSH-4) as ``application/facility``, all components of each parted by ``^``."""
        if self._sender is None:
            self._sender = "/".join(filter(None, (_whole(self.header, 3), _whole(self.header, 4))))
        return self._sender

    @property
    def receiver(self) -> str:
        """Receiving application and facility (MSH-5, MSH-6), likewise."""
        if self._receiver is None:
            self._receiver = "/".join(filter(None, (_whole(self.header, 5), _whole(self.header, 6))))
        return self._receiver

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know, without content: what the bounds left unread, character sets that are unknown or not kept to."""
        limits = [f"more than {MOST_SEGMENTS} segments: the rest is not read"] if len(self.segments) == MOST_SEGMENTS else []
        limits += ["MSH-2 gives one character two meanings: the first is taken"] if self._ambiguous else []
        limits += [f"a segment of more than {MOST_FIELDS} fields: the rest is not read"] if any(s.crowded for s in self.segments) else []
        if self._codec is None:
            return (*limits, "a character set that HL7 does not name: read as UTF-8 or Latin-1")
        return (*limits, *(() if fits(self._raw, self._codec) else ("bytes that its character set does not have",)))

    @property
    def _ambiguous(self) -> bool:
        return len(self.header.text(2)) > len("".join(self.delimiters[1:]))

    def _segment(self, line: bytes) -> Segment:
        return Segment(line, self.delimiters, self._codec or "ascii")


@lru_cache(maxsize=4)
def heard(data: bytes) -> Message | None:
    """The same for everybody who asks of one message in turn, taken apart once; None where :func:`parse` would raise."""
    try:
        return parse(data)
    except Broken:
        return None


def parse(data: bytes) -> Message:
    """Take one message apart, as far as its delimiters; the rest comes when it is asked for.

    Raises :class:`Broken` where no MSH stands at the beginning (after blank lines at most), or where MSH-1 and MSH-2 define nothing usable.
    """
    raw = _unwidened(data).removeprefix(_MARK).strip(_ROUND_IT)
    if raw[:3] != b"MSH":
        raise Broken("no MSH segment at the beginning", 0)
    field = raw[3:4].decode("latin-1")
    if not _usable(field):
        raise Broken("MSH-1 is no character that can part fields", 3)
    marks = _delimiters(raw[3:16])
    if marks is None:
        raise Broken("MSH-2 is not one to five characters that can part anything", 4)
    return Message(raw, marks)


@lru_cache(maxsize=256)
def _delimiters(beginning: bytes) -> Delimiters | None:
    """What MSH-1 and MSH-2 define; None if they define nothing usable."""
    field = beginning[:1].decode("latin-1")
    end = re.search(rb"[\r\n]|%b" % re.escape(beginning[:1]), beginning[1:])
    encoding = (beginning[1 : 1 + end.start()] if end else beginning[1:]).decode("latin-1")
    if not 1 <= len(encoding) <= 5 or not all(map(_usable, encoding)):  # noqa: PLR2004 - a fifth since version 2.7
        return None
    return Delimiters(field, *[*dict.fromkeys(encoding), "", "", "", ""][:5])


@cache
def _segment_end(field: str) -> re.Pattern[bytes]:
    return re.compile(rb"[\r\n](?=[A-Z][A-Z0-9]{2}(?:%b|[\r\n]|\Z))" % re.escape(field.encode()))


def messages(data: bytes) -> Iterator[bytes]:
    """The messages of a file or batch (FHS, BHS, BTS, FTS are left out), or of several messages one after another; each begins with MSH."""
    if data.startswith(b"MSH") and not any(data.find(name, 3) >= 0 for name in _NAMES):
        yield data  # one message, as nearly always
        return
    found = [match.start() for match in _BOUNDARY.finditer(data)]
    for start, end in zip(found, [*found[1:], len(data)], strict=False):
        if data.startswith(b"MSH", start):
            yield data[start:end].partition(b"\x1c")[0].rstrip(b"\n\0 \t\x0b")


class _Digits(NamedTuple):
    year: str
    month: str
    day: str
    hour: str
    minute: str
    second: str
    fraction: str
    zone: str


_TIME = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?)?)?)?)?([+-]\d{4})?", re.ASCII)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def moment(text: str) -> tuple[int, bool] | None:
    """A time stamp (DTM, 2A.2.22) in nanoseconds since 1970, and whether it names its zone; without one it is taken as UTC.

    What is not said (``20261125`` has no hour) is the beginning of what is said. None for what is no time: no month 13, no 30 February.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    digits = _Digits(*found.groups(""))
    year, month, day = int(digits.year), int(digits.month or 1), int(digits.day or 1)
    hour, minute, second = int(digits.hour or 0), int(digits.minute or 0), int(digits.second or 0)
    away = int(digits.zone[1:3] or 0) * 60 + int(digits.zone[3:5] or 0)
    if not (year and 1 <= month <= 12 and 1 <= day <= _length(year, month) and hour < 24 and minute < 60 and second < 60 and away <= 14 * 60):  # noqa: PLR2004
        return None
    minutes = (_days(year, month, day) * 24 + hour) * 60 + minute - (-away if digits.zone.startswith("-") else away)
    return (minutes * 60 + second) * 10**9 + int(f"{digits.fraction:0<9}"), bool(digits.zone)


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar."""
    before = year - 1
    whole = before * 365 + before // 4 - before // 100 + before // 400
    return whole + sum(_length(year, earlier) for earlier in range(1, month)) + day - 1 - 719_162


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] + (leap and month == 2)  # noqa: PLR2004 - February


def _usable(character: str) -> bool:
    return character.isascii() and character.isprintable() and not character.isalnum() and character not in {'"', " "} and character != ""


def _unwidened(data: bytes) -> bytes:
    """A message in UTF-16 (which the standard allows by its byte order mark alone) in UTF-8 instead; any other as it is."""
    wide = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"M\0": "utf-16-le", b"\0M": "utf-16-be"}.get(data[:2])
    return data.decode(wide, "replace").encode() if wide else data


def _character_sets(raw: bytes, marks: Delimiters) -> tuple[str, ...]:
    """All that MSH-18 names, in bytes that any character set of the table shares."""
    end = _LINE_END.search(raw)
    line = (raw[: end.start()] if end else raw).split(marks.field.encode(), 18)
    return tuple(_split(line[17].decode("ascii", "replace"), marks.repetition, 9)[:9]) if len(line) > 17 else ()  # noqa: PLR2004 - MSH-18


def _whole(segment: Segment, n: int) -> str:
    text = segment.whole(n)
    if not text or text.isalnum():
        return text
    repeats = range(1, 1 + min(segment.repeats(n), MOST_PARTS))
    return "~".join("^".join(segment.parts(n, repeat)).rstrip("^") for repeat in repeats)


def _split(text: str, mark: str, most: int) -> list[str]:
    """Parts of a text, the last of which may hold the rest unsplit."""
    return text.split(mark, most) if mark else [text]


def _nth(text: str, mark: str, n: int) -> str:
    """The ``n``-th part; empty if there is none, or if it is beyond the bound."""
    if n == 1:
        return text.partition(mark)[0] if mark else text
    parts = _split(text, mark, n) if 1 < n <= MOST_PARTS else []
    return parts[n - 1] if n <= len(parts) else ""
