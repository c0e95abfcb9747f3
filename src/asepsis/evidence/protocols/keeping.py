"""Tell of the secrets of one file: what readers of credential stores do alike. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

from asepsis.evidence.protocols.secrets import is_documentation, stored, wifi_form
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, KeyReference, StoredSecret
from asepsis.model.secret import Redacted, SecretForm, SecretKind

MAX_SUBJECT = 64
MAX_SECRET = 4096
"""Characters: longer text is no password."""

_NO_FILE = re.compile(r"[a-z][\w+.-]{1,15}:|[\"'{<$%]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keeper:
    """One file of credentials: its bytes, where facts go, the name of its format. Samples and documentation are weak evidence."""

    source: BoundedSource
    emit: Emit
    store: str

    def tell(  # noqa: PLR0913 - every argument is named at the call
        self,
        kind: SecretKind,
        secret: str,
        *,
        line: int | None = None,
        offset: int | None = None,
        subject: str = "",
        key: str = "",
        opens: str = "",
        form: SecretForm | None = None,
        confidence: Confidence = Confidence.CONFIRMED,
        placeholder: str = "",
    ) -> None:
        """Emit a secret, redacted. Without a ``form`` it is in clear, or empty, or, of a Wi-Fi network, the derived key.

        ``placeholder`` says why this format knows it to be none.
        """
        if len(secret) > MAX_SECRET:
            return
        kept = form or _form(kind, secret)
        weak = is_documentation(self.source.where().path)
        self.emit(
            StoredSecret(
                self.source.where(line=line, offset=offset),
                self._redacted(kind, kept, secret, placeholder),
                self.store,
                subject[:MAX_SUBJECT],
                key[:MAX_SUBJECT],
                opens,
                Confidence.WEAK if weak else confidence,
            )
        )

    def refer(self, path: str, line: int, subject: str) -> None:
        """Emit that the settings name a private key's file; an address of a token or key store is none."""
        path = path.removeprefix("file://").strip("\0 ")
        if path and len(path) <= MAX_SECRET and not _NO_FILE.match(path):
            self.emit(KeyReference(self.source.where(line=line), path, self.store, subject[:MAX_SUBJECT]))

    def _redacted(self, kind: SecretKind, form: SecretForm, secret: str, placeholder: str) -> Redacted:
        """What is scrambled is not the secret, so it is compared with no default."""
        if placeholder or form is SecretForm.RECOVERABLE:
            return self.source.redact(kind, form, secret, placeholder=placeholder)
        return stored(self.source, kind, form, secret)


def _form(kind: SecretKind, secret: str) -> SecretForm:
    if kind is SecretKind.WIFI:
        return wifi_form(secret)
    return SecretForm.CLEARTEXT if secret else SecretForm.EMPTY
