"""A key that may log in over SSH as a fact, whatever file names it. No I/O."""

from __future__ import annotations

from asepsis.evidence.protocols.public_keys import PublicKey
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.test_keys import test_key_of
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import AuthorizedKey, Confidence
from asepsis.model.secret import SecretForm, SecretKind

KEY_TYPE = r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)"
"""The types of keys (sshd(8)), as an expression."""


def authorized(
    source: BoundedSource, line: int, account: str, public: PublicKey, comment: str, options: str, confidence: Confidence
) -> AuthorizedKey:
    """The fact for one key; in documentation it is weak."""
    return AuthorizedKey(
        source.where(line=line),
        account,
        public.algorithm,
        source.redact(SecretKind.KEY, SecretForm.CLEARTEXT, public.identity).digest,
        comment.strip()[:128],
        options,
        public.bits,
        test_key_of(public.identity),
        Confidence.WEAK if is_documentation(source.where().path) else confidence,
    )
