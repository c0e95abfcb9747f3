"""Shell scripts as far as their commands can be told without running them. No I/O.

Known: quotes, comments, continuations, ``;`` ``&`` ``|`` ``&&`` ``||``, ``case`` labels, keywords, literal variables of the same script,
here-documents. Not known: functions, globbing, arithmetic. A command in a branch that is never taken is still listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from asepsis.evidence.protocols.here_documents import Rows, ends_in_comment, opened
from asepsis.evidence.protocols.text import Lines
from asepsis.guard.source import BoundedSource

KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "for", "case", "esac", "{", "}", "!", "(", ")", "in", "time"}
)
MAX_LINE = 8192
MAX_WORD = 4096
"""Characters; a doubled variable can grow without end."""
MAX_COMMAND = 65_536
"""Characters of all words of one command, for the same reason."""
SHARED_BYTES = 262_144
"""Of a script whose parts are kept for the next reader; a longer one is taken apart again, because the parts need many times its memory."""

_ASSIGNMENT = re.compile(r"(?:(?:export|local|readonly|declare|typeset)\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)=")
_LABEL = re.compile(r"\s*+\(?[\"']?[\w.*|?\-\[\]\"' ]++\)\s*")
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::?-([^{}]*))?\}|\$([A-Za-z_]\w*)")
_TOKEN = re.compile(
    r"\s+|(?P<end>\|\||&&|\|&|[;&|\n()])|(?P<word>(?:\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|\$\([^()]*\)|`[^`]*`|\$\{[^}]{0,256}\}|[^\s;&|()'\"\\]|['\"\\])+)"
)
_PLAIN = re.compile(r"[^\\'\"$`;&|()#<]*")
"""A line that is words and white space only, as most are."""
_PIECE = re.compile(r"\\(.)|'([^']*)'|\"((?:\\.|[^\"\\])*)\"|([^'\"\\]+|['\"\\])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command: its ``words`` with quotes and literal variables resolved, what follows it (``|``, ``&`` …), a here-document's lines.

    ``written`` is the command as it stands there, if there are variables in it.
    """

    line: int
    words: tuple[str, ...]
    end: str = ""
    document: tuple[tuple[int, str], ...] = ()
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """``NAME=value`` of a script: its quotes gone, variables kept; ``written`` is the value with its quotes and defaults."""

    line: int
    name: str
    value: str
    written: str = field(default="", compare=False)


def script(source: BoundedSource) -> Iterable[Command | Assignment]:
    """Commands and assignments of a whole file, taken apart once for all readers that ask."""
    if source.size > SHARED_BYTES:
        return parse(source.lines())
    return source.once("shell", lambda: tuple(parse(source.lines())))


def script_commands(source: BoundedSource) -> Iterator[Command]:
    """Only the commands of :func:`script`."""
    return (item for item in script(source) if isinstance(item, Command))


def parse(lines: Lines) -> Iterator[Command | Assignment]:
    """Commands and assignments in the order of the script."""
    variables: dict[str, str] = {}
    rows = Rows(lines)
    for number, text in _logical(rows):
        document = tuple(_document(rows, text)) if "<<" in text else ()
        for item in _simple(number, text, variables):
            yield replace(item, document=document) if document and isinstance(item, Command) else item


def commands(lines: Lines) -> Iterator[Command]:
    """Only the commands."""
    return (item for item in parse(lines) if isinstance(item, Command))


def words_of(text: str) -> tuple[str, ...]:
    """The words of one command line, quotes resolved; stops at the first separator."""
    found = (item.words for item in _simple(1, text[:MAX_LINE], {}) if isinstance(item, Command))
    return next(found, ())


def _logical(lines: Lines, *, is_text: bool = False) -> Iterator[tuple[int, str]]:
    """Lines with their continuations joined, over-long ones cut; in the text of a here-document nothing is a comment."""
    pending, start = "", 0
    for number, raw in lines:
        start = start if pending else number
        if raw.endswith("\\") and len(pending) < MAX_LINE and (is_text or _goes_on(pending, raw[:MAX_LINE])):
            pending += raw[:-1] + " "
            continue
        yield start, (pending + raw)[:MAX_LINE]
        pending = ""
    if pending:
        yield start, pending[:MAX_LINE]


def _goes_on(pending: str, raw: str) -> bool:
    """Whether the last backslash continues the line: not in a comment, unless its ``#`` may stand in a quotation that is still open."""
    return bool(pending.count('"') % 2 or pending.count("'") % 2) or not ends_in_comment(raw)


def _document(rows: Rows, text: str) -> Iterator[tuple[int, str]]:
    """Take the lines of the here-documents that a line opens off ``rows``."""
    for here in opened(text):
        body = rows.until(here.delimiter)
        yield from ((number, row[:MAX_LINE]) for number, row in body) if here.literal else _logical(body, is_text=True)


def _simple(number: int, text: str, variables: dict[str, str]) -> Iterator[Command | Assignment]:
    if _PLAIN.fullmatch(text):
        yield from _finish(number, text.split(), "", variables)
        return
    label = _LABEL.match(text) if ")" in text else None
    position = label.end() if label and "$(" not in label.group() else 0
    words: list[str] = []
    for token in _TOKEN.finditer(text, position):
        word = token.group("word")
        if word and word.startswith("#") and (token.start() == 0 or text[token.start() - 1].isspace()):
            break
        if word:
            words.append(word)
        elif token.group("end"):
            yield from _finish(number, words, token.group("end"), variables)
            words = []
    yield from _finish(number, words, "", variables)


def _finish(number: int, raw: list[str], end: str, variables: dict[str, str]) -> Iterator[Command | Assignment]:
    """Turn the raw words up to a separator into assignments and one command."""
    start = 0
    while start < len(raw) and raw[start] in KEYWORDS:
        start += 1
    while start < len(raw) and (raw[start] in {"export", "local", "readonly"} or _ASSIGNMENT.match(raw[start])):
        found = _ASSIGNMENT.match(raw[start])
        if found:
            value = raw[start][found.end() :]
            variables[found.group(1)] = _resolve(value, variables)[0]
            yield Assignment(number, found.group(1), _resolve(value, {})[0], value[:MAX_WORD])
        start += 1
    words = tuple(_bounded(part for word in islice(raw, start, None) for part in _split(word, variables)))
    if words:
        written = " ".join(raw[start:])
        yield Command(number, words, end, written=written if "$" in written else "")


def _bounded(words: Iterable[str]) -> Iterator[str]:
    left = MAX_COMMAND
    for word in words:
        left -= len(word)
        if left < 0:
            return
        yield word


def _split(word: str, variables: dict[str, str]) -> Iterable[str]:
    """One raw word as words: an unquoted variable may hold several."""
    if _PLAIN.fullmatch(word):
        return (word[:MAX_WORD],)
    text, quoted = _resolve(word, variables)
    return (text,) if quoted or "$" not in word else text.split()


def _resolve(word: str, variables: dict[str, str]) -> tuple[str, bool]:
    """Quotes taken off and literal variables put in; whether anything was quoted."""
    quoted, out = False, []
    for escaped, single, double, bare in _PIECE.findall(word[:MAX_WORD]):
        quoted = quoted or bool(single or double)
        out.append(escaped or single or _expand(double.replace('\\"', '"') + bare, variables))
    return "".join(out)[:MAX_WORD], quoted or word in {"''", '""'}


def _expand(text: str, variables: dict[str, str]) -> str:
    left = MAX_WORD

    def value(found: re.Match[str]) -> str:
        nonlocal left
        name = found.group(1) or found.group(3)
        known = variables.get(name, found.group(2) if found.group(2) is not None else found.group())[: max(0, left)]
        left -= len(known)
        return known

    return _VARIABLE.sub(value, text) if "$" in text else text
