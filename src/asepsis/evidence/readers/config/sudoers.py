"""``/etc/sudoers`` and ``sudoers.d``: accounts that become root without being asked.

``user host = (run as) NOPASSWD: command, …`` (sudoers(5), sudo 1.9). What is read are the lines that give every command, as root, without a
password: ``service ALL=(ALL) NOPASSWD: ALL``, ``%wheel ALL=(ALL:ALL) NOPASSWD: ALL``, and ``Defaults !authenticate`` for all other lines.

Known ways it lies: aliases (``User_Alias``) stand for other names and are not followed; the last line that matches an account counts.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)etc/sudoers(?:\.d/[^/.~]+)?$")
_TAGS = r"(?: ?(?:NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT|MAIL|NOMAIL|FOLLOW|NOFOLLOW|INTERCEPT|NOINTERCEPT) ?:)*"
_RULE = re.compile(
    rf"(?!\w+_Alias |Defaults)(?P<who>%?[\w.-]+(?: ?, ?%?[\w.-]+)*) [^\s=]+ ?= ?(?:\( ?(?:ALL|root) ?(?::[^)]*)?\))?{_TAGS}"
    rf" ?(?P<free>NOPASSWD ?:)?{_TAGS} ?(?:[^\s,]+ ?, ?)*ALL ?(?:,.*)?$"
)
_NEVER_ASKS = re.compile(r"Defaults (?:.*, ?)?! ?authenticate\b")
_LONGEST_LINE = 1024


class SudoersReader:
    """Emits a :class:`LogInPolicy` for each account or group that becomes root without a password."""

    info = ReaderInfo("sudoers", "Who becomes root with sudo", (LogInPolicy,), ("etc/sudoers", "etc/sudoers.d/*"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        lines = [(number, " ".join(line.partition("#")[0].split())) for number, line in source.lines() if len(line) <= _LONGEST_LINE]
        lines = [(number, line) for number, line in lines if line]
        if not lines:
            raise NotThisFormat
        never = any(_NEVER_ASKS.match(line) for _, line in lines)
        for number, line in lines:
            found = _RULE.match(line)
            if found and (never or found["free"]):
                for name in found["who"].split(","):
                    emit(LogInPolicy(source.where(line=number), "sudo", "root without password", name.strip()[:64]))
