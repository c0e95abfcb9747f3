"""Upstart jobs: ``etc/init/NAME.conf``.

``start on runlevel [2345]`` says when, ``exec COMMAND`` or ``script … end script`` what, ``setuid USER`` as whom; ``manual`` (in the job or in
``NAME.override``) keeps it from starting (Upstart 1.13, init(5)).

Known ways it lies: an event that never comes starts nothing; an ``.override`` file may change every line of the job.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.shell import commands, words_of
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.protocols.told import secrets_of
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|/)etc/init/[^/]+\.conf$")
_STANZA = re.compile(r"^[ \t]*(?:start on|stop on|exec|script|respawn|task|description)\b", re.MULTILINE)
_STARTS = re.compile(r"\s*start\s+on\s+(.*)")
_LEVELS = re.compile(r"runlevel\s+\[!?([0-6S]+)\]")
_EXEC = re.compile(r"\s*(?:post-start\s+|pre-start\s+)?exec\s+(.*)")
_SCRIPT = re.compile(r"\s*(?:post-start\s+|pre-start\s+)?script\s*\Z")
_USER = re.compile(r"\s*setuid\s+(\S+)")


class UpstartReader:
    """Emits :class:`StartedProgram` for each command of a job, the way in that it opens and the secrets in it."""

    info = ReaderInfo("upstart", "Programs that Upstart starts", (StartedProgram, Service, Listener, StoredSecret), ("etc/init/*.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder, and a stanza in the head."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _STANZA.search(head.decode("latin-1")) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """What starts it first: it may stand anywhere in the job."""
        rows = list(source.lines())
        start = next((found.group(1) for _, row in rows for found in [_STARTS.match(row)] if found), "")
        manual = any(row.strip() == "manual" for _, row in rows)
        levels = _LEVELS.search(start)
        user = next((found.group(1)[:64] for _, row in rows for found in [_USER.match(row)] if found), "")
        how = Start("upstart", bool(start) and not manual, levels.group(1) if levels else "", user)
        seen = 0
        for line, words in _commands(rows):
            seen += 1
            for secret in secrets_of(source, line, words):
                emit(secret)
            for fact in facts(source.where(line=line), words, how):
                emit(fact)
        if not seen:
            raise NotThisFormat


def _commands(rows: list[tuple[int, str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Of ``exec`` stanzas and of scripts."""
    script: list[tuple[int, str]] = []
    inside = False
    for number, row in rows:
        run = None if inside else _EXEC.match(row)
        if run:
            yield number, words_of(run.group(1))
        elif inside and row.split() == ["end", "script"]:
            inside = False
        elif inside:
            script.append((number, row))
        else:
            inside = _SCRIPT.match(row) is not None
    for command in commands(script):
        yield command.line, command.words
