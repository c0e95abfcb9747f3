"""VNC servers: stored passwords and settings.

``~/.vnc/passwd`` holds the password in 8 bytes (16 with a view-only one) under DES with a key that is the same everywhere and published:
whoever has the file has the password (RFC 6143, 7.2.2). UltraVNC keeps the same as hex in ``ultravnc.ini`` (``passwd=``).
``SecurityTypes=None`` asks for nothing.

Known ways it lies: any file of 8 bytes called passwd looks like one, so the folder must say VNC.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PASSWD = re.compile(r"(?:^|/)(?:\.?vnc/passwd|\.vncpasswd|vncpasswd|vnc_passwd|x11vnc\.passwd|\.x11vnc/passwd)$")
_CONFIG = re.compile(r"(?:^|/)(?:ultravnc\.ini|tigervnc/vncserver-config-[^/]+|\.?vnc/(?:config|tigervnc\.conf)|vncserver\.conf)$", re.IGNORECASE)
_SIZES = frozenset({8, 16})
_HEX = re.compile(r"[0-9A-Fa-f]{16,18}$")


class VncReader:
    """Emits a :class:`StoredSecret` in recoverable form for each password, and a :class:`Service` ``vnc`` that asks for none."""

    info = ReaderInfo("vnc", "Passwords and settings of VNC servers", (StoredSecret, Service), (".vnc/passwd", "ultravnc.ini", "vncserver-config"))
    signs = Signs(paths=(_PASSWD, _CONFIG))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name."""
        return Sureness.YES if head and (_PASSWD.search(path) or _CONFIG.search(path)) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """A password file by its size, a configuration by its lines."""
        if _PASSWD.search(source.path):
            if source.size not in _SIZES:
                raise NotThisFormat
            _emit_password(source, bytes(source.window(0, 8).buffer), 0, None, emit)
            return
        for entry in key_file(source.lines()):
            key, value = entry.key.lower().lstrip("$ "), entry.value.strip('"; ').lower()
            if key in {"passwd", "passwd2"} and _HEX.match(value):
                _emit_password(source, bytes.fromhex(value[:16]), None, entry.line, emit)
            elif key == "securitytypes" and value == "none":
                where = source.where(line=entry.line)
                emit(Service(where, "vnc", "Xvnc", Auth.NONE, False, port=5900, detail="anybody may look on and take over the screen"))


def _emit_password(source: BoundedSource, secret: bytes, offset: int | None, line: int | None, emit: Emit) -> None:
    """The DES text is redacted as it is: the same password gives the same eight bytes everywhere."""
    redacted = source.redact(SecretKind.REMOTE_SUPPORT, SecretForm.RECOVERABLE, secret)
    emit(StoredSecret(source.where(offset=offset, line=line), redacted, "vnc", "", "passwd", "vnc"))
