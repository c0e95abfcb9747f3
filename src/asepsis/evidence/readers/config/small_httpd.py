"""Small web servers: ``mini_httpd.conf``, ``thttpd.conf``, ``boa.conf``, OpenWrt's ``/etc/config/uhttpd``.

mini_httpd and thttpd: ``port=80``, ``host=ADDRESS``, ``ssl`` (mini_httpd(8), thttpd(8)); Boa: ``Port 80``, ``Listen ADDRESS`` (boa(8)); uhttpd:
``list listen_http '0.0.0.0:80'``, ``list listen_https`` (OpenWrt wiki, uhttpd). They ask for no password by these files; the pages may, so that
is not known.

Known ways it lies: options of the command line come last; a file of passwords in a folder (``.htpasswd``) covers that folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import unquote
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Service

_PATH = re.compile(r"(?:^|/)(?:(?P<name>mini_httpd|thttpd|boa)\.conf|etc/config/(?P<uci>uhttpd))$")
_SETTING = re.compile(r"\s*(port|host|listen|ssl)\b(?:(?:\s*=\s*|\s+)(\S+))?", re.IGNORECASE)
_UCI = re.compile(r"\s*(?:list|option)\s+['\"]?(listen_https?)['\"]?\s+(\S+)")
_MOST = 64


class SmallHttpdReader:
    """Emits one :class:`Service` ``http`` for each port; whether the server runs is not in this file."""

    info = ReaderInfo(
        "small_httpd", "Configuration of small web servers", (Service,), ("mini_httpd.conf", "thttpd.conf", "boa.conf", "etc/config/uhttpd")
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The whole file."""
        found = _PATH.search(source.path)
        name = (found["name"] or found["uci"]) if found else "httpd"
        seen: set[tuple[int, str]] = set()
        for line, port, address, tls in _uhttpd(source) if name == "uhttpd" else _plain(source):
            everywhere = address in {"", "0.0.0.0", "::", "*"}  # noqa: S104 - compared, not bound
            key = (port, "" if everywhere else address)
            if key not in seen and len(seen) < _MOST:
                seen.add(key)
                emit(Service(source.where(line=line), "http", name, encrypted=tls, port=port, address=key[1][:64]))
        if not seen:
            raise NotThisFormat


def _uhttpd(source: BoundedSource) -> Iterator[tuple[int, int, str, bool]]:
    for number, line in source.lines():
        found = _UCI.match(line)
        text = unquote(found.group(2)) if found else ""
        port = port_of(text)
        if found and port:
            yield number, port, address_of(text), found.group(1) == "listen_https"


def _plain(source: BoundedSource) -> Iterator[tuple[int, int, str, bool]]:
    values: dict[str, tuple[int, str]] = {}
    for number, line in source.lines():
        found = _SETTING.match(line)
        if found:
            values.setdefault(found.group(1).lower(), (number, found.group(2) or ""))
    if values:
        tls = "ssl" in values
        at, text = values.get("port", next(iter(values.values())))
        address = values.get("host", values.get("listen", (0, "")))[1]
        yield at, port_of(text) or (443 if tls else 80), address, tls
