"""``/etc/group``: who belongs together, for settings that let in or keep out a group.

``name:password:gid:member,member`` (group(5)). Accounts whose first group it is stand in ``passwd`` only.

Known ways it lies: a directory service may add groups and members; copies (``group-``) are not read by anybody.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Group

_PATH = re.compile(r"(?:^|/)etc/group$")
_LINE = re.compile(r"([^:\s#][^:\s]{0,63}):([^:\s]{0,256}):(\d{1,10}):([^:\s]*)\s*$")
_HEAD = re.compile(rb"(?m)^[^:\s#][^:\s]{0,63}:[^:\s]*:\d+:")
_MOST_MEMBERS = 2000
"""Characters: a longer list is kept as far as its last whole name, and is not whole."""


class GroupReader:
    """Emits a :class:`Group` for each line."""

    info = ReaderInfo("group", "Groups of accounts", (Group,), ("etc/group",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and at least one line of the right shape."""
        return Sureness.YES if _PATH.search(path) and _HEAD.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; the first line of another shape is reported once the rest is read."""
        seen, broken = 0, 0
        for number, line in source.lines():
            found = _LINE.match(line)
            if not found:
                broken = broken or (number if line.strip() and not line.startswith(("#", "+", "-")) else 0)
                continue
            seen += 1
            name, _, gid, members = found.groups()
            whole = len(members) <= _MOST_MEMBERS
            listed = members if whole else members[:_MOST_MEMBERS].rpartition(",")[0]
            emit(Group(source.where(line=number), name, int(gid), " ".join(filter(None, listed.split(","))), whole))
        if not seen:
            raise NotThisFormat
        if broken:
            raise Malformed("a line is no group", line=broken)
