"""Password hashes anywhere: ``name:$6$…`` lines in backups, scripts, databases and program images.

The scheme's own prefix and exact length make these certain; DES hashes have neither and are taken only from ``name:hash:`` lines with the
ageing fields of shadow. Files that have a reader of their own (passwd, shadow, htpasswd) are left to it.

Known ways it lies: a program's self test carries known hashes; examples in documentation do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash

_OWN_READER = re.compile(
    r"(?:^|/)(?:(?:master\.)?passwd|shadow)(?:[-.~_][^/]*)?$|(?:^|/)(?:\.?ht(?:passwd|users)[^/]*|lighttpd[^/]*\.(?:user|users|htpasswd|pass)[^/]*|mosquitto/(?:passwd|pwfile)[^/]*)$"
)
_MARKED = (
    rb"(?:\$(?:1|apr1)\$[./0-9A-Za-z]{0,16}\$[./0-9A-Za-z]{22}"
    rb"|\$5\$[./0-9A-Za-z=$]{0,40}\$[./0-9A-Za-z]{43}"
    rb"|\$6\$[./0-9A-Za-z=$]{0,40}\$[./0-9A-Za-z]{86}"
    rb"|\$2[abxy]\$\d\d\$[./0-9A-Za-z]{53}"
    rb"|\$y\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}"
    rb"|\{SHA\}[A-Za-z0-9+/]{27}="
    rb"|\$6\$[./0-9A-Za-z+]{8,24}\$[./0-9A-Za-z+]{86}==)"
)
_NAME = rb"([A-Za-z_][A-Za-z0-9_.-]{0,31}):"
_MAX = 200
"""Hashes of one file; more is a dictionary, not a device's accounts."""


class HashLinesReader:
    """Emits a :class:`PasswordHash` for each line."""

    info = ReaderInfo("hash_lines", "Password hashes in any file", (PasswordHash,), ("any file",))
    patterns = (
        Pattern("marked", _NAME + _MARKED, _NAME + rb"(" + _MARKED + rb")(?![./0-9A-Za-z])", before=224, after=96),
        Pattern(
            "des",
            _NAME + rb"[./0-9A-Za-z]{13}:\d{1,5}:\d{0,5}:",
            rb"(?<![A-Za-z0-9_.$-])" + _NAME + rb"([./0-9A-Za-z]{13}):\d{1,5}:\d{0,5}:",
            before=64,
            after=8,
        ),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """The same line counts once."""
        if _OWN_READER.search(source.path):
            return
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
        budget, seen = Budget(), set[tuple[bytes, bytes]]()
        for match in matches:
            name, field = match.groups[0], match.groups[1].decode("ascii")
            if scheme_of(field) in {"", "locked", "empty"} or match.groups in seen or len(seen) >= _MAX:
                continue
            seen.add((name, match.groups[1]))
            emit(hash_fact(source, source.where(offset=match.start), name.decode("ascii"), field, "pattern", budget, confidence))
