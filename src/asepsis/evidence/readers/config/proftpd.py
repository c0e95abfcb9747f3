"""``proftpd.conf`` and ``pure-ftpd.conf``: who may fetch and leave files over FTP.

ProFTPD: an ``<Anonymous …>`` block lets strangers in, root stays out unless ``RootLogin on`` (mod_core, mod_auth). Pure-FTPd: ``NoAnonymous
yes`` keeps strangers out, ``AnonymousOnly yes`` admits nobody else, accounts below ``MinUID`` (root is 0) stay out.

Known ways it lies: being there does not mean that the server runs; Debian's Pure-FTPd keeps each option in a file of its own.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.text import is_of_another_program, word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)(proftpd|pure-ftpd)\.conf$")


class ProftpdReader:
    """Emits one :class:`Service` ``ftp``."""

    info = ReaderInfo("proftpd", "Configuration of ProFTPD and Pure-FTPd", (Service,), ("proftpd.conf", "pure-ftpd.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and not is_of_another_program(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Keywords are case-blind; the last value counts."""
        settings = {words[0].lower(): (number, words[1] if len(words) > 1 else "") for number, words in word_lines(source.lines())}
        found = _PATH.search(source.path)
        program = found.group(1) if found else "proftpd"
        anonymous = _anonymous(program, settings)
        tls = settings.get("tlsrequired", settings.get("tls", (0, "")))[1].lower()
        emit(
            Service(
                source.where(line=anonymous or 1),
                "ftp",
                program=program,
                auth=Auth.NONE if anonymous else Auth.PASSWORD,
                encrypted=tls in {"on", "2", "3"},
                port=port_of(settings.get("port", (0, "21"))[1]),
                root_log_in=_root(program, settings),
                gives=Gives.READING if anonymous else Gives.CONTROL,
                detail="strangers may read files" if anonymous else "",
            )
        )


def _anonymous(program: str, settings: dict[str, tuple[int, str]]) -> int:
    """The line that lets strangers in, or 0."""
    if program == "proftpd":
        return settings.get("<anonymous", (0, ""))[0]
    number, value = settings.get("noanonymous", (0, ""))
    return number if value.lower() == "no" else settings.get("anonymousonly", (0, ""))[0] if settings.get("anonymousonly", (0, ""))[1] == "yes" else 0


def _root(program: str, settings: dict[str, tuple[int, str]]) -> bool | None:
    """Whether root may log in; Pure-FTPd has no default of its own that would let root in, but builders change it."""
    if program == "proftpd":
        return settings.get("rootlogin", (0, "off"))[1].lower() in {"on", "yes", "true", "1"}
    return settings["minuid"][1] == "0" if "minuid" in settings else None
