"""``/etc/sudoers`` and ``sudoers.d``: accounts that become root without being asked.

``user host = (run as) NOPASSWD: command, …`` (sudoers(5), sudo 1.9). What is read are the lines that give, as root, every command or one that is as
good as that: ``service ALL=(ALL) NOPASSWD: ALL``, ``%wheel ALL=NOPASSWD: /bin/sh``. Their aliases (``User_Alias``, ``Runas_Alias``, ``Cmnd_Alias``)
and ``Defaults !authenticate`` may stand in any file; that is settled in :mod:`asepsis.evidence.protocols.sudo_rules`.

Known ways it lies: an alias that no file defines is taken for an account; the last line that matches an account counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.sudo_rules import Cut, told
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)etc/sudoers(?:\.d/[^/.~]+)?$")
_LONGEST_LINE = 1024


class SudoersReader:
    """Emits a :class:`LogInPolicy` for each account or group that becomes root, and for each line that other files complete."""

    info = ReaderInfo("sudoers", "Who becomes root with sudo", (LogInPolicy,), ("etc/sudoers", "etc/sudoers.d/*"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line. Raises ``LimitReached`` after what was kept, if a line or the aliases are too long to be followed."""
        cut: Cut = set()
        lines = list(_lines(source, cut))
        if not lines and not cut:
            raise NotThisFormat
        for index, says, names in told([line for _, line in lines], cut):
            emit(LogInPolicy(source.where(line=lines[index][0]), "sudo", says, names))
        for limit, most in sorted(cut):
            raise LimitReached(limit, most, most + 1)


def _lines(source: BoundedSource, cut: Cut) -> Iterator[tuple[int, str]]:
    """Lines without comments and doubled blanks; a line that ends in a backslash goes on in the next, and over-long ones are ``cut``."""
    first, text = 0, ""
    for number, raw in source.lines():
        line = raw.partition("#")[0].rstrip()
        first = first or number
        text = f"{text} {line.removesuffix(chr(92))}"[: _LONGEST_LINE + 2]
        if line.endswith("\\"):
            continue
        whole = " ".join(text.split())
        if len(text) > _LONGEST_LINE + 1:
            cut.add(("sudoers_line", _LONGEST_LINE))
        elif whole:
            yield first, whole
        first, text = 0, ""
