"""Files that start scripts take in: ``/etc/default/NAME``, ``/etc/sysconfig/NAME``, ``/etc/conf.d/NAME``, ``/etc/rc.conf``, ``/etc/*.env``.

``NAME=value`` as a shell or systemd (``EnvironmentFile=``, systemd.exec(5)) reads it. Kept are options, ports, addresses and paths; other words may
be secrets, and only their place is kept. What a start makes of them is settled in :mod:`asepsis.evidence.protocols.sourced`.

Known ways it lies: a value may be set under a condition, or be set again by the script that takes it in.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.credentials import find
from asepsis.evidence.protocols.shell import Assignment, script, words_of
from asepsis.evidence.protocols.sourced import MOST_TEXT
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import SourcedSettings

_PATH = re.compile(r"(?:^|/)etc/(?:(?:default|sysconfig|conf\.d)/[^/]+|rc\.conf|[\w.-]+\.env)$")
_PLACE = r"(?:[\d.]{1,15}|\[[\da-f:]{2,39}\]|\*|localhost)?(?::?\d{1,5})?|/[\w./-]{1,128}|\$\{?\w{1,64}\}?"
_WORD = re.compile(rf"--?[\w-]{{1,32}}(?:=(?:{_PLACE}))?|{_PLACE}")
_SECRET = re.compile(r"pass|pwd|secret|token|key|cred|auth|psk|pin\b", re.IGNORECASE)


class StartSettingsReader:
    """Emits one :class:`SourcedSettings` for a file that sets anything of that kind."""

    info = ReaderInfo(
        "start_settings", "Settings that start scripts take in", (SourcedSettings,), ("etc/default/*", "etc/sysconfig/*", "etc/conf.d/*")
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place, and an assignment in the head."""
        return Sureness.MAYBE if _PATH.search(path) and b"=" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """In the order of the lines, up to ``MOST_TEXT`` characters."""
        lines: list[str] = []
        for item in script(source):
            line = _kept(item) if isinstance(item, Assignment) else ""
            if line and sum(map(len, lines)) + len(line) < MOST_TEXT:
                lines.append(line)
        if not lines:
            raise NotThisFormat
        emit(SourcedSettings(source.where(), "\n".join(lines)))


def _kept(item: Assignment) -> str:
    """An assignment with ``_`` for each word that may be anything; nothing if a secret may be meant."""
    words = item.value.split()
    if not words or _SECRET.search(item.name) or any(find(("x", *words_of(item.value)))):
        return ""
    return f'{item.name}="{" ".join(word if _WORD.fullmatch(word) else "_" for word in words)}"'
