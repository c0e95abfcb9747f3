"""Tables of cron: what runs at set times, and as whom.

``minute hour day month weekday [USER] COMMAND`` or ``@reboot [USER] COMMAND`` (crontab(5)); the user stands only in ``/etc/crontab`` and
``/etc/cron.d``, a table in a spool folder is its owner's. Scripts in ``cron.daily`` and its like, and in ``/etc/periodic``, run as root.

Known ways it lies: cron itself must run; the names in ``cron.d`` with a dot are passed over by Debian's cron, not by others.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.credentials import without_secrets
from asepsis.evidence.protocols.shell import commands, script_commands, words_of
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.protocols.told import secrets_of
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret

_SYSTEM = re.compile(r"(?:^|/)etc/(?:crontab|cron\.d/(?!\.)[^/]+)$")
_SPOOL = re.compile(r"(?:^|/)(?:var/spool/cron/(?:crontabs/)?|etc/crontabs/)([\w.-]+)$")
_FOLDER = re.compile(r"(?:^|/)etc/(?:cron\.(?:hourly|daily|weekly|monthly)|periodic/\w+)/(?!\.)[^/]+$")
_TIME = r"[\d*,/\-a-zA-Z]{1,128}"
_LINE = re.compile(rf"\s*(?P<when>@\w+|{_TIME}\s+{_TIME}\s+{_TIME}\s+{_TIME}\s+{_TIME})\s+(?P<rest>\S.*)$")
_WITH_USER = 2
_LONGEST = 1024
"""Characters of a command: cron itself takes no longer lines."""


class CronReader:
    """Emits :class:`StartedProgram` for each command, and the way in that it opens."""

    info = ReaderInfo(
        "cron", "Programs that cron runs", (StartedProgram, Service, Listener, StoredSecret), ("etc/crontab", "etc/cron.d/*", "cron.daily/*")
    )
    signs = Signs(paths=(_SYSTEM, _SPOOL, _FOLDER), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder; binaries in it are no tables."""
        if b"\0" in head or not (_SYSTEM.search(path) or _SPOOL.search(path) or _FOLDER.search(path)):
            return Sureness.NO
        return Sureness.YES

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """A table line by line; a script of a folder as the one that it is, and what it calls."""
        if _FOLDER.search(source.path):
            _emit_script(source, emit)
            return
        owner = _SPOOL.search(source.path)
        seen = 0
        for number, line in source.lines():
            found = _LINE.match(line[:4096]) if not line.lstrip().startswith("#") else None
            if found:
                seen += 1
                _emit_line(source, number, found["when"], found["rest"], owner.group(1) if owner else "", emit)
        if not seen:
            raise NotThisFormat


def _emit_line(source: BoundedSource, number: int, when: str, rest: str, owner: str, emit: Emit) -> None:
    user, command = owner, rest
    if not owner:
        parts = rest.split(None, 1)
        if len(parts) < _WITH_USER:
            return
        user, command = parts
    when = when if when.startswith("@") else ""
    for item in commands([(number, command.split("%", 1)[0][:_LONGEST])]):
        for secret in secrets_of(source, number, item.words):
            emit(secret)
        for fact in facts(source.where(line=number), item.words, Start("cron", True, when, user[:64], script=True)):
            emit(fact)


def _emit_script(source: BoundedSource, emit: Emit) -> None:
    """The script itself is started, so that whatever else is known of it is known to run."""
    path = "/" + source.path
    emit(StartedProgram(source.where(line=1), path[:256], without_secrets(words_of(path)) or path[:256], "cron", enabled=True, user="root"))
    for item in script_commands(source):
        for fact in facts(source.where(line=item.line), item.words, Start("cron", True, "", "root", script=True)):
            emit(fact)
