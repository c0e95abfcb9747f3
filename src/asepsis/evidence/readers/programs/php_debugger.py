"""``php.ini`` and its parts: whether PHP's debugger Xdebug is on, and whom it obeys.

``name = value`` lines (Xdebug 2 and 3 documentation)::

    zend_extension = xdebug.so                      it is loaded
    xdebug.mode = debug            (2: remote_enable = 1)              a debugger may stop and change the program
    xdebug.discover_client_host = 1 (2: remote_connect_back = 1)       the debugger is whoever sends the request
    xdebug.client_host = 10.0.0.5  (2: remote_host)                    else it is this one; default: the device itself

Known ways it lies: an environment variable (``XDEBUG_MODE``) overrides the file; a file under ``mods-available`` counts only if it is linked
from ``conf.d``.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import Entry, key_file, unquote
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)(?:php[^/]*\.ini|[^/]*xdebug[^/]*\.ini|php[^/]*/(?:[^/]+/)*conf\.d/[^/]+\.ini)$")
_YES = frozenset({"1", "on", "yes", "true"})
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})


class PhpDebuggerReader:
    """Emits one :class:`Service` ``debug-agent`` if the file speaks of Xdebug's step debugger."""

    info = ReaderInfo("php_debugger", "Settings of PHP's debugger", (Service,), ("php.ini", "conf.d/*.ini"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; most such files say nothing of a debugger, which is seen in ``read``."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The last value of a setting counts."""
        found = {entry.key.lower(): entry for entry in key_file(source.lines(), comments=";#")}
        mode = found.get("xdebug.mode") or found.get("xdebug.remote_enable")
        if mode is None:
            raise NotThisFormat
        value = unquote(mode.value).lower()
        on = value in _YES if mode.key.lower().endswith("remote_enable") else "debug" in re.split(r"[,\s]+", value)
        loaded = "xdebug" in _value(found, "zend_extension") or "xdebug" in _value(found, "zend_extension_ts")
        anybody = _value(found, "xdebug.discover_client_host") in _YES or _value(found, "xdebug.remote_connect_back") in _YES
        host = _value(found, "xdebug.client_host") or _value(found, "xdebug.remote_host")
        emit(
            Service(
                source.where(line=mode.line),
                "debug-agent",
                program="php",
                auth=Auth.NONE,
                enabled=False if not on else True if loaded else None,
                address="127.0.0.1" if not anybody and host in _LOCAL else "",
                detail="PHP's debugger obeys " + ("whoever sends a request" if anybody else host or "the device itself"),
            )
        )


def _value(found: dict[str, Entry], name: str) -> str:
    return unquote(found[name].value).lower()[:128] if name in found else ""
