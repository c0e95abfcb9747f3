"""HTTP/1.0 and 1.1 (RFC 9112): requests and their responses, who logs in, what software speaks; DICOMweb, FHIR and SOAP in them.

Each side is a row of messages: a head up to an empty line, then content whose end the head tells (stated length, chunks, end of the connection).
Responses answer requests in order. Content is decoded as far as 256 KiB reach; what is behind its kept beginning is counted and not looked at.
*How it lies:* two lengths for one content, unlawful fields, content that expands without end. *When bytes are missing* in counted content, counting
goes on; else everything up to the next start line is passed over, and a response is paired again only where one request alone can be meant.
After 101, or 2xx to CONNECT, the rest is handed over. HTTP/2 in clear (RFC 9113) is named and not understood.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum

from asepsis.evidence.protocols.clinical_web import Clinical, clinical
from asepsis.evidence.protocols.http_content import decode
from asepsis.evidence.protocols.http_head import Framing, Head, framing, head
from asepsis.evidence.protocols.http_said import Shown, form, printable, product, shown
from asepsis.evidence.protocols.soap import envelope, looks_like_soap
from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, Banner, HttpSaid, LogIn
from asepsis.evidence.wire.listeners import soap_events
from asepsis.evidence.wire.packet import Closing, Conversation, Side

MAX_HEAD = 65_536
MAX_LINE = 4_096
"""Of a chunk's size, and of a trailer."""
MAX_KEPT = 262_144
"""Bytes of content, as it was sent and as it is decoded, that are kept of each side's message."""
MAX_WAITING = 100
"""Requests without an answer yet; of their content, ``MAX_KEPT`` in all is kept until then."""
MAX_REMEMBERED = 64
"""Banners and log-ins of a conversation that are not told again."""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_BLANK = re.compile(rb"[\r\n]*")
_PIECE = 4_096
_START = re.compile(
    rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|PROPFIND|REPORT|CONNECT) [!-~]{1,2000} HTTP/1\.[01]\r?\n|HTTP/1\.[01] [1-5]\d\d[ \r\n]"
)
_LONGEST_START = 2_048
_REQUEST = re.compile(rb"[\r\n]{0,8}[A-Z][A-Z_-]{1,31} [!-~\x80-\xff]+ +HTTP/1\.\d[ \t]*\r?\n")
_REQUEST_BEGINS = re.compile(rb"[\r\n]{0,8}(?:[A-Z][A-Z_-]{0,31}(?: +(?:[!-~\x80-\xff]+(?: +[HTP/1.\d]{0,8}\r?)?)?)?)?\Z")
_RESPONSE = re.compile(rb"HTTP/1\.[01] [1-5]\d\d[ \r\n]")
_REFUSALS = frozenset({401, 403, 429})
"""Of a form: a page that refuses is often sent as 200, so that nothing else tells whether it was accepted."""
_SWITCHING, _UNAUTHORISED, _PROXY_UNAUTHORISED, _FINAL, _REDIRECT, _ERROR = 101, 401, 407, 200, 300, 400


class _Mode(Enum):
    """What a side says next."""

    HEAD = 0
    COUNTED = 1
    TO_THE_END = 2
    SIZE = 3
    CHUNK_END = 4
    TRAILER = 5


@dataclass(slots=True, eq=False)
class _Exchange:
    """A request that awaits its answer. ``event`` is None until its content is complete."""

    said: Head
    side: Side
    event: HttpSaid | None = None


class _Half:
    """One side: the message that it is saying."""

    def __init__(self, side: Side) -> None:
        self.side, self.lost = side, False
        self.held = bytearray()
        self.begin()

    def begin(self) -> None:
        self.mode = _Mode.HEAD
        self.said: Head | None = None
        self.exchange: _Exchange | None = None
        self.chunked = self.holed = False
        self.left = self.length = 0
        self.kept = bytearray()

    def content(self, data: bytes, at: int, count: int) -> None:
        """Count a piece of content; only the beginning is kept, as long as nothing is missing in it."""
        room = 0 if self.holed else MAX_KEPT - len(self.kept)
        if room > 0:
            self.kept += data[at : at + min(count, room)]
        self.length += count


class _Http:
    """Listens to a connection. Bounded by ``MAX_KEPT`` for each side's content, once more for requests that wait, and ``MAX_HEAD``."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        self._conversation, self._tell, self._complain = conversation, tell, complain
        self._halves = tuple(_Half(side) for side in Side)
        self._waiting: deque[_Exchange] = deque()
        self._doubtful = False
        self._over = self._deaf = False
        self._remembered: set[object] = set()
        self._packet = self._time = 0

    # --- bytes ---------------------------------------------------------------------------------------------------

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        self._packet, self._time = packet, time
        half, at = self._halves[side], 0
        while at < len(data) and not self._deaf:
            if half.mode is _Mode.COUNTED:
                count = min(half.left, len(data) - at)
                half.content(data, at, count)
                at += count
                self._counted(half, count)
            elif half.mode is _Mode.TO_THE_END:
                half.content(data, at, len(data) - at)
                at = len(data)
            elif half.lost:
                data, at = self._find(half, data, at)
            elif half.mode is _Mode.HEAD:
                at = self._head_bytes(half, data, at)
            else:
                at = self._line_bytes(half, data, at)
            if self._over:
                raise Handover(side, data[at:])

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        self._packet, self._time = packet, time
        half = self._halves[side]
        if half.mode is _Mode.TO_THE_END or (half.mode is _Mode.COUNTED and length <= half.left):
            half.holed = True
            half.length += length
            if half.mode is _Mode.COUNTED:
                self._counted(half, length)
        else:
            self._lose(half)

    def close(self, how: Closing, packet: int, time: int) -> None:
        self._packet, self._time = packet, time
        for half in self._halves:
            if how is not Closing.CAPTURE_ENDED and (half.held or half.mode not in {_Mode.HEAD, _Mode.TO_THE_END}) and not half.lost:
                self._complain(packet, "an HTTP connection ends within a message")
            self._message_ended(half)
        self._give_up_waiting()

    def _head_bytes(self, half: _Half, data: bytes, at: int) -> int:
        """Take what belongs to the head; where the rest of ``data`` begins."""
        if not half.held:
            blank = _BLANK.match(data, at)
            at = blank.end() if blank else at
            if ended := _EMPTY_LINE.search(data, at, at + MAX_HEAD):
                self._head_ended(half, data[at : ended.end()])
                return ended.end()
        before = len(half.held)
        half.held += data[at : at + _PIECE]
        if ended := _EMPTY_LINE.search(half.held, max(0, before - 2)):
            whole = bytes(half.held[: ended.end()])
            half.held.clear()
            self._head_ended(half, whole)
            return at + ended.end() - before
        if len(half.held) > MAX_HEAD:
            self._lose(half, f"an HTTP head of more than {MAX_HEAD} bytes")
        return at + _PIECE

    def _line_bytes(self, half: _Half, data: bytes, at: int) -> int:
        end = min(data.find(b"\n", at) + 1 or len(data), at + MAX_LINE + 1 - len(half.held))
        half.held += data[at:end]
        if len(half.held) > MAX_LINE:
            self._lose(half, f"a line of chunked HTTP content of more than {MAX_LINE} bytes")
        elif half.held.endswith(b"\n"):
            line = bytes(half.held).strip()
            half.held.clear()
            self._line(half, line)
        return end

    # --- finding the way -----------------------------------------------------------------------------------------

    def _lose(self, half: _Half, why: str = "") -> None:
        """Nothing is known of what comes next until a start line is found; what was said so far is told."""
        if why:
            self._complain(self._packet, why)
        half.held.clear()
        self._message_ended(half)
        self._give_up_waiting()
        half.lost = self._doubtful = True

    def _find(self, half: _Half, data: bytes, at: int) -> tuple[bytes, int]:
        data, at = (bytes(half.held) + data[at:], 0) if half.held else (data, at)
        half.held.clear()
        if match := _START.search(data, at):
            half.lost = False
            return data, match.start()
        half.held += data[max(at, len(data) - _LONGEST_START) :]
        return data, len(data)

    # --- messages ------------------------------------------------------------------------------------------------

    def _head_ended(self, half: _Half, data: bytes) -> None:
        if data == PREFACE[: len(data)]:
            self._refuse_http2(half)
            return
        half.said = said = head(data)
        if said is None:
            self._lose(half, "something else where an HTTP message should begin")
            return
        if said.is_request:
            half.exchange = self._await(said, half.side)
        else:
            half.exchange = self._answered(said)
        how, half.left = framing(said, half.exchange.said.start[0] if half.exchange else "")
        for fault in said.faults:
            self._complain(self._packet, f"HTTP: {fault}")
        self._tell_banners(half.side, said)
        self._expect_content(half, how)

    def _expect_content(self, half: _Half, how: Framing) -> None:
        if self._is_tunnel(half) or how is Framing.NONE or (how is Framing.LENGTH and not half.left):
            self._over = self._is_tunnel(half)
            self._message_ended(half)
            return
        half.chunked = how is Framing.CHUNKED
        half.mode = {Framing.LENGTH: _Mode.COUNTED, Framing.CHUNKED: _Mode.SIZE, Framing.CLOSE: _Mode.TO_THE_END}[how]

    def _is_tunnel(self, half: _Half) -> bool:
        if half.said is None or half.said.is_request:
            return False
        status, connects = half.said.status, half.exchange is not None and half.exchange.said.start[0] == "CONNECT"
        return status == _SWITCHING or (connects and _FINAL <= status < _REDIRECT)

    def _refuse_http2(self, half: _Half) -> None:
        self._tell(Banner(self._conversation, half.side, self._packet, self._time, "HTTP/2", "HTTP", "2", "protocol"))
        self._complain(self._packet, "HTTP/2 in clear, which is not understood")
        self._deaf = True

    def _counted(self, half: _Half, count: int) -> None:
        half.left -= count
        if not half.left and half.chunked:
            half.mode = _Mode.CHUNK_END
        elif not half.left:
            self._message_ended(half)

    def _line(self, half: _Half, line: bytes) -> None:
        """A line between chunks (RFC 9112, 7.1): the end of one, the size of the next with its extensions, a trailer."""
        if half.mode is _Mode.TRAILER:
            if not line:
                self._message_ended(half)
        elif half.mode is _Mode.CHUNK_END:
            half.mode = _Mode.SIZE
            if line:
                self._lose(half, "chunked HTTP content whose chunk does not end where it says")
        elif not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size := line.partition(b";")[0].strip()):
            self._lose(half, "chunked HTTP content with a size that is no number")
        else:
            half.left = int(size, 16)
            half.mode = _Mode.COUNTED if half.left else _Mode.TRAILER

    def _message_ended(self, half: _Half) -> None:
        said, exchange = half.said, half.exchange
        if said is None:
            half.begin()
            return
        body, fault = decode(bytes(half.kept), said.headers.get("content-encoding", ""), MAX_KEPT) if half.kept else (b"", "")
        if fault:
            self._complain(self._packet, f"HTTP: {fault}")
        request = None if said.is_request or exchange is None else exchange.event
        event = HttpSaid(
            self._conversation, half.side, self._packet, self._time, said.start, said.headers, body, half.length, said.is_request, request
        )
        self._tell(event)
        whole = not half.holed and half.length <= MAX_KEPT and len(body) < MAX_KEPT
        half.begin()
        self._tell_soap(event, whole=whole)
        if said.is_request and exchange is not None:
            held = sum(len(one.event.body) for one in self._waiting if one.event)
            exchange.event = event if held + len(body) <= MAX_KEPT else replace(event, body=b"")
        elif exchange is not None and (said.status >= _FINAL or said.status == _SWITCHING):
            self._conclude(exchange, said)

    # --- requests and their answers ------------------------------------------------------------------------------

    def _await(self, said: Head, side: Side) -> _Exchange:
        exchange = _Exchange(said, side)
        self._waiting.append(exchange)
        if len(self._waiting) > MAX_WAITING:
            self._complain(self._packet, f"more than {MAX_WAITING} HTTP requests without an answer")
            self._doubtful = True
            self._conclude(self._waiting.popleft(), None)
        return exchange

    def _answered(self, said: Head) -> _Exchange | None:
        """The request that a response answers; an interim one (1xx) leaves it waiting."""
        if self._doubtful and len(self._waiting) > 1:
            self._give_up_waiting()
        if not self._waiting:
            return None
        return self._waiting[0] if said.status < _FINAL and said.status != _SWITCHING else self._waiting.popleft()

    def _give_up_waiting(self) -> None:
        while self._waiting:
            self._conclude(self._waiting.popleft(), None)

    def _conclude(self, exchange: _Exchange, answer: Head | None) -> None:
        """Tell what a request did besides being a request, now that its answer (None: not seen) is known."""
        status = answer.status if answer else 0
        headers = exchange.said.headers
        for field, refusal in (("authorization", _UNAUTHORISED), ("proxy-authorization", _PROXY_UNAUTHORISED)):
            if field in headers and (who := shown(headers[field])):
                self._tell_log_in(exchange, who, accepted=False if status == refusal else True if _FINAL <= status < _ERROR else None)
        body = exchange.event.body if exchange.event else b""
        if who := form(headers.get("content-type", ""), body):
            self._tell_log_in(exchange, who, accepted=False if status in _REFUSALS else None)
        about = clinical(exchange.said.start[0], exchange.said.start[1], headers, body, answer.headers.get("content-type", "") if answer else "")
        if about:
            self._tell_asked(exchange, about, accepted=None if not status or _REDIRECT <= status < _ERROR else status < _REDIRECT)

    # --- events --------------------------------------------------------------------------------------------------

    def _tell_log_in(self, exchange: _Exchange, who: Shown, *, accepted: bool | None) -> None:
        if self._is_news((who, accepted)):
            self._tell(LogIn(self._conversation, exchange.side, self._packet, self._time, who.how, who.user, who.secret, accepted))

    def _tell_asked(self, exchange: _Exchange, about: Clinical, *, accepted: bool | None) -> None:
        verb = printable(exchange.said.start[0])
        self._tell(Asked(self._conversation, exchange.side, self._packet, self._time, about.protocol, verb, about.subject, about.changes, accepted))

    def _tell_banners(self, side: Side, said: Head) -> None:
        for field in ("user-agent",) if said.is_request else ("server", "x-powered-by"):
            text = printable(said.headers.get(field, ""))
            if text and self._is_news((field, text)):
                what = "client" if said.is_request else "server"
                self._tell(Banner(self._conversation, side, self._packet, self._time, text, *product(text), what))

    def _tell_soap(self, event: HttpSaid, *, whole: bool) -> None:
        kind = event.headers.get("content-type", "xml").lower()
        if "xml" not in kind or not looks_like_soap(event.body):
            return
        said = envelope(event.body)
        if said is None:
            return
        if said.broken:
            self._complain(self._packet, f"SOAP: {said.broken if whole else 'an envelope whose end is missing or was not looked at'}")
        for one in soap_events(event, said):
            self._tell(one)

    def _is_news(self, what: object) -> bool:
        if what in self._remembered:
            return False
        if len(self._remembered) < MAX_REMEMBERED:
            self._remembered.add(what)
        return True


class HttpDecoder:
    """HTTP/1, recognised by its start lines."""

    info = DecoderInfo(
        "http",
        "HTTP/1.0 and 1.1, with DICOMweb, FHIR and SOAP in them",
        "RFC 9110, RFC 9112",
        ("tcp",),
        (80, 8080, 8000, 8042, 8888, 3128),
        understands_middle=True,
    )

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By a request line or a status line at the beginning of what either side says, or by the preface of HTTP/2."""
        if _is_start(client) or _is_start(server):
            return Match.YES
        return Match.MORE if _may_start(client or server) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Begin with a head, whoever says it."""
        return _Http(conversation, tell, complain)


def _is_start(data: bytes) -> bool:
    return bool(_REQUEST.match(data) or _RESPONSE.match(data) or data.startswith(PREFACE)) or (len(data) >= 512 and _is_long_request(data))  # noqa: PLR2004


_LONG_REQUEST = re.compile(rb"(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|PROPFIND) (?:/|https?://)[!-~]+\Z")


def _is_long_request(data: bytes) -> bool:
    """A request line that is longer than what is shown."""
    return _LONG_REQUEST.match(data) is not None


def _may_start(data: bytes) -> bool:
    return bool(_REQUEST_BEGINS.match(data)) or b"HTTP/1.".startswith(data[:7]) or PREFACE.startswith(data)
