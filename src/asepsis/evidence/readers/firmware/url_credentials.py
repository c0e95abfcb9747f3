"""Credentials in addresses, in any file: ``ftp://user:secret@host``.

The user-info part of a URL (RFC 3986, 3.2.1; its use for passwords is deprecated there, and common in devices), of any scheme. What is
percent-encoded in it is decoded. Addresses of manuals and templates are kept as dismissed.

Known ways it lies: help texts and format strings (``http://%s:%s@%s``, ``user:password@host``) look the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.decoded import unpercented
from asepsis.evidence.protocols.places import place_of
from asepsis.evidence.protocols.secrets import is_documentation, known_default, placeholder
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_USER_INFO = rb"://([A-Za-z0-9_.%+\-]{0,48}):([^\s/@'\"`<>\\\x00-\x20\x7f-\xff]{1,64})@(\[[0-9A-Fa-f:]{2,40}\]|[A-Za-z0-9][A-Za-z0-9.\-]{0,80})"
_URL = rb"(?<![A-Za-z0-9+.\-])([A-Za-z][A-Za-z0-9+.\-]{1,15}(?::[a-z]{1,12})?)" + _USER_INFO
_ENGINE = rb"[A-Za-z0-9]://[A-Za-z0-9_.%+\-]{0,48}:[^\s/@'\"`<>\\\x00-\x20\x7f-\xff]{1,64}@[A-Za-z0-9\[]"
_EXAMPLE = re.compile(
    r"(?:^|\.)example\.(?:com|org|net|edu)$|^(?:host|hostname|server|proxy|myserver|your\w*|some\w*)(?:\.(?:com|net|org|tld))?$|\.example$",
    re.IGNORECASE,
)
_SHORTEST = 3
"""Characters; in manuals ``https://a:b@host`` shows the parts of an address."""
_MOST = 500
"""Addresses of one file; a list of links is longer, and holds none."""
_FORMAT = re.compile(r"%[a-z]")
"""The gap of a format string, which is not even an example."""
_METHODS = ("pserver:", "ext:")
"""How CVS reaches a server, in front of a user's name."""
_TEMPLATE = re.compile(r"^\$\w+$|\$[({]|\{.*\}|^\[.*\]$")
_WORDS = re.compile(
    r"(?:(?:my|db)?_?(?:user(?:_?name)?|name|login|usr|me|foo|u)|admin(?=:pass)):(?:my)?(?:pass(?:word|wd)?|pwd|pw|secret|p|bar|token)", re.IGNORECASE
)
"""``root:password`` is a log-in, ``user:password`` names its parts."""


class UrlCredentialsReader:
    """Emits a :class:`StoredSecret` for each address; its subject is the user's name."""

    info = ReaderInfo("url_credentials", "Credentials in addresses", (StoredSecret,), ("any file",))
    patterns = (Pattern("url", _ENGINE, _URL, before=160, after=96),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """The same one counts once; one of a manual is said as dismissed."""
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
        seen: set[tuple[bytes, ...]] = set()
        for match in matches:
            if match.groups in seen:
                continue
            seen.add(match.groups)
            if len(seen) > _MOST:
                raise LimitReached("matches_per_file", _MOST, len(seen))
            scheme, user, secret, host = (unpercented(group.decode("ascii", "replace")) for group in match.groups)
            if _FORMAT.search(secret) or secret.startswith(_METHODS):
                continue
            why = placeholder(secret, script=True) or _dismissed(user, secret, host)
            known = None if why else known_default(source, secret)
            redacted = source.redact(SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret, known_default=known, placeholder=why)
            emit(StoredSecret(place_of(source, match.start), redacted, "url", user, "url", scheme.lower(), confidence))


def _dismissed(user: str, secret: str, host: str) -> str:
    """Why an address is none: a template, a letter or two, words for the parts, or a host that RFC 2606 sets aside for examples."""
    if _TEMPLATE.search(secret):
        return "template variable"
    named = _WORDS.fullmatch(f"{user}:{secret}") is not None
    return "example text" if named or len(secret) < _SHORTEST or _EXAMPLE.search(host) else ""
