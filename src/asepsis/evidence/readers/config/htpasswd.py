"""Password files of web servers and brokers: ``name:hash`` lines.

Apache's htpasswd (apr1, ``{SHA}``, bcrypt, crypt), nginx and lighttpd the same; lighttpd's ``plain`` back end keeps ``name:password`` in
clear. Mosquitto's ``passwd`` has ``name:$6$…`` or ``$7$…`` of its own making.

Known ways it lies: nothing in the file says which scheme is used; 13 characters may be a DES hash or a clear password.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(
    r"(?:^|/)(?:\.?ht(?:passwd|users)[^/]*|lighttpd[^/]*\.(?:user|users|htpasswd|pass)[^/]*|mosquitto/(?:passwd|pwfile)[^/]*|mini_httpd[^/]*pass\w*)$"
)
_LINE = re.compile(r"([^:\s#][^:]{0,63}):([^:\s]{1,256})(?::.*)?$")


class HtpasswdReader:
    """Emits a :class:`PasswordHash` for each hash, a :class:`StoredSecret` for each password in clear."""

    info = ReaderInfo(
        "htpasswd", "Accounts of web servers and brokers", (PasswordHash, StoredSecret), (".htpasswd", "lighttpd user files", "mosquitto passwd")
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only: the shape is too common."""
        return Sureness.YES if _PATH.search(path) and b":" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        budget, seen = Budget(), 0
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for number, line in source.lines():
            found = _LINE.match(line.strip())
            if not found:
                continue
            seen += 1
            name, field = found.groups()
            where = source.where(line=number)
            if scheme_of(field):
                emit(hash_fact(source, where, name, field, "htpasswd", budget, confidence))
            else:
                redacted = stored(source, SecretKind.LOGIN, SecretForm.CLEARTEXT, field)
                emit(StoredSecret(where, redacted, "htpasswd", name, "password", "http", Confidence.LIKELY))
        if not seen:
            raise NotThisFormat
