"""Here-documents of shell scripts (POSIX.1-2024, Shell Command Language, 2.7.4): where one opens, where it ends, what is its text. No I/O.

``<<WORD`` opens one outside quotes, comments, ``$((…))``, ``((…))`` and ``$[…]``; ``<<<`` never does. Any word may be the delimiter, quoted or not.
Known ways it lies: a line is looked at by itself, so in a quotation that began on an earlier line ``<<WORD`` counts; only a document whose end
is there is taken, so that no such mistake hides the rest of a script. An end may be indented, which the shell allows only for ``<<-`` and tabs.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.text import Lines

MAX_AHEAD = 262_144
"""Lines from the opening one to the end of a here-document; a longer one counts as unfinished."""

_BARE = re.compile(
    r"\\.|'[^']*'|\$\{[^}]{0,256}\}|\$\[[^\]]{0,256}\]|<<<+|(?P<comment>(?:(?<=[\s;&|()])|^)\#)|(?P<arithmetic>\$?\(\()|(?P<open>\()|(?P<close>\))"
    r"|(?P<quote>\")|<<-?[ \t]*(?P<word>(?:\\.|'[^']*'|\"[^\"]*\"|[^\s;&|()<>'\"\\])+)"
)
_QUOTED = re.compile(r"\\.|(?P<arithmetic>\$\(\()|(?P<open>\$\()|(?P<quote>\")")
_NOT_THE_WORD = re.compile(r"\\(.)|['\"]")


@dataclass(frozen=True, slots=True)
class Opened:
    """A here-document that a line opens: the line that ends it, and whether its text is taken ``literal``, without continuations."""

    delimiter: str
    literal: bool


def opened(text: str) -> Iterator[Opened]:
    """The here-documents that one line opens, in order."""
    for found in _marks(text):
        if found.lastgroup == "word":
            word = found["word"]
            delimiter = _NOT_THE_WORD.sub(r"\1", word)
            yield Opened(delimiter.strip(), delimiter != word)


def ends_in_comment(text: str) -> bool:
    """Whether the line ends in a comment."""
    return "#" in text and any(found.lastgroup == "comment" for found in _marks(text))


def _marks(text: str) -> Iterator[re.Match[str]]:
    """What counts in a line: the words of here-documents and the comment, which is the last."""
    inside: list[str] = []
    last_quote, position = text.rfind('"'), 0
    while found := (_QUOTED if inside[-1:] == ['"'] else _BARE).search(text, position):
        position = found.end()
        arithmetic = inside[-1:] == ["(("]
        if found.lastgroup == "comment" and not arithmetic:
            yield found
            return
        if found.lastgroup == "word" and not arithmetic:
            yield found
        _enter_or_leave(inside, found, arithmetic=arithmetic, is_closed=found.start() < last_quote)


def _enter_or_leave(inside: list[str], found: re.Match[str], *, arithmetic: bool, is_closed: bool) -> None:
    """Keep account of the quotes and brackets that are open; a quotation mark that has no partner on its line opens nothing."""
    kind = found.lastgroup
    if kind == "arithmetic":
        inside += ["((", "(("]
    elif kind == "open":
        inside.append("((" if arithmetic else "(")
    elif (kind == "close" and inside) or (kind == "quote" and inside[-1:] == ['"']):
        inside.pop()
    elif kind == "quote" and is_closed:
        inside.append('"')


class Rows:
    """The lines of a script, of which a here-document may be taken off; looks at each line once, however many documents have no end."""

    def __init__(self, lines: Lines) -> None:
        self._lines = iter(lines)
        self._ahead: deque[tuple[int, str]] = deque()
        self._ends: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        if not self._ahead:
            return next(self._lines)
        row = self._ahead.popleft()
        end = row[1].strip()
        self._ends[end] -= 1
        if not self._ends[end]:
            del self._ends[end]
        return row

    def until(self, delimiter: str) -> Iterator[tuple[int, str]]:
        """The lines before the next one that is the delimiter, which is taken off too; none if there is no such line."""
        if self._comes(delimiter):
            yield from iter(lambda: self._before(delimiter), None)

    def _before(self, delimiter: str) -> tuple[int, str] | None:
        row = next(self)
        return None if row[1].strip() == delimiter else row

    def _comes(self, delimiter: str) -> bool:
        while delimiter not in self._ends and len(self._ahead) < MAX_AHEAD:
            row = next(self._lines, None)
            if row is None:
                break
            self._ahead.append(row)
            self._ends[row[1].strip()] += 1
        return delimiter in self._ends
