"""TeamViewer outside Windows: ``global.conf``.

``[kind ] NAME = value`` lines, kinds ``strng``, ``int32``, ``bin``. ``SecurityPasswordAES`` and its like were encrypted under one key for all
installations up to version 14.7.1965 (CVE-2019-18988); ``PermanentPassword`` is older and kept no better. ``ClientID`` is the number under which
the device is reached.

Known ways it lies: settings stay after the program was taken away; the version that wrote them need not be in them, then they count as old.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)teamviewer(?:\d+)?/(?:config/)?(?:[^/]+/)?(?:global|client)\.conf$", re.IGNORECASE)
_HEAD = re.compile(rb"^TeamViewer User Settings", re.IGNORECASE)
_SETTING = re.compile(r"\[\s*\w{1,8}\s*\]\s+(\w[\w\\]{0,63})\s*=\s*(.{0,4096})")
_SECRETS = re.compile(r"(?:Security|Options|Server|Proxy)PasswordAES|PermanentPassword|SecurityPasswordExported", re.IGNORECASE)
_LAST_SHARED_KEY = (14, 7, 1965)


class TeamviewerConfReader:
    """Emits a :class:`StoredSecret` for each password and the :class:`Service` ``remote-support``."""

    info = ReaderInfo("teamviewer_conf", "Settings of TeamViewer", (StoredSecret, Service), ("global.conf",))
    signs = Signs(paths=(_PATH,), heads=(_HEAD,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name, or by its first line."""
        return Sureness.YES if _PATH.search(path) or _HEAD.match(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        settings: dict[str, tuple[int, str]] = {}
        for number, line in source.lines():
            found = _SETTING.match(line)
            if found:
                settings.setdefault(found[1], (number, found[2].strip().strip('"')))
        version = next((value for name, (_, value) in settings.items() if name.lower() == "version"), "")
        numbers = tuple(int(part) for part in re.findall(r"\d{1,6}", version)[:3])
        form = SecretForm.RECOVERABLE if numbers <= _LAST_SHARED_KEY else SecretForm.SEALED
        for name, (number, value) in settings.items():
            if _SECRETS.fullmatch(name) and value:
                redacted = source.redact(SecretKind.REMOTE_SUPPORT, form, value)
                where = source.where(line=number)
                emit(StoredSecret(where, redacted, "teamviewer", "TeamViewer", name, "remote-support", Confidence.LIKELY))
            elif name == "ClientID" and value.strip("0"):
                where = source.where(line=number)
                detail = f"TeamViewer {version[:24]}".strip()
                emit(Service(where, "remote-support", "teamviewerd", Auth.PASSWORD, encrypted=True, port=5938, detail=detail))
