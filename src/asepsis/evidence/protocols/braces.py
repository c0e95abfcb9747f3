"""Settings in braces, as strongSwan and FreeRADIUS write them: ``name { key = value  other { … } }``. No I/O.

strongswan.conf(5), FreeRADIUS's clients.conf: a block opens at the end of a line (or stands on one), ``#`` begins a comment outside of quotes,
a value may stand in double quotes with backslash escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.text import MAX_VALUE, Entry, Lines

MAX_DEPTH = 32
INTO = "\x1f"
"""Between the names of blocks in each other: a name may hold every sign that is written, ``client 10.0.0.0/24``."""
MAX_NAME = 128

_PIECE = re.compile(r'"((?:\\.|[^"\\])*)"?|([{}#;])|([^\s"{}#;=]+)|(=|:=|==|\+=)|\s+')
_ESCAPE = re.compile(r"\\(.)")


def entries(lines: Lines) -> Iterator[Entry]:
    """Each ``key = value`` with its blocks, outermost first, joined by ``INTO``."""
    blocks: list[str] = []
    lost = 0
    for number, raw in lines:
        key, value, words = "", None, list[str]()
        for kind, text in _pieces(raw[:MAX_VALUE]):
            if kind == "word":
                words.append(text)
            elif text == "=":
                key, words, value = words[-1] if words else "", [], ""
            elif text in "{};":
                if value is not None:
                    yield Entry(number, INTO.join(blocks), key, " ".join(words))
                lost = _nest(blocks, " ".join(words) if value is None else "", text, lost)
                key, value, words = "", None, []
        if value is not None:
            yield Entry(number, INTO.join(blocks), key, " ".join(words))


def innermost(entry: Entry) -> str:
    """The name of the block that an entry stands in."""
    return entry.section.rsplit(INTO, 1)[-1]


def _nest(blocks: list[str], name: str, sign: str, lost: int) -> int:
    """Open or close a block; ``lost`` counts those too deep to be kept."""
    if sign == "{":
        if len(blocks) >= MAX_DEPTH:
            return lost + 1
        blocks.append(name[:MAX_NAME].replace(INTO, " "))
    elif sign == "}" and lost:
        return lost - 1
    elif sign == "}" and blocks:
        blocks.pop()
    return lost


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Words, with their quotes and escapes undone, and the signs between them, up to a comment."""
    for found in _PIECE.finditer(line):
        quoted, sign, word, assign = found.groups()
        if sign == "#":
            return
        if assign:
            yield "sign", "="
        elif sign:
            yield "sign", sign
        elif quoted is not None:
            yield "word", _ESCAPE.sub(r"\1", quoted)
        elif word:
            yield "word", word
