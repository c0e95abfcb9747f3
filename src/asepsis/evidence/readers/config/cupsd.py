"""``cupsd.conf``: who may reach the print service CUPS.

``Port N`` and ``Listen ADDRESS:N`` say where it listens (cupsd.conf(5), CUPS 2.4); ``<Location /PATH>`` who may use a path: ``Order``, ``Allow``,
``Deny``, ``AuthType``. Without ``Allow`` only the device itself is let in. What is judged is ``/``: printing, and looking at what is printed.

Known ways it lies: policies (``<Policy>``) ask for a user for single operations; ``cups-browsed`` and the command ``cupsctl`` change it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)cupsd\.conf$")
_LOCAL = ("127.", "localhost", "[::1]", "::1", "/")
_EVERYWHERE = frozenset({"*", "0.0.0.0", "[::]", "::"})  # noqa: S104 - compared, not bound
_MOST_LOCATIONS = 1000


@dataclass(slots=True)
class _Location:
    """What holds for one path."""

    allows: list[str] = field(default_factory=list)
    deny_first: bool = True
    asks: bool = False
    limited: bool = False
    """The lines are about some operations only."""

    @property
    def open_to(self) -> str:
        """Who else than the device itself is let in; empty if nobody is."""
        named = [name for name in self.allows if not name.startswith(_LOCAL) and name.lower() != "none"]
        return " ".join(named)[:80] or ("" if self.deny_first else "everybody but those denied")


@dataclass(slots=True)
class _Settings:
    """What a file says: where it listens, with the line, and its paths."""

    listens: list[tuple[int, str, int | None]] = field(default_factory=list)
    locations: dict[str, _Location] = field(default_factory=dict)
    seen: int = 0


class CupsdReader:
    """Emits one :class:`Service` ``ipp``."""

    info = ReaderInfo("cupsd", "Configuration of the print service CUPS", (Service,), ("cupsd.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The whole file, then what it means."""
        settings = _settings(source)
        if not settings.seen:
            raise NotThisFormat
        outside = [listen for listen in settings.listens if not listen[1].startswith(_LOCAL)]
        line, address, port = (outside or settings.listens or [(1, "127.0.0.1", 631)])[0]
        top = settings.locations.get("/", _Location())
        if not outside or not top.open_to:
            emit(Service(source.where(line=line), "ipp", "cupsd", Auth.UNKNOWN, None, None, port or 631, "127.0.0.1", gives=Gives.RECORD))
            return
        bound = "" if address in _EVERYWHERE else address
        auth, said = Auth.PASSWORD if top.asks else Auth.NONE, f"lets in {top.open_to}"
        emit(Service(source.where(line=line), "ipp", "cupsd", auth, None, None, port or 631, bound, gives=Gives.RECORD, detail=said))


def _settings(source: BoundedSource) -> _Settings:
    settings, here = _Settings(), None
    for number, words in word_lines(source.lines()):
        key, rest = words[0].lower(), words[1:]
        if key == "<location":
            path = " ".join(rest).rstrip("> ") or "/"
            here = settings.locations.setdefault(path, _Location()) if len(settings.locations) < _MOST_LOCATIONS else _Location()
        elif key == "</location>":
            here = None
        elif here is not None:
            _of_location(here, key, rest)
        elif key == "port" and rest:
            settings.listens.append((number, "", port_of(rest[0])))
        elif key in {"listen", "ssllisten"} and rest:
            settings.listens.append((number, *_listen(rest[0])))
        settings.seen += key in {"<location", "port", "listen", "ssllisten", "defaultauthtype", "webinterface", "browsing"}
    return settings


def _of_location(location: _Location, key: str, rest: list[str]) -> None:
    if key in {"<limit", "<limitexcept", "</limit>", "</limitexcept>"}:
        location.limited = not key.startswith("</")
    elif location.limited:
        return
    elif key == "allow" and len(location.allows) < _MOST_LOCATIONS:
        location.allows += [word for word in rest if word.lower() != "from"]
    elif key == "order" and rest:
        location.deny_first = not rest[0].lower().startswith("deny")
    elif key == "authtype" and rest:
        location.asks = rest[0].lower() != "none"


def _listen(text: str) -> tuple[str, int | None]:
    """Address and port of ``localhost:631``, ``*:631``, ``[::1]:631``, ``/run/cups/cups.sock``."""
    if text.startswith("/"):
        return text[:64], None
    if text.isdecimal():
        return "", port_of(text)
    address, found, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    return (address, port_of(port)) if found else (text[:64], None)
