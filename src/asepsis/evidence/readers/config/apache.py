"""Apache httpd: where it listens, and whether it asks for a password itself.

``Listen [ADDRESS:]PORT [https]``, ``<VirtualHost ADDRESS:PORT>``, ``SSLEngine on``, ``AuthType Basic`` with ``Require valid-user`` (Apache 2.4,
core, mpm_common, mod_ssl, mod_authn_core). A server that asks for nothing itself may serve pages that do: then it is not known.

Known ways it lies: ``Include`` brings other files; ``AuthType`` may cover only a part of the pages; a file of ``sites-available`` counts only
when linked.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)(?:apache2?|httpd)/(?:[\w.-]+/)*[^/]+\.conf$|(?:^|/)(?:httpd|apache2?)\.conf$")
_SIGN = re.compile(rb"(?mi)^[ \t]*(?:Listen[ \t]+\S|<VirtualHost\b|ServerRoot\b|<Directory\b)")
_OFF = re.compile(r"/(?:sites|conf|mods)-available/")
_MOST = 64


class ApacheReader:
    """Emits one :class:`Service` ``http`` for each port; whether the server runs is not in this file."""

    info = ReaderInfo("apache", "Configuration of Apache httpd", (Service,), ("httpd.conf", "apache2/ports.conf", "apache2/sites-enabled/*"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder, and a directive in the head."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _SIGN.search(head) and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All lines first: ports, TLS and log-in stand apart."""
        listens: list[tuple[int, str, bool]] = []
        secure = asks = False
        for number, words in word_lines(source.lines()):
            key, value = words[0].lower(), words[1].strip('"').rstrip(">") if len(words) > 1 else ""
            if key in {"listen", "<virtualhost"} and port_of(value) and len(listens) < _MOST:
                listens.append((number, value, "https" in words[2:]))
            secure = secure or (key == "sslengine" and value.lower() == "on")
            asks = asks or (key == "authtype" and value.lower() in {"basic", "digest"})
        if not listens:
            raise NotThisFormat
        enabled = False if all(_OFF.search(name) for name in (source.path, *source.link_names)) else None
        told: set[int] = set()
        for line, text, https in listens:
            port = port_of(text) or 80
            if port in told:
                continue
            told.add(port)
            address, tls = address_of(text), https or port == 443 or (secure and port != 80)  # noqa: PLR2004
            everywhere = address in {"", "0.0.0.0", "::", "*", "_default_"}  # noqa: S104 - compared, not bound
            auth = Auth.PASSWORD if asks else Auth.UNKNOWN
            emit(Service(source.where(line=line), "http", "httpd", auth, tls, enabled, port, "" if everywhere else address[:64]))
