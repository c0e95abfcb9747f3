"""Credentials in addresses, in any file: ``ftp://user:secret@host``.

The user-info part of a URL (RFC 3986, 3.2.1; its use for passwords is deprecated there, and common in devices).

Known ways it lies: help texts and format strings (``http://%s:%s@%s``, ``user:password@host``) look the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.places import place_of
from asepsis.evidence.protocols.secrets import is_documentation, placeholder, stored
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_URL = rb"\b(https?|ftps?|sftp|ssh|smb|cifs|mqtts?|amqps?|rtsp|telnet|ldaps?|mysql|postgres(?:ql)?|mongodb(?:\+srv)?|redis|svn|git|vnc|tftp)://([A-Za-z0-9_.%+\-]{1,48}):([^\s/:@'\"<>\\\x00-\x20\x7f-\xff]{1,64})@([A-Za-z0-9][A-Za-z0-9.\-]{0,80})"
_ENGINE = rb"(https?|ftps?|sftp|ssh|smb|cifs|mqtts?|amqps?|rtsp|telnet|ldaps?|mysql|postgres(ql)?|mongodb(\+srv)?|redis|svn|git|vnc|tftp)://[A-Za-z0-9_.%+\-]{1,48}:[^\s/:@'\"<>\\\x00-\x20\x7f-\xff]{1,64}@[A-Za-z0-9]"
_EXAMPLE = re.compile(r"example\.(?:com|org|net)$|^(?:host|hostname|server|proxy|myserver|your\w*|some\w*)$|\.example$", re.IGNORECASE)
_SHORTEST = 3
"""Characters; in manuals ``https://a:b@host`` shows the parts of an address."""
_TEMPLATE = re.compile(r"%[sd]|\$|\{")
_WORDS = re.compile(r"(?:user(?:name)?|name|login|usr|me|foo|u):(?:pass(?:word|wd)?|pwd|secret|p)", re.IGNORECASE)
"""``root:password`` is a log-in, ``user:password`` names its parts."""


class UrlCredentialsReader:
    """Emits a :class:`StoredSecret` for each address; its subject is the user's name."""

    info = ReaderInfo("url_credentials", "Credentials in addresses", (StoredSecret,), ("any file",))
    patterns = (Pattern("url", _ENGINE, _URL, before=160, after=96),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Format strings and examples are no secrets; the same one counts once."""
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
        seen: set[tuple[bytes, ...]] = set()
        for match in matches:
            scheme, user, secret, host = (group.decode("ascii", "replace") for group in match.groups)
            if match.groups in seen or _is_example(user, secret, host) or placeholder(secret, script=True):
                continue
            seen.add(match.groups)
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret)
            emit(StoredSecret(place_of(source, match.start), redacted, "url", user, "url", scheme.lower(), confidence))


def _is_example(user: str, secret: str, host: str) -> bool:
    """A format string, a letter or two, words for the parts, or a host that RFC 2606 sets aside for examples."""
    named = _WORDS.fullmatch(f"{user}:{secret}") is not None
    return named or len(secret) < _SHORTEST or _TEMPLATE.search(secret) is not None or _EXAMPLE.search(host) is not None
