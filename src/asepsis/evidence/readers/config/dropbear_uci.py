"""OpenWrt ``/etc/config/dropbear``: the SSH server's settings.

``option PasswordAuth 'on'``, ``RootPasswordAuth 'on'``, ``RootLogin``, ``Port '22'``, ``Interface 'lan'``, ``enable '0'`` (OpenWrt wiki,
dropbear_configuration).

Known ways it lies: it is read only if the start script is switched on.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.text import uci
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"etc/config/dropbear$")
_OFF = frozenset({"0", "off", "no", "false", "disabled"})


class DropbearUciReader:
    """Emits one :class:`Service` ``ssh`` for each instance."""

    info = ReaderInfo("dropbear_uci", "Configuration of dropbear in OpenWrt", (Service,), ("etc/config/dropbear",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"config" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section."""
        for section in uci(source.lines()):
            if section.type != "dropbear":
                continue
            by_password = section.get("PasswordAuth", "on").lower() not in _OFF
            root_by_password = section.get("RootPasswordAuth", "on").lower() not in _OFF
            interface = section.get("Interface")
            notes = [
                note
                for note, true in (
                    ("root may log in with a password", by_password and root_by_password),
                    (f"only on {interface}", interface),
                    ("root may not log in at all", section.get("RootLogin", "on").lower() in _OFF),
                )
                if true
            ]
            emit(
                Service(
                    source.where(line=section.line),
                    "ssh",
                    program="dropbear",
                    auth=Auth.PASSWORD if by_password else Auth.KEY,
                    encrypted=True,
                    enabled=False if section.get("enable").lower() in _OFF else None,
                    port=port_of(section.get("Port", "22")),
                    root_log_in=section.get("RootLogin", "on").lower() not in _OFF,
                    detail=", ".join(notes),
                )
            )
