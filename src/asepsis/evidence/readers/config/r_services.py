"""``hosts.equiv`` and ``.rhosts``: machines that may log in over rsh and rlogin without a password.

``HOST [USER]`` lines; ``+`` stands for every host or every user (hosts.equiv(5)).

Known ways it lies: the file does nothing unless rshd or rlogind runs.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)(?:hosts\.equiv|\.rhosts|\.shosts|shosts\.equiv)$")


class RServicesReader:
    """Emits a :class:`Service` ``rsh`` without a log-in for each line that trusts everybody."""

    info = ReaderInfo("r_services", "Hosts trusted without a password", (Service,), ("etc/hosts.equiv", ".rhosts"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        for number, words in word_lines(source.lines()):
            if words[0] == "+":
                detail = "every host is trusted without a password" + (" as every user" if words[1:2] == ["+"] else "")
                where = source.where(line=number)
                emit(
                    Service(where, "rsh", auth=Auth.NONE, encrypted=False, port=514, root_log_in=source.path.endswith("root/.rhosts"), detail=detail)
                )
