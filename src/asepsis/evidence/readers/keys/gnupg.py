"""GnuPG's secret keys since 2.1: ``private-keys-v1.d/KEYGRIP.key``.

An S-expression of Libgcrypt, canonical or, since 2.3, as the value ``Key:`` of a file of ``Name: value`` lines (GnuPG, ``agent/keyformat.txt``):
``(private-key (rsa (n …)(e …)(d …)…))`` in clear, ``(protected-private-key …)`` under a passphrase, ``(shadowed-private-key …)`` for one whose
private half is on a card. The public numbers stand in clear in all of them.

Known ways it lies: the agent may keep an empty passphrase, which leaves the key in clear; a stub of a card opens nothing.
"""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from asepsis.evidence.protocols import sexp
from asepsis.evidence.protocols.key_facts import fact
from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.public_keys import MAX_BITS, PublicKey, described
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey

_PATH = re.compile(r"(?:^|/)private-keys-v1\.d/[0-9A-Fa-f]{40}\.key$")
_HEAD = re.compile(rb"\(\d{1,2}:(?:private|protected-private|shadowed-private)-key\(|(?:\A|\n)Key:")
_EXTENDED = re.compile(rb"(?:\A|\n)Key:([^\n]*(?:\n[ \t][^\n]*)*)")
_KINDS = {b"private-key": False, b"protected-private-key": True, b"shadowed-private-key": None}
"""What a key is called → whether its private half is under a passphrase; None if it is not here."""
_ALGORITHMS = {b"rsa": "RSA", b"dsa": "DSA", b"ecc": "EC", b"ecdsa": "EC", b"elg": "ElGamal"}
_MOST = 65_536
_POINT = 33


class GnupgReader:
    """Emits one :class:`PrivateKey` for each file that holds a private half."""

    info = ReaderInfo("gnupg", "GnuPG's secret keys", (PrivateKey,), ("private-keys-v1.d/*.key",))
    signs = Signs(paths=(_PATH,), heads=(begins(b"("),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its place, or by its first words."""
        if _PATH.search(path):
            return Sureness.YES
        return Sureness.MAYBE if head[:1] == b"(" and _HEAD.match(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One key. Raises ``Malformed`` if it cannot be read."""
        data = bytes(source.window(0, min(source.size, _MOST)).buffer)
        extended = _EXTENDED.search(data) if not data.startswith(b"(") else None
        if not extended and not _HEAD.match(data):
            raise NotThisFormat
        expression = sexp.parse(extended[1] if extended else data)
        kind = expression[0] if expression else None
        if expression is None or not isinstance(kind, bytes) or kind not in _KINDS:
            raise Malformed("the key cannot be read", offset=0)
        protected = _KINDS[kind]
        public = _public(expression)
        if public is None:
            raise Malformed("the public numbers of the key cannot be read", offset=0)
        found = fact(source, Key(public.algorithm, public.bits, "gnupg", protected, public.identity), 0) if protected is not None else None
        if found:
            emit(found)


def _public(expression: list[sexp.Sexp]) -> PublicKey | None:
    body = next((one for one in expression if isinstance(one, list) and one and isinstance(one[0], bytes) and one[0] in _ALGORITHMS), None)
    if body is None or not isinstance(body[0], bytes):
        return None
    n, e, q = (sexp.value(body, name) for name in (b"n", b"e", b"q"))
    try:
        if body[0] == b"rsa":
            numbers = rsa.RSAPublicNumbers(int.from_bytes(e, "big"), int.from_bytes(n, "big"))
            return described(numbers.public_key()) if len(n) * 8 <= MAX_BITS + 8 else None
        if sexp.value(body, b"curve") == b"Ed25519" and len(q) == _POINT:
            return described(ed25519.Ed25519PublicKey.from_public_bytes(q[1:]))
    except ValueError:
        return None
    identity = q or sexp.value(body, b"y")
    return PublicKey(_ALGORITHMS[body[0]], None, identity) if identity else None
