"""RustDesk: ``RustDesk.toml``, ``RustDesk2.toml``.

TOML. ``password`` is the password for unattended access: as ``00`` and Base64 under a key made from the machine's own id, which lies on the same
device; in early versions in clear. ``key`` below ``options`` is the public key of a server of one's own and no secret;
``custom-rendezvous-server`` names that server.

Known ways it lies: settings stay after the program was taken away.
"""

from __future__ import annotations

import re
import tomllib

from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)rustdesk2?\.toml$", re.IGNORECASE)
_SECRETS = ("password", "unlock_pin")
_OBFUSCATED = re.compile(r"00[A-Za-z0-9+/]{16,}={0,2}\Z")
MOST_BYTES = 64 * 1024


class RustdeskReader:
    """Emits a :class:`StoredSecret` for each password and the :class:`Service` ``remote-support``."""

    info = ReaderInfo("rustdesk", "Settings of RustDesk", (StoredSecret, Service), ("RustDesk.toml", "RustDesk2.toml"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - the name says it
        """By name only."""
        return Sureness.YES if _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no TOML."""
        text = source.content(MOST_BYTES).decode("utf-8", "replace")
        try:
            settings = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise Malformed("no TOML") from error
        for name in _SECRETS:
            secret = settings.get(name)
            if isinstance(secret, str) and secret:
                form = SecretForm.RECOVERABLE if _OBFUSCATED.match(secret) else SecretForm.CLEARTEXT
                redacted = stored(source, SecretKind.REMOTE_SUPPORT, form, secret)
                emit(StoredSecret(source.where(line=_line(text, name)), redacted, "rustdesk", "RustDesk", name, "remote-support"))
        options = settings.get("options")
        server = options.get("custom-rendezvous-server") if isinstance(options, dict) else None
        detail = f"RustDesk to the server {str(server)[:64]}" if server else "RustDesk"
        emit(Service(source.where(line=1), "remote-support", "rustdesk", Auth.PASSWORD, encrypted=True, port=21118, detail=detail))


def _line(text: str, name: str) -> int:
    """The line of a key at the beginning of one."""
    found = re.search(rf"^{name}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
