"""Tell of the credentials of a command line: what every reader of commands does alike. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from asepsis.evidence.protocols.credentials import Credential, find
from asepsis.evidence.protocols.secrets import is_documentation, placeholder, stored
from asepsis.evidence.protocols.started import Start, facts
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, Fact, StoredSecret
from asepsis.model.secret import SecretForm

_SPECIFIER = re.compile(r"%[A-Za-z]\Z")
"""systemd.unit(5) puts a value there."""


def started(source: BoundedSource, line: int, words: Sequence[str], start: Start) -> Iterator[Fact]:
    """The secrets of one started command line, and what it starts and opens."""
    yield from secrets_of(source, line, words)
    yield from facts(source.where(line=line), words, start)


def secrets_of(source: BoundedSource, line: int, words: Sequence[str]) -> Iterator[StoredSecret]:
    """The credentials of one command line as facts."""
    for found in find(words):
        yield from told(source, line, found)


def told(source: BoundedSource, line: int, found: Credential) -> Iterator[StoredSecret]:
    """Template variables are dropped; examples stay, marked as such."""
    secret = found.secret
    if not secret or placeholder(secret, script=True) == "template variable" or "$" in secret[:2] or _SPECIFIER.match(secret):
        return
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    redacted = stored(source, found.kind, SecretForm.CLEARTEXT, secret, script=True)
    yield StoredSecret(source.where(line=line), redacted, "script", found.subject[:64], found.key_name[:64], found.opens, confidence)
