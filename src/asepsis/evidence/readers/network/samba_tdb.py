"""Samba's databases of secrets: ``passdb.tdb`` with the accounts and their NT hashes, ``secrets.tdb`` with the machine's own passwords.

A TDB file: ``TDB file`` and a line end, filled up to 32 bytes, version ``0x26011967 + 6``, number of hash chains; from offset 168 the free list and
the heads of the chains. A record: next, length, key length, data length, hash, magic ``0x26011999``, key, data. All numbers are those of the
machine that wrote it.

``USER_name`` holds an account, packed little-endian: seven times (six before version 1), twelve counted strings, two ids, LM hash, NT hash and, from
version 2, earlier NT hashes, then the account's flags (tdb_pack of passdb.c, Samba 3.0 to 4.22). ``SECRETS/MACHINE_PASSWORD/DOMAIN`` holds the
password with which the device joined a domain, ``SECRETS/LDAP_BIND_PW/DN`` that of a directory, both in clear. An NT hash works as well as the
password.

Known ways it lies: records that were freed stay in the file, and so does the log of a transaction; so only the chains are followed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_FOOD = b"TDB file\n".ljust(32, b"\0")
_VERSION, _MAGIC, _DEAD = 0x26011967 + 6, 0x26011999, 0xFEE1DEAD
_FREE_LIST, _RECORD = 168, 24
MAX_CHAINS, MAX_RECORDS, MAX_DATA = 1 << 20, 100_000, 1 << 16
"""A domain of a hospital has some thousand accounts; a record of an account has some hundred bytes."""
_STRINGS = 12
_HASH = 16
_DISABLED, _NO_PASSWORD, _TRUST = 0x1, 0x4, 0x1C0
"""Account flags (MS-SAMR 2.2.1.12): disabled; no password asked for; an account of a machine or a domain."""
_EMPTY_NT = "31d6cfe0d16ae931b73c59d7e0c089c0"
_SECRETS = {"SECRETS/MACHINE_PASSWORD/": ("domain", "machine password"), "SECRETS/LDAP_BIND_PW/": ("ldap", "bind password")}


class SambaTdbReader:
    """Emits one :class:`StoredSecret` for each account and each password of the machine."""

    info = ReaderInfo("samba_tdb", "Samba's databases of accounts and secrets", (StoredSecret,), ("passdb.tdb", "secrets.tdb"))
    signs = Signs(heads=(begins(_FOOD),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its first bytes: most TDB files hold other things, and then nothing is said."""
        return Sureness.YES if head.startswith(_FOOD) and path.rsplit("/", 1)[-1].startswith(("passdb", "secrets")) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Chain by chain; each record once."""
        records, broken = _gathered(bytes(source.buffer))
        keeper = Keeper(source, emit, "samba")
        version = int.from_bytes(records.get("INFO/version", (0, b"\3"))[1][:4], "little")
        for key in sorted(records):
            offset, data = records[key]
            if key.startswith("USER_"):
                _tell(keeper, offset, _account(data, version, offset))
            for start, (opens, name) in _SECRETS.items():
                if key.startswith(start):
                    secret = data.rstrip(b"\0").decode("utf-8", "replace")
                    keeper.tell(SecretKind.NETWORK_LOGIN, secret, offset=offset, subject=key.removeprefix(start), key=name, opens=opens)
        if broken:
            raise broken


@dataclass(frozen=True, slots=True)
class _Account:
    """An account: its name, the hashes in hex (empty where there is none), its flags."""

    name: str
    lan: str
    nt: str
    flags: int


def _gathered(data: bytes) -> tuple[dict[str, tuple[int, bytes]], Malformed | None]:
    """Offset and data of each record by its key, and what is wrong from some place on. Raises :class:`NotThisFormat`."""
    order = next((order for order in "<>" if data[32:36] == struct.pack(f"{order}I", _VERSION)), "")
    if not order:
        raise NotThisFormat
    records: dict[str, tuple[int, bytes]] = {}
    try:
        for key, offset, value in _records(data, order):
            records[key] = (offset, value)
    except Malformed as error:
        return records, error
    return records, None


def _records(data: bytes, order: str) -> Iterator[tuple[str, int, bytes]]:
    """Key, offset of the data, and data of each record on a chain. Raises :class:`Malformed`."""
    seen: set[int] = set()
    for head in _heads(data, order):
        at = head
        while at and at not in seen:
            seen.add(at)
            if at + _RECORD > len(data) or len(seen) > MAX_RECORDS:
                raise Malformed("a chain leaves the file, or does not end", offset=at)
            after, size, key, value, _, magic = struct.unpack_from(f"{order}6I", data, at)
            if magic not in {_MAGIC, _DEAD} or key + value > size or size > len(data) - at - _RECORD or value > MAX_DATA:
                raise Malformed("a record that cannot be", offset=at)
            start = at + _RECORD + key
            if magic == _MAGIC:
                yield data[at + _RECORD : start].rstrip(b"\0").decode("utf-8", "replace"), start, data[start : start + value]
            at = after


def _heads(data: bytes, order: str) -> tuple[int, ...]:
    (chains,) = struct.unpack_from(f"{order}I", data.ljust(40, b"\0"), 36)
    if not 0 < chains <= min(MAX_CHAINS, (len(data) - _FREE_LIST) // 4 - 1):
        raise Malformed("more hash chains than bytes", offset=36)
    return struct.unpack_from(f"{order}{chains}I", data, _FREE_LIST + 4)


def _account(data: bytes, version: int, offset: int) -> _Account:
    """Unpack an account. Raises :class:`Malformed`."""
    try:
        at, texts = (24 if version == 0 else 28), []
        for _ in range(_STRINGS):
            text, at = _counted(data, at)
            texts.append(text)
        lan, at = _counted(data, at + 8)
        nt, at = _counted(data, at)
        if version > 1:
            _, at = _counted(data, at)
        (flags,) = struct.unpack_from("<H", data, at)
    except struct.error as error:
        raise Malformed("an account that is cut short", offset=offset) from error
    return _Account(texts[0].rstrip(b"\0").decode("utf-8", "replace"), lan.hex(), nt.hex(), flags)


def _counted(data: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from("<I", data, at)
    return struct.unpack_from(f"{min(size, MAX_DATA)}s", data, at + 4)[0], at + 4 + size


def _tell(keeper: Keeper, offset: int, account: _Account) -> None:
    secret, key = (account.nt, "NT hash") if len(account.nt) == 2 * _HASH else (account.lan, "LM hash")
    kind = SecretKind.NETWORK_LOGIN if account.flags & _TRUST else SecretKind.LOGIN
    keeper.tell(kind, secret, offset=offset, subject=account.name, key=key, opens="smb", form=_form(secret, account.flags))


def _form(secret: str, flags: int) -> SecretForm:
    """An account without a hash lets nobody in, unless its flags ask for no password."""
    if flags & _DISABLED:
        return SecretForm.LOCKED
    if len(secret) != 2 * _HASH:
        return SecretForm.EMPTY if flags & _NO_PASSWORD else SecretForm.LOCKED
    return SecretForm.EMPTY if secret == _EMPTY_NT else SecretForm.DERIVED
