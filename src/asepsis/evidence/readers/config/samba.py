"""``smb.conf``: folders shared over SMB, and which of them ask for nothing.

``[global]`` and one section for each share; ``guest ok = yes`` (``public``) lets anybody in, ``read only = no`` (``writable``, ``writeable``)
lets them write (smb.conf(5), Samba 4). Keys are case-blind and may have spaces in them.

Known ways it lies: the permissions of the folder itself still count; ``include`` and ``registry`` shares are not in this file; ``hosts allow``
narrows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)(?:smb|samba)\.conf(?:\.template)?$")
_YES = frozenset({"yes", "true", "1", "on"})
_NO = frozenset({"no", "false", "0", "off"})


class SambaReader:
    """Emits a :class:`Service` ``smb`` for each share that lets guests in, or one that asks for a password if none does."""

    info = ReaderInfo("samba", "Shares of Samba", (Service,), ("smb.conf",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Share by share; what ``[global]`` says is the default of all."""
        sections = [(name.lower(), _settings(entries)) for name, entries in groupby(key_file(source.lines()), key=lambda entry: entry.section)]
        if not sections:
            raise NotThisFormat
        common = next((settings for name, settings in sections if name == "global"), {})
        open_ = 0
        for name, own in sections:
            settings = {**common, **own}
            if name != "global" and own and _for_guests(settings):
                open_ += 1
                _emit(source, name, settings, emit)
        if not open_:
            line = min((entry.line for _, own in sections for entry in own.values()), default=1)
            emit(Service(source.where(line=line), "smb", "smbd", Auth.PASSWORD, port=445, gives=Gives.READING, detail="shares ask for a password"))


def _settings(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {re.sub(r"[\s_-]+", "", entry.key.lower()): entry for entry in entries}


def _value(settings: dict[str, Entry], *names: str) -> str:
    return next((settings[name].value.lower() for name in names if name in settings), "")


def _for_guests(settings: dict[str, Entry]) -> bool:
    """Printers are no folders; a share that is switched off serves nobody."""
    if _value(settings, "printable", "printok") in _YES or _value(settings, "available") in _NO:
        return False
    return _value(settings, "guestok", "public") in _YES


def _emit(source: BoundedSource, name: str, settings: dict[str, Entry], emit: Emit) -> None:
    writes = _value(settings, "readonly") in _NO or _value(settings, "writable", "writeable", "writeok") in _YES
    hosts = settings.get("hostsallow") or settings.get("allowhosts")
    detail = f"share {name[:32]}: anybody may {'read and write' if writes else 'read'}" + (f", only from {hosts.value[:48]}" if hosts else "")
    where = source.where(line=settings["guestok" if "guestok" in settings else "public"].line)
    emit(Service(where, "smb", "smbd", Auth.NONE, port=445, gives=Gives.CONTROL if writes else Gives.READING, detail=detail, subject=name[:64]))
