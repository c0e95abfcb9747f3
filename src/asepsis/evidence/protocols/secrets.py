"""What a configured secret is: in which form it is kept, whether it is none at all, whether it is a public default. No I/O."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from asepsis.guard.source import BoundedSource
from asepsis.knowledge.load import KnowledgeBase, load
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.where import CHAIN

PASSPHRASE_MIN, PASSPHRASE_MAX = 8, 63
"""Characters of a WPA passphrase (IEEE 802.11, annex J.4)."""
PSK_HEX = re.compile(r"[0-9A-Fa-f]{64}\Z")
"""A 256-bit pre-shared key as hex: no passphrase, but it opens the same network."""

_TEMPLATE = re.compile(r"\$\{[^}]*\}|%[A-Za-z_][A-Za-z0-9_]*%|\{\{.*\}\}|@[A-Za-z_][A-Za-z0-9_]*@|__[A-Z][A-Z0-9_]*__|\$\([^)]*\)")
_VARIABLE = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*|\$[0-9@*#]|`.*`|\$\(.*\)")
_MASKED = re.compile(r"[*•.]{3,}|[xX]{4,}|\[?<?\(?(?:hidden|redacted|removed|masked|secret removed)\)?>?\]?", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(?:your|my|enter|insert|put|type|some|example)[-_ ]?(?:own[-_ ]?)?(?:wifi|wi-fi|wlan|network|secret|db|new)?[-_ ]?"
    r"(?:password|passwd|passphrase|pass|psk|key|secret|pin)(?:[-_ ]?here)?"
    r"|(?:very )?secret passphrase|(?:password|passphrase|psk|key)[-_ ]?here|example(?:[-_ ](?:password|key))?|<[^<>]*>|todo|fixme|n/?a",
    re.IGNORECASE,
)

NO_VALUE = frozenset({"", "yes", "no", "true", "false", "on", "off", "enabled", "disabled", "never", "none", "null", "0", "1"})
"""Small letters: what stands where a secret is asked for, or not, or was left out. No secret."""


def placeholder(secret: str, *, script: bool = False) -> str:
    """Why ``secret`` is none, or an empty string. In a shell script a lone ``$NAME`` stands for a value that is kept elsewhere.

    ``changeme`` and its like are no placeholders: devices ship with them and answer to them.
    """
    if _TEMPLATE.fullmatch(secret) or (script and _VARIABLE.fullmatch(secret)):
        return "template variable"
    if _MASKED.fullmatch(secret):
        return "masked text"
    if _EXAMPLE.fullmatch(secret):
        return "example text"
    return ""


@cache
def knowledge() -> KnowledgeBase:
    """The shipped knowledge, once per process."""
    return load()


DEFAULTS_PER_FILE = 500
"""Different secrets of one file that are compared with the vendors' hashes, at about 10 ms each: more is a word list, or an attack on us."""


def known_default(source: BoundedSource, secret: str) -> bool | None:
    """Whether a secret is a public default; None if the file held too many before it."""
    compared: dict[str, bool] = source.once("known_default", dict)
    return is_default(secret, compared)


def is_default(secret: str, compared: dict[str, bool]) -> bool | None:
    """Whether a secret is a public default; None if too many were ``compared`` before it. What was compared once need not be again."""
    if secret in knowledge().generic_defaults():
        return True
    if secret not in compared:
        if len(compared) >= DEFAULTS_PER_FILE:
            return None
        compared[secret] = knowledge().is_known_default(secret)
    return compared[secret]


def stored(source: BoundedSource, kind: SecretKind, form: SecretForm, secret: str, *, script: bool = False) -> Redacted:
    """A secret from text, redacted, with what can be said about it: a public default, a placeholder."""
    readable = form in {SecretForm.CLEARTEXT, SecretForm.RECOVERABLE}
    known = known_default(source, secret) if readable and secret else None
    return source.redact(kind, form, secret, known_default=known, placeholder=placeholder(secret, script=script))


def wifi_form(secret: str) -> SecretForm:
    """How a Wi-Fi secret is kept: 64 hex digits are the derived key, everything else is read as the passphrase or WEP key."""
    if not secret:
        return SecretForm.EMPTY
    return SecretForm.DERIVED if PSK_HEX.match(secret) else SecretForm.CLEARTEXT


_DOCUMENTATION = re.compile(
    r"(?:^|/)(?:docs?|man|man[1-8]|info|locale|tests?|testdata|certdata|examples?|samples?|sample-configurations|node_modules)/"
    r"|\.(?:sample|example|dist|md|rst)$|(?:^|/)(?:README|CHANGE(?:LOG|S)|NEWS|FAQ|COPYING|copyright)(?:[.-][^/]*)?$",
    re.IGNORECASE,
)
_COMPRESSED = re.compile(r"\.(?:gz|bz2|xz|lzma|lz4|zst)$", re.IGNORECASE)


@lru_cache(maxsize=16)  # many readers ask of the same file
def is_documentation(path: str) -> bool:
    """A place where secrets are examples: documentation, tests, samples. What is found there is kept, but with weak confidence.

    ``path`` may be a container chain: a page that is compressed by itself lies where its archive lies.
    """
    parts = path.split(CHAIN)
    while len(parts) > 1 and "/" not in parts[-1] and _COMPRESSED.search(parts[-2]):
        parts.pop()
        parts[-1] = _COMPRESSED.sub("", parts[-1])
    return _DOCUMENTATION.search(parts[-1]) is not None
