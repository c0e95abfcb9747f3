"""One line of a log as events: its fields with what they must be, and the conversation that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from asepsis.evidence.wire.events import Closed, Event
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side

SECOND = 1_000_000_000
_END_OF_TIME = 1 << 62
_LONGEST = 400
_MOST_VALUES = 64
_MOST_PORT = 0xFFFF


class NotUnderstood(Exception):
    """The line is not what it should be; the message says why, without anything of its content."""


class Line(NamedTuple):
    """A line (counted from 1) and its time in nanoseconds since 1970: what it says, or the kind of line (``left_out``) that is not read."""

    number: int
    time: int
    events: tuple[Event, ...] = ()
    left_out: str = ""
    size: int = 0


class Fields:
    """The fields of one line by their names; whatever is absent or of another type is empty, but for what a line cannot do without."""

    __slots__ = ("_values", "number", "time")

    def __init__(self, values: Mapping[str, object], number: int, time: int) -> None:
        """``values`` as the log gives them: texts, numbers, lists, further mappings."""
        self._values, self.number, self.time = values, number, time

    def text(self, name: str) -> str:
        """A text of printed letters that ends somewhere."""
        value = self._values.get(name)
        return _printed(value) if isinstance(value, str) else str(value) if isinstance(value, int) else ""

    def secret(self, name: str) -> bytes | None:
        """A text as it stands, None where there is none."""
        value = self._values.get(name)
        return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else None

    def count(self, name: str) -> int:
        """A whole number, 0 where there is none."""
        value = self._values.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) < 20:  # noqa: PLR2004 - digits of 64 bits
            value = int(value)
        return value if isinstance(value, int) and 0 <= value < _END_OF_TIME else 0

    def seconds(self, name: str) -> int:
        """A span, in nanoseconds."""
        try:
            span = float(self._values.get(name) or 0)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return 0
        return int(span * SECOND) if 0 <= span < SECOND else 0

    def many(self, name: str, separator: str = ",") -> list[str]:
        """The values of a set or list."""
        value = self._values.get(name)
        values = value.split(separator, _MOST_VALUES) if isinstance(value, str) else value if isinstance(value, list) else []
        return [_printed(one) for one in values[:_MOST_VALUES] if isinstance(one, str)]

    def part(self, name: str) -> Fields:
        """The fields of a field."""
        value = self._values.get(name)
        return Fields(value if isinstance(value, dict) else {}, self.number, self.time)

    def parts(self, name: str) -> list[Fields]:
        """A list of those."""
        value = self._values.get(name)
        every = value[:_MOST_VALUES] if isinstance(value, list) else []
        return [Fields(one, self.number, self.time) for one in every if isinstance(one, dict)]

    def address(self, name: str) -> str:
        """An address in its usual form, empty where there is none."""
        return address_of(self.text(name))

    def end(self, address: str, port: str) -> Endpoint:
        """One end of a conversation. Raises :class:`NotUnderstood` without an address, or with a port that is none."""
        found, number = self.address(address), self.count(port)
        if not found or number > _MOST_PORT:
            raise NotUnderstood(f"no {'port' if found else 'address'} is in {port if found else address}")
        return Endpoint(found, number)


@lru_cache(maxsize=4096)
def address_of(text: str) -> str:
    """As it is usually written (RFC 5952), without a zone; empty for any other text."""
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def moment(value: object) -> int:
    """A time in nanoseconds since 1970, of seconds or of text in ISO 8601. Raises :class:`NotUnderstood`."""
    try:
        if isinstance(value, str) and "T" in value:
            told = datetime.fromisoformat(value)
            seconds = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
        else:
            seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise NotUnderstood("it has no time") from error
    if not 0 <= seconds < _END_OF_TIME // SECOND:
        raise NotUnderstood("its time is none")
    return int(seconds * 1_000_000) * 1000


def spoken(number: int, time: int, transport: str, ends: tuple[Endpoint, Endpoint], protocol: str) -> Conversation:
    """A conversation of which a line says that the second of ``ends`` answered: at least one packet each way."""
    made = Conversation(number, transport, *ends, number, time, opened_seen=True, answered=True, protocol=protocol)
    made.last_packet, made.last_time = number, time
    made.packets[:], made.payload[:] = [1, 1], [1, 1]
    return made


def over(talk: Conversation) -> Closed:
    """The conversation has been had."""
    return Closed(talk, Side.CLIENT, talk.last_packet, talk.last_time)


def _printed(text: str) -> str:
    return text if text.isprintable() and len(text) <= _LONGEST else "".join(letter for letter in text[:_LONGEST] if letter.isprintable())
