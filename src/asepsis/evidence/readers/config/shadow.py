"""``/etc/shadow`` and its copies: password hashes.

``name:hash:last change:min:max:warn:inactive:expire:`` (shadow(5)). An empty hash lets everybody in without a password;
``*``, ``!``, ``x`` and anything after ``!`` lock the account. Copies (``shadow-``,
``shadow.bak``) hold older hashes that are often still valid elsewhere.

Known ways it lies: lines may be shortened to ``name:hash``; BusyBox accepts ``root::`` as a full line, and its ``login`` never looks at
the day on which an account expires.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash

_PATH = re.compile(r"(?:^|/)shadow(?:[-.~_][^/]*)?$")
_LINE = re.compile(r"([^:\s#][^:\s]{0,63}):([^:\s]{0,256})(?::[-\d]*){0,6}:?[^:]*$")
_EXPIRES, _FIELDS = 7, 9
_EPOCH = date(1970, 1, 1)
_MOST_DAYS = 100_000
"""Days since 1970; a later end is none."""
_HEAD = re.compile(rb"(?m)^[^:\s#][^:\s]{0,63}:[^:\s]{0,256}(?::[-\d:]*)?\s*$")


class ShadowReader:
    """Emits a :class:`PasswordHash` for each line, locked and empty ones too."""

    info = ReaderInfo("shadow", "Password hashes", (PasswordHash,), ("etc/shadow", "shadow-", "shadow.bak"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and at least one line of the right shape."""
        return Sureness.YES if _PATH.search(path) and _HEAD.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; the first line of another shape is reported once the rest is read."""
        budget, seen, broken = Budget(), 0, 0
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for number, line in source.lines():
            found = _LINE.match(line)
            if not found or not scheme_of(found.group(2)):
                broken = broken or (number if line.strip() and not line.startswith("#") else 0)
                continue
            seen += 1
            fact = hash_fact(source, source.where(line=number), found.group(1), found.group(2), "shadow", budget, confidence)
            emit(replace(fact, expires=_last_day(line)))
        if not seen:
            raise NotThisFormat
        if broken:
            raise Malformed("a line is no password entry", line=broken)


def _last_day(line: str) -> date | None:
    """The day on which the account expires; 0 may mean never or long ago (shadow(5)) and says nothing."""
    fields = line.split(":", _FIELDS)
    days = fields[_EXPIRES].strip() if len(fields) > _EXPIRES else ""
    return _EPOCH + timedelta(int(days)) if re.fullmatch(r"[0-9]{1,6}", days) and 0 < int(days) < _MOST_DAYS else None
