"""``/etc/passwd``: the log-in names of a device.

``name:password:uid:gid:comment:home:shell`` (passwd(5)). A password of ``x`` is in shadow; an empty one asks for nothing; a hash in this
file is readable by every program. ``master.passwd`` of the BSDs has ten fields, the last two the same.

Known ways it lies: an empty shell means ``/bin/sh``; a locked password still leaves log-in by key.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Account, Confidence, PasswordHash

_PATH = re.compile(r"(?:^|/)(?:master\.)?passwd(?:[-.~_][^/]*)?$")
_LINE = re.compile(r"([^:\s#][^:\s]{0,63}):([^:\s]{0,256}):(-?\d{1,10}):(-?\d{1,10}):([^:]*):([^:]*):([^:]*)$")
_HEAD = re.compile(rb"(?m)^[^:\s#][^:\s]{0,63}:[^:\s]*:\d+:\d+:[^:\n]*:[^:\n]*:[^:\n]*$")
NO_LOG_IN = frozenset({"nologin", "false", "sync", "shutdown", "halt", "true", "null"})
"""Programs in the place of a shell that let nobody in."""


class PasswdReader:
    """Emits an :class:`Account` for each line, and a :class:`PasswordHash` where the password is not in shadow."""

    info = ReaderInfo("passwd", "Accounts", (Account, PasswordHash), ("etc/passwd", "passwd-", "passwd.bak"))
    signs = Signs(paths=(_PATH,), heads=(begins(b"root:"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and at least one line of the right shape; without the name a lone root line is enough."""
        if _PATH.search(path) and _HEAD.search(head):
            return Sureness.YES
        return Sureness.MAYBE if re.match(rb"root:[^:\s]*:0:0:", head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; a line of another shape is passed over, a file with none of the right one is not this format."""
        budget, seen, broken = Budget(), 0, 0
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for number, line in source.lines():
            found = _LINE.match(line)
            if not found:
                broken = broken or (number if line.strip() and not line.startswith(("#", "+", "-")) else 0)
                continue
            seen += 1
            name, password, uid, gid, _, home, shell = found.groups()
            where = source.where(line=number)
            emit(Account(where, name, int(uid), shell[:256], home[:256], "passwd", shell.rsplit("/", 1)[-1] not in NO_LOG_IN, int(gid)))
            if password != "x" and scheme_of(password):  # noqa: S105 - the mark for "see shadow"
                emit(hash_fact(source, where, name, password, "passwd", budget, confidence))
        if not seen:
            raise NotThisFormat
        if broken:
            raise Malformed("a line is no account", line=broken)
