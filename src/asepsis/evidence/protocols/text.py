"""Small grammars that many configuration files share: key files, UCI sections, plain ``key value`` lines. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Lines = Iterable[tuple[int, str]]
"""Line number (from 1) and text, as :meth:`asepsis.guard.source.BoundedSource.lines` gives them."""

MAX_VALUE = 4096
"""Characters of one value that are looked at: longer ones are no secret and no setting."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A ``key`` and its ``value`` in a ``section`` (empty if none) at ``line``."""

    line: int
    section: str
    key: str
    value: str


def key_file(lines: Lines, *, separator: str = "=", comments: str = "#;") -> Iterator[Entry]:
    """``[section]`` and ``key=value`` lines: NetworkManager, iwd, systemd, xvnc, properties."""
    section = ""
    for number, raw in lines:
        line = raw.strip()
        if not line or line[0] in comments:
            continue
        if line[0] == "[" and line[-1] == "]":
            section = line[1:-1].strip()
            continue
        key, found, value = line.partition(separator)
        if found:
            yield Entry(number, section, key.strip(), value.strip()[:MAX_VALUE])


def word_lines(lines: Lines, *, comments: str = "#") -> Iterator[tuple[int, list[str]]]:
    """The words of each line that is no comment: sshd_config, snmpd.conf, inetd.conf."""
    for number, raw in lines:
        line = raw.strip()
        if line and line[0] not in comments:
            yield number, line[:MAX_VALUE].split()


_ABOUT_A_PROGRAM = re.compile(
    r"(?:^|/)(?:tmpfiles|logrotate|sysusers|pam|insserv\.conf|ld\.so\.conf|modprobe|modules-load|sudoers|apparmor|fail2ban|monit|dbus-1/system)\.d/"
)


def is_of_another_program(path: str) -> bool:
    """A file named after a program that another one reads: ``tmpfiles.d/vsftpd.conf`` makes a folder and sets nothing of vsftpd's."""
    return _ABOUT_A_PROGRAM.search(path) is not None


def unquote(value: str) -> str:
    """Without one pair of quotes around it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


_GLIB_ESCAPE = re.compile(r"\\([sntr\\])")
_GLIB_CHARACTERS = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def glib_text(value: str) -> str:
    r"""A value of a GLib key file, or of iwd's, with its escapes undone: ``\s`` is a space that would else be stripped."""
    return _GLIB_ESCAPE.sub(lambda found: _GLIB_CHARACTERS[found.group(1)], value)


@dataclass(frozen=True, slots=True)
class Section:
    """A UCI section: its type, its name (empty if anonymous), the line it begins at, and its options with their lines."""

    type: str
    name: str
    line: int
    options: dict[str, Entry] = field(default_factory=dict)

    def get(self, key: str, default: str = "") -> str:
        """The value of an option."""
        entry = self.options.get(key)
        return entry.value if entry else default


def uci(lines: Lines) -> Iterator[Section]:
    """Sections of an OpenWrt configuration: ``config TYPE 'NAME'``, ``option KEY 'VALUE'``; of a list the first value is kept."""
    section: Section | None = None
    for number, raw in lines:
        words = raw.strip().split(None, 2)
        if not words or words[0].startswith("#"):
            continue
        if words[0] in {"config", "package"}:
            if section:
                yield section
            section = Section(unquote(words[1]) if len(words) > 1 else "", unquote(words[2]) if len(words) > 2 else "", number)  # noqa: PLR2004
        elif words[0] in {"option", "list"} and section and len(words) == 3:  # noqa: PLR2004
            key = unquote(words[1])
            section.options.setdefault(key, Entry(number, section.type, key, _uci_value(words[2])))
    if section:
        yield section


_UCI_PIECE = re.compile(r"'([^']*)'?|\"((?:\\.|[^\"\\])*)\"?|\\(.)|([^\s'\"\\]+)")


def _uci_value(text: str) -> str:
    r"""One word of shell quoting: a quoted piece ends at its quote, pieces join (``'it'\''s'``), white space outside ends the word."""
    word, at = "", 0
    text = text.strip()[:MAX_VALUE]
    while found := _UCI_PIECE.match(text, at):
        single, double, escaped, bare = found.groups()
        word, at = word + (single or re.sub(r"\\(.)", r"\1", double or "") or escaped or bare or ""), found.end()
    return word
