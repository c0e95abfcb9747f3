"""``rsyncd.conf``: folders that an rsync daemon gives away.

``[MODULE]`` sections with ``path``; ``read only`` is on unless it is switched off; ``auth users`` asks for a password, ``hosts allow`` narrows;
settings before the first section are defaults of all (rsyncd.conf(5)).

Known ways it lies: the daemon may run as a user who can write nothing; ``hosts allow`` believes an address.
"""

from __future__ import annotations

import re
from itertools import groupby

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)rsyncd\.conf$")
_NO = frozenset({"no", "false", "0"})


class RsyncdReader:
    """Emits a :class:`Service` ``rsync`` for each module."""

    info = ReaderInfo("rsyncd", "Folders of the rsync daemon", (Service,), ("rsyncd.conf",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a module in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Module by module."""
        common: dict[str, str] = {}
        seen = 0
        for name, entries in groupby(key_file(source.lines()), key=lambda entry: entry.section):
            rows = list(entries)
            own = {entry.key.lower(): entry.value for entry in rows}
            if not name or name == "global":
                common.update(own)
            elif "path" in own:
                seen += 1
                emit(_service(source, rows[0].line, name, {**common, **own}))
        if not seen:
            raise NotThisFormat


def _service(source: BoundedSource, line: int, name: str, settings: dict[str, str]) -> Service:
    writes = settings.get("read only", "yes").lower() in _NO or settings.get("write only", "no").lower() not in {*_NO, ""}
    hosts = settings.get("hosts allow", "")
    asks = bool(settings.get("auth users"))
    who = "whoever knows the password" if asks else f"{hosts[:48]}" if hosts else "anybody"
    return Service(
        source.where(line=line),
        "rsync",
        "rsync",
        Auth.PASSWORD if asks else Auth.UNKNOWN if hosts else Auth.NONE,
        encrypted=False,
        port=port_of(settings.get("port", "")) or 873,
        address=settings.get("address", "")[:64],
        gives=Gives.CONTROL if writes else Gives.READING,
        detail=f"{who} may {'read and write' if writes else 'read'} {settings['path'][:64]}",
        subject=name[:64],
    )
