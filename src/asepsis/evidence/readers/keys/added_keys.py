"""Keys that a script adds to ``authorized_keys``, and keys in the settings of a router's SSH server.

``echo "ssh-rsa AAAA… maker" >> /root/.ssh/authorized_keys``, the same by a here-document or a variable: every public key in a script that names
``authorized_keys`` is one that it lets in (sshd(8), AUTHORIZED_KEYS FILE FORMAT). Lines about ``known_hosts``, comments, and lines that
take a key out (``sed``, ``grep -v``) are about something else.
Firmware of routers keeps such keys as ``sshd_authkeys`` or ``sshd_authorized_keys`` in its NVRAM, several separated by ``>`` or blanks.

Known ways it lies: a script may never run, or ask whether a unit is still in the factory; whose account it is, is only taken from a path in it.
"""

from __future__ import annotations

import base64
import binascii
import re

from asepsis.evidence.protocols.authorized import KEY_TYPE, authorized
from asepsis.evidence.protocols.public_keys import ssh_public
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import AuthorizedKey, Confidence

_SCRIPT = re.compile(
    r"\.(?:sh|bash|ash)$|(?:^|/)etc/(?:init\.d|rc\d?\.d|profile\.d|cron\.\w+|uci-defaults|hotplug\.d/[^/]+)/[^/]+$|(?:^|/)(?:rc\.local|rcS|rc)$"
)
_SHEBANG = re.compile(rb"#!\s*/\S*(?:sh|bash|env)\b")
_NVRAM = re.compile(r"(?:^|/)[^/]*nvram[^/]*$", re.IGNORECASE)
_SETTING = re.compile(rb"sshd_auth(?:orized_)?keys=")
_KEY = re.compile(rf"(?:^|(?<=[\s\"'>=,(])){KEY_TYPE}[ \t]+(?P<key>[A-Za-z0-9+/]{{16,8192}}={{0,2}})(?:[ \t]+(?P<comment>[\w.@-]{{1,128}}))?")
_ADDS = re.compile(r"\bauthorized_keys\b")
_TAKES_OUT = re.compile(r"\bsed\s|\bgrep\s+-\w*v")
_TARGETS = (
    re.compile(r"/home/(?P<account>[\w-]{1,32})/\.ssh/authorized_keys"),
    re.compile(r"(?P<account>)(?:/root/\.ssh/|/etc/dropbear/)authorized_keys"),
)
MAX_KEYS = 500
"""Keys of one file; a script adds a few."""
_LONGEST_LINE = 65536


class AddedKeysReader:
    """Emits an :class:`AuthorizedKey` for each key that a script lets in, or that the settings of an SSH server hold."""

    info = ReaderInfo("added_keys", "Keys that scripts let in over SSH", (AuthorizedKey,), ("shell scripts", "sshd_authkeys in NVRAM"))
    signs = Signs(paths=(_NVRAM, _SCRIPT), heads=(begins(b"#!"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A script by its first line or its name, a dump by its name."""
        if _NVRAM.search(path) and head[:4] != b"\x7fELF":
            return Sureness.MAYBE
        return Sureness.MAYBE if b"\0" not in head and (_SHEBANG.match(head) or _SCRIPT.search(path)) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The keys of a file that says that keys are let in; without that it is none of this reader's."""
        content = source.content()
        settings = _NVRAM.search(source.path) is not None
        if not (_SETTING.search(content) if settings else b"authorized_keys" in content):
            raise NotThisFormat
        text = content.replace(b"\0", b"\n").decode("utf-8", "surrogateescape")
        account = "root" if settings else _account(text)
        seen = 0
        for number, line in enumerate(text.split("\n"), 1):
            if _is_about_others(line, settings=settings):
                continue
            for found in _KEY.finditer(line[:_LONGEST_LINE]):
                seen += 1
                if seen <= MAX_KEYS:
                    _tell(source, number, account, found, emit)


def _is_about_others(line: str, *, settings: bool) -> bool:
    if settings:
        return not line.startswith(("sshd_authkeys=", "sshd_authorized_keys="))
    about_hosts = "known_hosts" in line and not _ADDS.search(line)
    return line.lstrip().startswith("#") or about_hosts or (_TAKES_OUT.search(line) is not None and ">>" not in line)


def _tell(source: BoundedSource, number: int, account: str, found: re.Match[str], emit: Emit) -> None:
    try:
        public = ssh_public(base64.b64decode(found["key"], validate=True))
    except binascii.Error:
        return
    if public:
        emit(authorized(source, number, account, public, found["comment"] or "", "", Confidence.LIKELY))


def _account(text: str) -> str:
    """Whose list it is, if every path in the script says the same."""
    named = {found["account"] or "root" for pattern in _TARGETS for found in pattern.finditer(text)}
    return named.pop() if len(named) == 1 else ""
