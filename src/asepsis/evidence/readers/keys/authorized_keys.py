"""``authorized_keys``: whose public keys open an account over SSH.

One key a line: ``[options] type base64 [comment]`` (sshd(8), AUTHORIZED_KEYS FILE FORMAT). Options are joined by commas and may hold blanks in
double quotes: ``from="10.0.0.*",command="backup",no-pty``. OpenSSH reads ``~/.ssh/authorized_keys`` and ``authorized_keys2``, and what
``AuthorizedKeysFile`` names, often ``/etc/ssh/authorized_keys/%u``; dropbear reads ``~/.ssh/authorized_keys``, in OpenWrt
``/etc/dropbear/authorized_keys`` for root; OpenSSH in Windows ``ProgramData/ssh/administrators_authorized_keys``. ``known_hosts`` has hosts
where this has options, and lets nobody in. Values of options are kept only where they say who is let in and until when: a command may hold
a password. A file elsewhere that begins with such a line counts if ``AuthorizedKeysFile`` names it
(:mod:`asepsis.evidence.protocols.key_places`).

Known ways it lies: a file in the home of an account that cannot log in opens nothing; ``AuthorizedKeysFile`` may leave the usual ones unread.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace

from asepsis.evidence.protocols.authorized import KEY_TYPE, authorized
from asepsis.evidence.protocols.public_keys import PublicKey, ssh_public
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import AuthorizedKey, Confidence

_PATHS = (
    re.compile(r"(?:^|/)(?:home/)?(?P<account>[^/]+)/\.ssh/authorized_keys2?$"),
    re.compile(r"(?:^|/)etc/(?:ssh|dropbear)/(?:authorized[_-]keys|user-?keys|keys)(?:\.d)?[-/](?P<account>[^/]+?)(?:/authorized_keys)?(?:\.keys)?$"),
    re.compile(r"(?:^|/)(?:authorized_keys2?|administrators_authorized_keys)$"),
)
_LOOKS_LIKE = re.compile((r"(?:\s*+(?:#[^\n]*+\n)?+)*+(?:[\w-]+(?:=\"[^\"\n]{0,512}\")?[, ]){0,16}" + KEY_TYPE + r" AAAA[A-Za-z0-9+/]{16}").encode())
_OF_ROOT = re.compile(r"(?:^|/)etc/dropbear/authorized_keys$|^\.ssh/authorized_keys2?$")
_KEY = re.compile(rf"(?:^|(?<=[ \t])){KEY_TYPE}[ \t]+(?P<key>[A-Za-z0-9+/]{{16,}}=*)(?=[ \t]|$)")
_OPTION = re.compile(r'\s*([A-Za-z][A-Za-z0-9-]{0,40})(?:="((?:\\.|[^"\\]){0,2048})")?\s*(?:,|$)')
_TOLD = frozenset({"from", "expiry-time", "cert-authority", "principals"})
MAX_LINE = 16384
"""Characters: a key of 16,384 bits takes 2,800, and options need some, too."""
MAX_KEYS = 5000
"""Keys of one file."""


class AuthorizedKeysReader:
    """Emits an :class:`AuthorizedKey` for each line that holds a key."""

    info = ReaderInfo("authorized_keys", "Keys that may log in over SSH", (AuthorizedKey,), ("authorized_keys", "etc/ssh/authorized_keys/NAME"))
    signs = Signs(paths=_PATHS, heads=(re.compile(f"{KEY_TYPE} AAAA".encode()),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By where it lies, else by its first key. A folder of the server's may hold other files than lists."""
        if b"\0" in head.removeprefix(b"\xff\xfe"):
            return Sureness.NO
        if path.endswith(".pub") or not _lies_as_usual(path):
            return Sureness.MAYBE if b" AAAA" in head and "known_hosts" not in path and _LOOKS_LIKE.match(head) else Sureness.NO
        return Sureness.MAYBE if _PATHS[1].search(path) else Sureness.YES

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; the first that is no key is told at the end, the others are read all the same."""
        usual = _lies_as_usual(source.path) and not source.path.endswith(".pub")
        account, broken, seen = account_of(source.path) if usual else "", 0, 0
        for number, line in source.lines():
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            line_of_key = _parsed(text) if len(text) <= MAX_LINE else None
            if not line_of_key:
                broken = broken or number
                continue
            seen += 1
            if seen > MAX_KEYS:
                raise LimitReached("authorized_keys", MAX_KEYS, seen)
            emit(replace(_fact(source, number, account, *line_of_key), usual_place=usual))
        if broken and usual:
            raise Malformed("a line holds no key that can be read", line=broken)


def _lies_as_usual(path: str) -> bool:
    return any(pattern.search(path) for pattern in _PATHS)


def account_of(path: str) -> str:
    """Whose log-in a file opens, by its place; empty if that does not say."""
    if _OF_ROOT.search(path):
        return "root"
    return next((found.group("account") for pattern in _PATHS[:2] for found in [pattern.search(path)] if found), "")[:64]


def _parsed(text: str) -> tuple[PublicKey, str, str] | None:
    """The key of a line, its options and its comment, or None."""
    for found in _KEY.finditer(text):
        options = text[: found.start()]
        if options.replace('\\"', "").count('"') % 2:
            continue  # inside a quoted option
        try:
            public = ssh_public(base64.b64decode(found.group("key"), validate=True))
        except binascii.Error:
            return None
        return (public, options, text[found.end() :]) if public else None
    return None


def _fact(source: BoundedSource, number: int, account: str, public: PublicKey, options: str, comment: str) -> AuthorizedKey:
    return authorized(source, number, account, public, comment, _options(options), Confidence.CONFIRMED)


def _options(text: str) -> str:
    """The options, with the values of those only that say who is let in."""
    said, at = [], 0
    while (found := _OPTION.match(text, at)) and found.end() > at:
        name, value = found.group(1).lower(), found.group(2)
        said.append(name if value is None else f'{name}="{value if name in _TOLD else "…"}"')
        at = found.end()
    return ",".join(said)[:1024]
