"""A stored password hash as a fact: its scheme, its form, whether a public default matches. No I/O."""

from __future__ import annotations

from asepsis.evidence.protocols.crypt_hash import Budget, form_of, matches_default, scheme_of
from asepsis.evidence.protocols.secrets import knowledge
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where


def hash_fact(
    source: BoundedSource,
    where: Where,
    account: str,
    field: str,
    kept_in: str,
    budget: Budget,
    confidence: Confidence = Confidence.CONFIRMED,
) -> PasswordHash:
    """The fact for a password ``field`` whose scheme is known. The generic defaults are tried against it, as far as ``budget`` goes."""
    scheme = scheme_of(field)
    form = form_of(scheme)
    known = matches_default(field, knowledge().generic_defaults(), budget) if form is SecretForm.HASHED else None
    redacted = source.redact(SecretKind.LOGIN, form, field, known_default=known)
    return PasswordHash(where, account[:64], scheme, redacted, kept_in, confidence)
