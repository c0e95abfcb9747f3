"""Speak of a secret without saying it: keyed digests, and a key that is no secret to whoever holds the evidence.

The digest key is a project key given by the user or, without one, is derived from the *content* of the evidence: whoever has the
evidence has the secrets anyway, and whoever has only a report cannot try guesses against its digests.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from asepsis.model.secret import Redacted, SecretForm, SecretKind

DIGEST_HEX = 16
"""Hex digits of a shown digest: 64 bits tell any two secrets of a fleet apart."""


@dataclass(frozen=True, slots=True)
class Redactor:
    """Turns secrets into :class:`Redacted`. ``key`` is at least 16 bytes."""

    key: bytes

    def redact(
        self, kind: SecretKind, form: SecretForm, secret: str | bytes, *, known_default: bool | None = None, placeholder: str = ""
    ) -> Redacted:
        """The secret's shadow: length in characters (bytes for binary secrets) and keyed digest; the secret itself is dropped."""
        raw = secret.encode("utf-8", "surrogateescape") if isinstance(secret, str) else secret
        digest = hmac.digest(self.key, raw, "sha256").hex()[:DIGEST_HEX]
        return Redacted(kind, form, len(secret), digest, known_default, placeholder)
