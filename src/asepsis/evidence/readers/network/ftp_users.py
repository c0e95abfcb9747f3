"""Users of FTP and rsync servers that are no accounts of the system.

ProFTPD's ``AuthUserFile`` and Pure-FTPd's ``pureftpd.passwd`` have lines like passwd's, ``NAME:HASH:UID:GID:…`` (mod_auth_file; pure-pw(8)).
vsftpd's list of virtual users has name and password on lines in turn (pam_userdb, README of vsftpd's virtual users). ``rsyncd.secrets`` has
``NAME:SECRET``, and ``@GROUP:SECRET`` (rsyncd.conf(5)).

Known ways it lies: vsftpd reads the data base that was made of the list, and the list stays behind; all of these may have any name.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash, StoredSecret
from asepsis.model.secret import SecretKind

_HASHES = re.compile(r"(?:^|/)(?:ftpd\.passwd|pure-?ftpd\.passwd|(?:proftpd|pure-ftpd|vsftpd)/[^/]*passwd[^/.]*)$")
_PAIRS = re.compile(r"(?:^|/)(?:vsftpd/[^/]*|vsftpd[_-]?)(?:virtual|vusers?|logins?)[^/]*(?:\.txt)?$|(?:^|/)vsftpd_?(?:login|users)\.txt$")
_RSYNC = re.compile(r"(?:^|/)rsync(?:d)?[^/]*\.(?:secrets?|pass(?:wd|word)?)$")
_LINE = re.compile(r"([^:\s#][^:]{0,63}):([^:\s]{0,256}):\d{1,10}:\d{1,10}:")
_RSYNC_LINE = re.compile(r"([^:\s#][^:]{0,63}):(.{1,256})")


class FtpUsersReader:
    """Emits a :class:`PasswordHash` for each hash, a :class:`StoredSecret` for each password in clear."""

    info = ReaderInfo(
        "ftp_users",
        "Users of FTP and rsync servers",
        (PasswordHash, StoredSecret),
        ("ftpd.passwd", "pureftpd.passwd", "rsyncd.secrets", "vsftpd users"),
    )
    signs = Signs(paths=(_HASHES, _PAIRS, _RSYNC), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        known = _HASHES.search(path) or _PAIRS.search(path) or _RSYNC.search(path)
        return Sureness.YES if known and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """By the file's name: columns, pairs of lines, or name and secret."""
        if _HASHES.search(source.path):
            _read_hashes(Keeper(source, emit, "ftp-users"))
        elif _RSYNC.search(source.path):
            _read_rsync(Keeper(source, emit, "rsync"))
        else:
            _read_pairs(Keeper(source, emit, "ftp-users"))


def _read_hashes(keeper: Keeper) -> None:
    budget = Budget()
    for number, line in keeper.source.lines():
        found = _LINE.match(line)
        if not found:
            continue
        name, field = found.groups()
        if scheme_of(field):
            keeper.emit(hash_fact(keeper.source, keeper.source.where(line=number), name, field, "ftp-users", budget))
        else:
            keeper.tell(SecretKind.LOGIN, field, line=number, subject=name, key="password", opens="ftp", confidence=Confidence.LIKELY)


def _read_pairs(keeper: Keeper) -> None:
    rows = [(number, line.strip()) for number, line in keeper.source.lines() if line.strip()]
    for (_, name), (number, secret) in zip(rows[::2], rows[1::2], strict=False):
        if len(secret) <= 256 and not name.startswith("#"):  # noqa: PLR2004
            keeper.tell(SecretKind.LOGIN, secret, line=number, subject=name, key="password", opens="ftp", confidence=Confidence.LIKELY)


def _read_rsync(keeper: Keeper) -> None:
    for number, line in keeper.source.lines():
        found = _RSYNC_LINE.fullmatch(line.strip()) if len(line) < 512 else None  # noqa: PLR2004
        if found:
            keeper.tell(SecretKind.LOGIN, found.group(2), line=number, subject=found.group(1), key="secret", opens="rsync")
