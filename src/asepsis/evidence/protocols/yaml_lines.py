"""The part of YAML that settings are written in: nested mappings and their plain or quoted values, with lines. No I/O.

YAML 1.2 block mappings and sequences by indentation, flow mappings and sequences on one line, quotes, comments. Anchors, aliases, tags and merge keys
are not followed, so that nothing can unfold; of a block scalar the first line is read; a value that goes on in the next line is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.text import MAX_VALUE, Lines

MAX_DEPTH = 32
MAX_KEY = 256


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar: the keys above it, outermost first, its text, its line; ``quoted`` if it stood in quotes.

    An item of a sequence has the key ``-``; an empty mapping has the text ``{}``.
    """

    line: int
    path: tuple[str, ...]
    text: str
    quoted: bool = False


_QUOTED_KEY = r"""\"(?:\\.|[^"\\]){0,256}"|'(?:''|[^']){0,256}'"""
_PLAIN_KEY = r"""(?:[^\s#'"\[\]{},&*!|>%@`:-]|-(?=[^\s#:]))(?:[^#:]|(?<!\s)#|:(?=\S)){0,255}?"""
_KEY = re.compile(rf"({_QUOTED_KEY}|{_PLAIN_KEY})\s{{0,64}}:(?:\s+|$)")
_SCALAR = re.compile(r"""\"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?:[^\s,{}\[\]:]|:(?=[^\s,{}\[\]]))(?:[^,{}\[\]:]|:(?=[^\s,{}\[\]]))*""")
"""In a flow; a plain one ends where a colon and a blank show that it was a key."""
_COLON = re.compile(r"\s{0,64}:")
_BLOCK = re.compile(r"((?:[!&]\S*\s+)?)[|>](?:[1-9]?[+-]?|[+-][1-9])(?:\s+#.*)?$")
_QUOTED = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:''|[^'])*')\s*(?:#.*)?$""")
_PLAIN_END = re.compile(r"\s#")
_ESCAPE = re.compile(r'\\(["\\/ ])')


def values(lines: Lines) -> Iterator[Value]:
    """Every scalar value of every mapping and sequence."""
    stack: list[tuple[int, str]] = []
    skipped, unread = -1, False
    for number, raw in lines:
        line = raw[: MAX_VALUE * 4].rstrip()
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        if text and 0 <= skipped < indent:
            if unread:
                yield Value(number, _path(stack), text, quoted=True)
            unread = False
            continue
        if not text or text[0] == "#" or text in {"---", "..."}:
            continue
        skipped = -1
        while stack and stack[-1][0] >= indent:
            stack.pop()
        rest, indent = _items(stack, text, indent)
        yield from _line(stack, rest, indent, number)
        key = _KEY.match(rest)
        block = _BLOCK.match(rest, key.end() if key else 0)
        if block:
            skipped, unread = indent, not block.group(1)


def _path(stack: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(key for _, key in stack)


def _items(stack: list[tuple[int, str]], text: str, indent: int) -> tuple[str, int]:
    """Take the dashes of sequences off."""
    while text.startswith("- ") or text == "-":
        _push(stack, indent, "-")
        rest = text[1:].lstrip(" ")
        indent += len(text) - len(rest)
        text = rest
    return text, indent


def _push(stack: list[tuple[int, str]], indent: int, key: str) -> None:
    if len(stack) < MAX_DEPTH:
        stack.append((indent, key))


def _line(stack: list[tuple[int, str]], text: str, indent: int, number: int) -> Iterator[Value]:
    path = _path(stack)
    found = _KEY.match(text)
    if not found:
        yield from _flow_or_scalar(path, text, number)
        return
    key, rest = unquoted(found.group(1)), text[found.end() :]
    if rest and rest[0] != "#":
        yield from _flow_or_scalar((*path, key), rest, number)
    _push(stack, indent, key)


def _flow_or_scalar(path: tuple[str, ...], text: str, number: int) -> Iterator[Value]:
    if text.split("#", maxsplit=1)[0].strip() == "{}":
        yield Value(number, path, "{}")
    elif text.startswith(("{", "[")):
        yield from _flow(path, text, number)
    elif text[:1] not in {"|", ">", "&", "*", "!"}:
        quoted = _QUOTED.match(text)
        plain = _PLAIN_END.split(text, maxsplit=1)[0].strip()
        if quoted or plain:
            yield Value(number, path, unquoted(quoted.group(1)) if quoted else plain, bool(quoted))


def _flow(path: tuple[str, ...], text: str, number: int) -> Iterator[Value]:
    """``{a: b, c: {d: e}}`` and ``[x, y]`` on one line, without recursion."""
    stack, key, at = [path], "", 0
    while at < len(text):
        sign = text[at]
        if sign in "{[" and len(stack) < MAX_DEPTH:
            stack.append((*stack[-1], key) if key else (stack[-1] if len(stack) == 1 else (*stack[-1], "-")))
            key, at = "", at + 1
        elif sign in "}],":
            stack = stack[:-1] if len(stack) > 1 and sign != "," else stack
            key, at = "", at + 1
        elif sign == "#" and text[at - 1].isspace():
            return
        elif not sign.isspace() and (found := _SCALAR.match(text, at)):
            word, at = found.group(), found.end()
            if colon := _COLON.match(text, at):
                key, at = unquoted(word)[:MAX_KEY], colon.end()
            else:
                yield Value(number, (*stack[-1], key or "-"), unquoted(word), word[0] in "'\"")
                key = ""
        else:
            at += 1


def unquoted(text: str) -> str:
    """A scalar without its quotes."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(r"\1", text[1:-1])
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text.strip()
