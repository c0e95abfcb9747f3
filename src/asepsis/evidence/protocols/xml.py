"""XML as far as configuration files need it: elements with their lines, text and attributes. No I/O.

Extensible Markup Language 1.0 (W3C, fifth edition), taken apart by expat. What makes XML dangerous is refused, not expanded: an internal DTD and
entity declarations (entity bombs), external entities are never asked for; depth, number of elements and attributes, and the text of one element
are bounded. Namespace prefixes are dropped. The encoding is settled here, by byte order mark, NULs or a short list of names, because programs
write ``encoding="utf-16"`` over files that they save as UTF-8. White space before and NULs behind the document are forgiven.

What was read before a document breaks is kept: ``Tree.broken`` says what is wrong, ``Tree.line`` where.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 256
"""Of one element."""
MAX_TEXT = 65_536
"""Characters of one element's text, and of one attribute's value, that are kept."""
MAX_NAME = 256


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its local name, the line it begins at, its own text (white space around it gone), its children in order."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str
    children: tuple[Element, ...]

    def get(self, *path: str) -> Element | None:
        """The first element at ``path`` below this one, names compared exactly."""
        here: Element | None = self
        for tag in path:
            here = next((child for child in here.children if child.tag == tag), None) if here else None
        return here

    def text_of(self, *path: str) -> str:
        """The text of the element at ``path``, or an empty string."""
        element = self.get(*path)
        return element.text if element else ""

    def walk(self) -> Iterator[Element]:
        """The element itself and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


@dataclass(frozen=True, slots=True)
class Tree:
    """A document: ``root`` as far as it could be read (None if nothing could), ``broken`` why no further, at ``line``; both empty if it is whole."""

    root: Element | None
    broken: str = ""
    line: int = 0


Take = Callable[[tuple[str, ...], Element], bool]
"""Gets the tags around an element, and the element; says whether it is taken."""


class _Refused(Exception):
    """The document asks for something that is not given."""


@dataclass(slots=True)
class _Open:
    """An element that has not ended yet."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    kept: int = 0
    before: int = 0
    children: list[Element] = field(default_factory=list)

    def close(self) -> Element:
        return Element(self.tag, self.line, self.attributes, "".join(self.text).strip(), tuple(self.children))


class _Builder:
    """Takes expat's calls and builds elements."""

    def __init__(self, tags: frozenset[str], take: Take) -> None:
        self._tags, self._take = tags, take
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.open: list[_Open] = []
        self.count = 0
        self.root: Element | None = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise _Refused(f"more than {MAX_ELEMENTS} elements")
        if len(self.open) >= MAX_DEPTH:
            raise _Refused(f"elements nested deeper than {MAX_DEPTH}")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _Refused(f"an element with more than {MAX_ATTRIBUTES} attributes")
        kept = {_local(name): value[:MAX_TEXT] for name, value in attributes.items()}
        self.open.append(_Open(_local(tag), self.parser.CurrentLineNumber, kept, before=self.count - 1))

    def _end(self, _tag: str) -> None:
        self._close()

    def _close(self) -> None:
        ended = self.open.pop()
        element = ended.close()
        if self.open and element.tag in self._tags and self._take(tuple(one.tag for one in self.open), element):
            self.count = ended.before
        elif self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element

    def _text(self, text: str) -> None:
        here = self.open[-1]
        if here.kept < MAX_TEXT:
            here.text.append(text[: MAX_TEXT - here.kept])
            here.kept += len(here.text[-1])

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            raise _Refused("a document type of its own (DTD)")

    def _entity(self, *_declared: object) -> None:
        raise _Refused("an entity declaration")

    def unwind(self) -> Element | None:
        """The root as far as it was read, with everything that is still open closed."""
        while self.open:
            self._close()
        return self.root


def parse(data: bytes, tags: frozenset[str] = frozenset(), take: Take = lambda _way, _element: False) -> Tree:
    """The elements of a document. Never raises: a document that is broken or refused says so in its tree.

    Each element whose tag is among ``tags`` is handed to ``take`` when it ends, with the tags of those that it lies in, the outermost first. One that
    was taken is no part of the tree, and of none that is handed over later, so that the number of such elements is not bounded.
    """
    builder = _Builder(tags, take)
    broken, line = "", 0
    try:
        builder.parser.Parse(_utf8(data), True)  # whole at once: pieces would make expat look at a long token again and again
    except expat.ExpatError as error:
        broken, line = f"broken XML: {expat.errors.messages.get(error.code, 'unknown error')}", error.lineno
    except _Refused as error:
        broken, line = f"XML refused: {error}", builder.parser.CurrentLineNumber
    return Tree(builder.unwind(), broken, line)


_DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARED_TEXT = re.compile(r"\A\s*<\?xml\b[^>]{0,200}\?>")
_SINGLE_BYTE = {b"iso-8859-1": "latin-1", b"latin1": "latin-1", b"windows-1252": "cp1252", b"iso-8859-15": "iso-8859-15"}


def text_of(data: bytes) -> str:
    """The document as text, whatever it is encoded in."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if data[:4] in {b"<\0?\0", b"<\0!\0"} or re.match(rb"<\0[A-Za-z]\0", data):
        return data.decode("utf-16-le", "replace")
    if data[:4] in {b"\0<\0?", b"\0<\0!"} or re.match(rb"\0<\0[A-Za-z]", data):
        return data.decode("utf-16-be", "replace")
    declared = _DECLARED.match(data.lstrip()[:200])
    encoding = _SINGLE_BYTE.get(declared.group(1).lower(), "utf-8") if declared else "utf-8"
    return data.removeprefix(BOM_UTF8).decode(encoding, "replace")


def _utf8(data: bytes) -> bytes:
    """UTF-8 without a declaration that could say otherwise. Line numbers stay, and a lone carriage return is no line, as everywhere else."""
    text = text_of(data).rstrip("\0").replace("\r\n", "\n").replace("\r", " ")
    declared = _DECLARED_TEXT.match(text)
    if declared:
        text = "\n" * text.count("\n", 0, declared.end()) + text[declared.end() :]
    return text.encode("utf-8", "replace")


def _local(name: str) -> str:
    return name[:MAX_NAME].rpartition(":")[2]
