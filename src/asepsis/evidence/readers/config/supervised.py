"""Services under a supervisor: the ``run`` scripts of runit, s6, s6-overlay and daemontools.

Each service is a folder with a script ``run``. A folder in ``/etc/service``, ``/service``, ``/var/service`` or ``/etc/services.d`` runs; one in
``/etc/sv`` or ``s6-rc.d`` runs only if it is linked or listed elsewhere. A file ``down`` beside ``run`` keeps it from starting (runsv(8),
s6-supervise).

Known ways it lies: links to whole folders are not followed, so a service of ``/etc/sv`` may be on; the script may end before it starts anything.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.shell import script_commands
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.protocols.told import secrets_of
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|/)(?:(?P<on>service|services\.d|s6/services)|sv|runit|s6-rc\.d|s6-rc/source)/[^/]+/(?:run|up)$")
_SHELL = re.compile(rb"#!\s*/\S*(?:sh|env)\b")
"""The reader of scripts tells of the secrets in these."""
_USERS = frozenset({"chpst", "s6-setuidgid", "setuidgid", "softlimit", "s6-softlimit", "execlineb", "exec", "fdmove", "env"})


class SupervisedReader:
    """Emits :class:`StartedProgram` for each program that a run script starts, the way in that it opens and the secrets in it."""

    info = ReaderInfo(
        "supervised", "Programs that a supervisor keeps running", (StartedProgram, Service, Listener, StoredSecret), ("etc/service/*/run",)
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name, and a first line that names an interpreter."""
        return Sureness.YES if _PATH.search(path) and head.startswith(b"#!") and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Each command of the script, without what only sets the user."""
        found = _PATH.search(source.path)
        on = True if any(_is_on(name) for name in (source.path, *source.link_names)) or found is None else None
        is_shell, seen = _SHELL.match(bytes(source.buffer[:256])) is not None, 0
        for command in script_commands(source):
            seen += 1
            words, user = _unwrapped(command.words)
            for secret in () if is_shell else secrets_of(source, command.line, words):
                emit(secret)
            for fact in facts(source.where(line=command.line), words, Start("supervised", on, user=user, script=True)):
                emit(fact)
        if not seen:
            raise NotThisFormat


def _is_on(name: str) -> bool:
    found = _PATH.search(name)
    return found is not None and found["on"] is not None


def _unwrapped(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """``exec chpst -u USER PROGRAM``: the program, and the user."""
    user = ""
    while words and words[0].rsplit("/", 1)[-1] in _USERS:
        name, words = words[0].rsplit("/", 1)[-1], words[1:]
        if name in {"s6-setuidgid", "setuidgid"} and len(words) > 1:
            user, words = words[0][:64], words[1:]
        while len(words) > 1 and words[0].startswith("-"):
            user, words = (words[1][:64], words[2:]) if words[0] == "-u" else (user, words[1:])
    return words, user.split(":")[0]
