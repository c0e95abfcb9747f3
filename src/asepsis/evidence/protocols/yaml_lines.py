"""The part of YAML that settings are written in: nested mappings and their plain or quoted values, with lines. No I/O.

YAML 1.2 block mappings and sequences by indentation, flow mappings and sequences on one line, quotes, comments. Anchors, aliases, tags and merge keys
are not followed, so that nothing can unfold; the text of a block scalar is skipped; a value that goes on in the next line is cut.
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


_KEY = re.compile(r"""("(?:\\.|[^"\\]){0,256}"|'(?:''|[^']){0,256}'|[^\s#'"\[\]{},&*!|>%@`-][^#:]{0,255}?|-[^\s#:][^#:]{0,254}?)\s*:(?:\s+|$)""")
_SCALAR = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^\s,{}\[\]][^,{}\[\]]*)""")
_QUOTED = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:''|[^'])*')\s*(?:#.*)?$""")
_PLAIN_END = re.compile(r"\s#")
_ESCAPE = re.compile(r'\\(["\\/ ])')


def values(lines: Lines) -> Iterator[Value]:
    """Every scalar value of every mapping and sequence."""
    stack: list[tuple[int, str]] = []
    skipped = -1
    for number, raw in lines:
        line = raw[: MAX_VALUE * 4].rstrip()
        text = line.lstrip(" ")
        if not text or text[0] == "#" or text in {"---", "..."}:
            continue
        indent = len(line) - len(text)
        if skipped >= 0 and indent > skipped:
            continue
        skipped = -1
        while stack and stack[-1][0] >= indent:
            stack.pop()
        rest, indent = _items(stack, text, indent)
        yield from _line(stack, rest, indent, number)
        if rest.endswith(("|", ">", "|-", ">-", "|+", ">+")):
            skipped = indent


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
    path = tuple(key for _, key in stack)
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
        elif sign in "}]":
            stack = stack[:-1] if len(stack) > 1 else stack
            key, at = "", at + 1
        elif found := _SCALAR.match(text, at):
            at = found.end()
            key, value = _pair(found.group(1), text, at, key)
            at += 1 if text[at : at + 1] == ":" else 0
            if value is not None:
                yield Value(number, (*stack[-1], key) if key else (*stack[-1], "-"), unquoted(value), value[0] in "'\"")
                key = ""
        else:
            at += 1


def _pair(word: str, text: str, at: int, key: str) -> tuple[str, str | None]:
    """A word is a key if a colon follows it or stands inside it, else a value."""
    if word[0] in "'\"":
        return (unquoted(word)[:MAX_KEY], None) if text[at : at + 1] == ":" else (key, word)
    name, colon, value = word.partition(":")
    if not key and colon and (not value or value[0] == " "):
        return name.strip()[:MAX_KEY], value.strip() or None
    return key, word.strip()


def unquoted(text: str) -> str:
    """A scalar without its quotes."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(r"\1", text[1:-1])
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text.strip()
