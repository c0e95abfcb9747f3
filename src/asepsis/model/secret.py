"""A secret as it may be spoken of: its kind, length, form and keyed digest, never itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SecretKind(StrEnum):
    """What a secret opens."""

    WIFI = "wifi"
    NETWORK_LOGIN = "network-login"
    LOGIN = "login"
    KEY = "key"
    REMOTE_SUPPORT = "remote-support"
    APPLICATION = "application"


class SecretForm(StrEnum):
    """How a secret is kept, from worst to best for the patient.

    ``CLEARTEXT`` can be read; ``DERIVED`` is not the passphrase but works as well (a WPA pre-shared key, an NT hash);
    ``PUBLIC`` is a default that everybody can look up: no unit has to be opened for it;
    ``RECOVERABLE`` is obfuscated or encrypted under a key everybody has (VNC); ``EMPTY`` asks for nothing;
    ``HASHED`` needs guessing; ``SEALED`` is encrypted or kept elsewhere; ``LOCKED`` can never match.
    """

    CLEARTEXT = "cleartext"
    DERIVED = "derived"
    RECOVERABLE = "recoverable"
    EMPTY = "empty"
    PUBLIC = "public"
    HASHED = "hashed"
    SEALED = "sealed"
    LOCKED = "locked"


USABLE_FORMS = frozenset({SecretForm.CLEARTEXT, SecretForm.DERIVED, SecretForm.RECOVERABLE, SecretForm.EMPTY, SecretForm.PUBLIC})
"""Forms an attacker can use as found, without guessing."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A secret after redaction: ``length`` in characters, ``digest`` a keyed digest in hex.

    Equal digests under one key mean equal secrets. ``known_default`` is True when it equals a default that is public
    knowledge, False when it was compared and does not, None when it could not be compared.
    ``placeholder`` names why it is no secret (``"example text"``, ``"template variable"``) or is empty.
    """

    kind: SecretKind
    form: SecretForm
    length: int
    digest: str
    known_default: bool | None = None
    placeholder: str = ""
