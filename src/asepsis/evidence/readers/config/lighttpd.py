"""``lighttpd.conf``: where the web server listens, and whether it asks for a password itself.

``server.port = 80``, ``server.bind = "ADDRESS"``, ``$SERVER["socket"] == "ADDRESS:PORT"`` opens another, ``ssl.engine = "enable"``,
``auth.require = ( "/path" => …)`` (lighttpd 1.4, core options, mod_auth). A server that asks for nothing itself may serve pages that do: then it
is not known.

Known ways it lies: ``include`` brings other files; ``auth.require`` may cover only a part of the pages.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)lighttpd[^/]*\.conf$|(?:^|/)lighttpd/(?:conf[^/]*/)?[^/]+\.conf$")
_SETTING = re.compile(r"\s*(server\.port|server\.bind|ssl\.engine|auth\.require|server\.modules)\s*[+:]?=\s*\"?([^\"#\n(]*)")
_SOCKET = re.compile(r"\s*\$SERVER\[\"socket\"\]\s*==\s*\"([^\"]{1,128})\"")


class LighttpdReader:
    """Emits one :class:`Service` ``http`` for each socket; whether the server runs is not in this file."""

    info = ReaderInfo("lighttpd", "Configuration of lighttpd", (Service,), ("lighttpd.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All lines first: port, address and log-in stand apart. TLS set after a socket is that socket's."""
        values: dict[str, str] = {}
        lines: dict[str, int] = {}
        sockets: list[tuple[int, str]] = []
        secure: set[int] = set()
        for number, line in source.lines():
            socket, found = _SOCKET.match(line), _SETTING.match(line)
            if socket and len(sockets) < 64:  # noqa: PLR2004
                sockets.append((number, socket.group(1)))
            if "ssl.engine" in line and "enable" in line and not line.lstrip().startswith("#"):
                secure.add(len(sockets))
            if found:
                values[found.group(1)] = found.group(2).strip()
                lines.setdefault(found.group(1), number)
        if not values and not sockets:
            raise NotThisFormat
        auth = Auth.PASSWORD if "auth.require" in values else Auth.UNKNOWN
        if "server.port" in values or "server.bind" in values or "server.modules" in values:
            at = lines.get("server.port", lines.get("server.bind", lines.get("server.modules", 1)))
            emit(_service(source, at, port_of(values.get("server.port", "")), values.get("server.bind", ""), auth, tls=0 in secure))
        for number, (at, text) in enumerate(sockets, 1):
            emit(_service(source, at, port_of(text), address_of(text), auth, tls=number in secure))


def _service(source: BoundedSource, line: int, port: int | None, address: str, auth: Auth, *, tls: bool) -> Service:
    everywhere = address in {"", "0.0.0.0", "::", "*"}  # noqa: S104 - compared, not bound
    return Service(source.where(line=line), "http", "lighttpd", auth, tls, None, port or (443 if tls else 80), "" if everywhere else address[:64])
