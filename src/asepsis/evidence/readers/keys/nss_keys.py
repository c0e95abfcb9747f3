"""Key stores of NSS, the library of Firefox, Thunderbird and many a server of Red Hat: ``key4.db`` and ``key3.db``.

``key4.db`` is a SQLite database whose table ``nssPrivate`` has a row for each key and a column for each attribute of PKCS #11 v2.40, named after its
number in hex: ``a0`` the class (3 is a private key, 4 a secret one), ``a100`` the type (0 RSA, 3 EC), ``a120`` and ``a122`` the public numbers,
``a102`` a digest of the public half. The private numbers are encrypted under the store's password, which is empty unless somebody chose one; that and
the usual ones are tried against the row ``password`` of ``metaData``. ``key3.db`` is the same in a Berkeley database of version 1.85, which is not
read.

Known ways it lies: a password in ``pin.txt`` beside the store opens it for whoever reads both; only the usual passwords are tried.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import rsa

from asepsis.evidence.protocols.key_facts import fact
from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.nss_password import opened_by
from asepsis.evidence.protocols.passphrases import Tries
from asepsis.evidence.protocols.public_keys import MAX_BITS, PublicKey, described
from asepsis.evidence.protocols.sqlite_pages import MAGIC, Broken, Pages, Row, Table
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Sealed, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey

_PATH = re.compile(r"(?:^|/)key(?P<version>[34])\.db$")
_BERKELEY = (b"\0\x06\x15\x61", b"\x61\x15\x06\0")
_CLASS, _TYPE, _MODULUS, _EXPONENT, _POINT, _ID = "a0", "a100", "a120", "a122", "a181", "a102"
_PRIVATE_KEY, _RSA = 3, 0
_TYPES = {0: "RSA", 1: "DSA", 3: "EC"}
MAX_KEYS = 500


class NssKeysReader:
    """Emits a :class:`PrivateKey` for each private key of a store; what no usual password opens is told as sealed."""

    info = ReaderInfo("nss_keys", "Key stores of NSS", (PrivateKey,), ("key4.db", "key3.db"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the magic of the database."""
        found = _PATH.search(path)
        return Sureness.YES if found and head.startswith((MAGIC,) if found["version"] == "4" else _BERKELEY) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Sealed`` if there are keys."""
        if not bytes(source.buffer[: len(MAGIC)]) == MAGIC:
            raise Sealed("key stores of this kind (NSS key3.db) are recognised and not read")
        try:
            pages = Pages(source.buffer)
            tables = {table.name: table for table in pages.tables()}
            if "nssPrivate" not in tables:
                raise NotThisFormat
            table, seen = tables["nssPrivate"], 0
            opened = _opened(pages, tables.get("metaData"))
            for number, row in enumerate(pages.rows(table.root)):
                key = _key(table, row) if number < MAX_KEYS else None
                found = fact(source, replace(key, opened_by=opened or ""), min(row.offset, source.size)) if key else None
                seen += key is not None
                if found:
                    emit(found)
        except Broken as error:
            raise Malformed(error.what, offset=min(max(0, error.offset), source.size)) from error
        if seen and not opened:
            raise Sealed(_NOT_TRIED if opened is None else _NOT_OPEN)


_NOT_TRIED = "the private keys of this store (NSS) are under its password; whether that is empty was not tried"
_NOT_OPEN = "the private keys of this store (NSS) are under its password, which is not empty and none of those that everybody tries first"


def _opened(pages: Pages, table: Table | None) -> str | None:
    """What kind of password opens the store, empty if none of the usual ones; None if that could not be tried."""
    for row in pages.rows(table.root) if table else ():
        name, salt, check = (*row.values, *[None] * 3)[:3]
        if name == "password" and isinstance(salt, bytes) and isinstance(check, bytes):
            return opened_by(salt, check, Tries())
    return None


def _key(table: Table, row: Row) -> Key | None:
    """The key of one row; None for one that is no private key."""
    values = dict(zip(table.columns, row.values, strict=False))
    if _number(values.get(_CLASS)) != _PRIVATE_KEY:
        return None
    kind = _number(values.get(_TYPE))
    public = _public(values.get(_MODULUS), values.get(_EXPONENT)) if kind == _RSA else None
    if public:
        return Key(public.algorithm, public.bits, "nss", True, public.identity)
    point = values.get(_POINT)
    named = next((one for one in (point, values.get(_ID)) if isinstance(one, bytes) and one), None)
    identity = named or repr(row.values[:1]).encode()
    return Key(_TYPES.get(kind, "unknown"), None, "nss", True, identity)


def _number(value: object) -> int:
    """An attribute that is a number: four bytes, the highest first."""
    return int.from_bytes(value, "big") if isinstance(value, bytes) and len(value) in {4, 8} else -1


def _public(modulus: object, exponent: object) -> PublicKey | None:
    if not isinstance(modulus, bytes) or not isinstance(exponent, bytes) or len(modulus) * 8 > MAX_BITS + 8:
        return None
    try:
        return described(rsa.RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big")).public_key())
    except ValueError:
        return None
