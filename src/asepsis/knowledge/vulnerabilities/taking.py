"""Take feeds apart, in the bounded child process: bytes in, documents and complaints out.

Request: ``{"paths": [[path, name], …]}``. Messages are msgpack: ``{"documents": […], "wrong": [[name, what, cause], …], "skipped": [name, …]}``,
where skipped are files beside feeds that are none, and, after each path, ``{"done": number}``. Which format a file has is seen by its content
alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from asepsis.guard.documents import BROKEN, Budget, CannotOpen, Stream, files, streams
from asepsis.guard.json_stream import pieces
from asepsis.guard.limits import FEED_LIMITS, KIB, MIB, LimitReached
from asepsis.knowledge.vulnerabilities.feed import Document, JsonFormat, Senseless
from asepsis.knowledge.vulnerabilities.feeds import JSON_FORMATS, TEXT_FORMATS
from asepsis.knowledge.vulnerabilities.yaml_text import NotYaml, load_all
from asepsis.model.evidence import Cause

_HEAD = 256 * KIB
_BATCH = 200
_KEYS_OF_WHOLE_DOCUMENTS = (b'"csaf_version"', b'"bomFormat"', b'"dataType"', b'"document"', b'"source"')
_NO_FEED = ("is no feed that is known", Cause.BROKEN_INPUT)
_SKIPPED = ("", "")
"""Said of a file beside feeds, a licence or a read-me, instead of a complaint."""

Said = Document | tuple[str, str]
"""A document, or what is wrong and its cause."""


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """See the module's text."""
    budget = Budget()
    for number, (path, name) in enumerate(msgspec.json.decode(request)["paths"]):
        batch = _Batch(send)
        for inner, file in files(Path(path)):
            told = inner.replace(Path(path).name, name, 1) if inner.startswith(Path(path).name) else inner
            for place, said in _file(file, told, budget, alone=file == Path(path)):
                batch.add(place, said)
        batch.flush()
        send(msgspec.msgpack.encode({"done": number}))


class _Batch:
    """What goes to the parent together."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send, self._told = send, 0
        self._documents, self._wrong, self._skipped = list[Document](), list[tuple[str, str, str]](), list[str]()

    def add(self, place: str, said: Said) -> None:
        """Keep a document, or a complaint until there are too many."""
        if isinstance(said, Document):
            self._documents.append(said)
        elif said == _SKIPPED:
            self._skipped.append(place)
        else:
            self._told += 1
            if self._told <= FEED_LIMITS.problems:
                self._wrong.append((place, *said))
        if max(len(self._documents), len(self._wrong), len(self._skipped)) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Send what is there."""
        self._send(msgspec.msgpack.encode({"documents": self._documents, "wrong": self._wrong, "skipped": self._skipped}))
        self._documents, self._wrong, self._skipped = [], [], []


def _file(path: Path, name: str, budget: Budget, *, alone: bool = True) -> Iterator[tuple[str, Said]]:
    """Every document of a file, with the place to tell it by. Whatever is wrong with one file is said, and the next is read."""
    try:
        for stream in streams(path, name, budget):
            yield from _stream(stream, alone=alone and stream.name == name)
    except CannotOpen as error:
        yield name, (str(error), Cause.BROKEN_INPUT)
    except LimitReached as error:
        yield name, (f"would be more than is taken in ({error})", Cause.LIMIT_REACHED)


def _stream(stream: Stream, *, alone: bool) -> Iterator[tuple[str, Said]]:
    """Entries of no known kind are complained of together: once for a file that has others, and not at all for a file beside others."""
    strange, good = list[str](), False
    try:
        for place, said in documents(stream.name, stream.peek(_HEAD), stream.read):
            if said == _NO_FEED:
                strange.append(place)
            else:
                good = True
                yield place, said
    except LimitReached as error:
        yield stream.name, (f"is too much when it is unpacked ({error})", Cause.LIMIT_REACHED)
    except BROKEN as error:
        yield stream.name, (f"is broken or cut short: {type(error).__name__}", Cause.BROKEN_INPUT)
    if strange and good:
        yield strange[0], (f"is of no known kind, nor are {len(strange) - 1} more entries of the file", Cause.BROKEN_INPUT)
    elif strange:
        yield stream.name, _NO_FEED if alone else _SKIPPED


def documents(name: str, head: bytes, read: Callable[[int], bytes]) -> Iterator[tuple[str, Said]]:
    """What a stream says: the place and a document, or what is wrong. ``head`` is its beginning, which ``read`` gives once more."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        yield from _json(name, head, read)
    elif any(form.recognises(head) for form in TEXT_FORMATS):
        yield from _text(name, head, read)
    elif text.startswith((b"id:", b"schema_version:", b"# ", b"modified:", b"---")) and b"id:" in text:
        yield from _yaml(name, read)
    elif text or head:
        yield name, _NO_FEED
    else:
        yield name, ("is empty", Cause.BROKEN_INPUT)


def _json(name: str, head: bytes, read: Callable[[int], bytes]) -> Iterator[tuple[str, Said]]:
    if _is_lines(head):
        yield from _json_lines(name, read)
        return
    known: dict[bytes, Mapping[str, Any]] = {b"": {}}
    for piece in pieces(read, _is_wrapper):
        if piece.head not in known:
            known = {b"": {}, piece.head: _object(piece.head) or {}}
        place = f"{name} (byte {piece.offset})"
        if piece.wrong:
            yield place, (piece.wrong, Cause.LIMIT_REACHED if piece.wrong.startswith("is ") and "than" in piece.wrong else Cause.BROKEN_INPUT)
        elif piece.data:
            yield from ((place, said) for said in document(piece.data, known[piece.head]))


def _is_lines(head: bytes) -> bool:
    """One document a line: the first line closes what it opens, and another follows."""
    line, _, rest = head.partition(b"\n")
    return line.rstrip().endswith(b"}") and line.startswith(b"{") and _object(line) is not None and rest.lstrip()[:1] == b"{"


def _is_wrapper(key: bytes, head: bytes) -> bool:
    return key in {b"vulnerabilities", b"CVE_Items", b"result"} and not any(word in head for word in _KEYS_OF_WHOLE_DOCUMENTS)


def _json_lines(name: str, read: Callable[[int], bytes]) -> Iterator[tuple[str, Said]]:
    for number, line in enumerate(_lines(read), 1):
        place = f"{name} (line {number})"
        if len(line) > FEED_LIMITS.document_bytes:
            yield place, (f"is longer than {FEED_LIMITS.document_bytes} bytes", Cause.LIMIT_REACHED)
        elif line.strip():
            yield from ((place, said) for said in document(line, {}))


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Lines of a stream; of one that is too long only so much that its length shows."""
    rest = b""
    while chunk := read(MIB):
        *whole, rest = (rest + chunk).split(b"\n") if len(rest) <= FEED_LIMITS.document_bytes else (rest, *chunk.split(b"\n")[1:])
        yield from whole
    if rest:
        yield rest


def document(data: bytes, head: Mapping[str, Any]) -> Iterator[Said]:
    """What one JSON document says."""
    value = _object(data)
    if value is None:
        yield "is no JSON object (or not UTF-8)", Cause.BROKEN_INPUT
        return
    yield from _said(value, head)


def _said(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Said]:
    form = next((form for form in JSON_FORMATS if form.recognises(value)), None)
    if form is None:
        yield _NO_FEED
        return
    yield from _read(form, value, head)


def _read(form: JsonFormat, value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Said]:
    try:
        yield from form.read(value, head)
    except Senseless as error:
        yield f"makes no sense: {error}", Cause.BROKEN_INPUT


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(name: str, head: bytes, read: Callable[[int], bytes]) -> Iterator[tuple[str, Said]]:
    form = next(form for form in TEXT_FORMATS if form.recognises(head))
    try:
        for said in form.read(_decoded(read), name):
            yield name, (said if isinstance(said, Document) else (f"{said}", Cause.BROKEN_INPUT))
    except Senseless as error:
        yield name, (f"makes no sense: {error}", Cause.BROKEN_INPUT)
    except UnicodeDecodeError:
        yield name, ("is not UTF-8 from some line on", Cause.BROKEN_INPUT)


def _decoded(read: Callable[[int], bytes]) -> Iterable[str]:
    first = True
    for line in _lines(read):
        if len(line) > MIB:
            raise Senseless("a line of more than a million bytes")
        yield (line.removeprefix(b"\xef\xbb\xbf") if first else line).decode("utf-8") + "\n"
        first = False


def _yaml(name: str, read: Callable[[int], bytes]) -> Iterator[tuple[str, Said]]:
    """Records of YAML, one after the other."""
    text = io.BytesIO()
    while chunk := read(MIB):
        text.write(chunk)
        if text.tell() > FEED_LIMITS.document_bytes:
            yield name, (f"is longer than {FEED_LIMITS.document_bytes} bytes", Cause.LIMIT_REACHED)
            return
    try:
        for line, value in load_all(text.getvalue()):
            yield from ((f"{name} (line {line})", said) for said in _said(value, {}))
    except NotYaml as error:
        yield name, (str(error), Cause.BROKEN_INPUT)
