"""SQLite databases: tables of patients, stored passwords and keys, password hashes of users.

A file of pages (:mod:`asepsis.evidence.protocols.sqlite_pages` draws them). Tables are judged by the names of their columns; of patients only the
number of rows is kept, never a value. Passwords are looked for in columns named after them and in tables of settings (a column of names beside one
of values). Source: "Database File Format" (sqlite.org), version 3.45.

Known ways it lies: what was written last may stand in ``-wal`` beside the file; a deleted row is still in its page and is not read; a column
called ``password`` may hold a hash, ciphertext in hex, or a reference to another store.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from asepsis.evidence.protocols import key_names
from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.patient_data import holds_patients
from asepsis.evidence.protocols.secrets import NO_VALUE, is_documentation, knowledge, stored, wifi_form
from asepsis.evidence.protocols.sqlite_pages import MAGIC, Broken, Pages, Row, Table, Value
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Sealed, Signs, Sureness, begins
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash, PatientDataStore, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_MOST_ROWS = 20_000
"""Of one table that are searched for secrets."""
_MOST_SECRETS = 100
_LONGEST = 512
_LEAST_PIN = 999
"""A number of four digits or more in a user's row may be a PIN; a smaller one is a flag or a reference."""
_DIGESTS = {32: "md5", 40: "sha1", 64: "unknown", 128: "unknown"}
"""Hex digits of a digest without salt; :class:`asepsis.model.facts.PasswordHash` knows no name for the longer ones."""
_ALGORITHMS = {32: hashlib.md5, 40: hashlib.sha1, 64: hashlib.sha256, 128: hashlib.sha512}
_HEX = re.compile(r"[0-9A-Fa-f]+\Z")
_OF_MYSQL = re.compile(r"\*[0-9A-Fa-f]{40}\Z")
"""SHA-1 of the SHA-1, as ``PASSWORD()`` of MySQL 4.1 and later keeps it (MySQL 5.7 reference manual, 6.1.2.4)."""
_HASH_COLUMN = re.compile(r"(?:^|_)(?:pass(?:word|wd|wrd)?|pwd|pin)(?:_?(?:hash|digest|md5|sha\d*|crypt))?$|(?:^|_)(?:pw|passwd|password)_?hash$")
_NAMES = re.compile(r"(?:^|_)(?:key|name|setting|option|param(?:eter)?|property|item|variable)(?:_?name)?$")
_VALUES = re.compile(r"(?:^|_)(?:val(?:ue)?|data|content|text)(?:_?text)?$")
_USERS = re.compile(r"user|account|login|member|operator|admin|credential|auth")
_UNUSABLE = re.compile(r"![A-Za-z0-9]{40}\Z")
"""What Django keeps for a user who has no password."""
_FLAG = re.compile(r"(?:^|[./])(?:(?:show|ask|remember|require[sd]?|allow)_?|(?:has|uses?|is|needs?)_)")
"""Names that begin so say whether there is a secret, and hold none: ``show_password``."""
_LOG, _LOG_HEAD = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"), 32
"""How a write-ahead log (``-wal``) begins, and its length when it holds nothing."""
_WORDING = re.compile(
    r"translat|i18n|l10n|locali[sz]|permission|privilege|(?:^|_)(?:messages?|labels?|strings?|captions?|languages?|roles?|acl|help)(?:_|$)"
)
_LANGUAGE = re.compile(r"(?:^|_)(?:lang(?:uage)?|locale|culture|lcid)(?:_|id|code|$)")
"""Tables that say how something is called in a language, or who may do it: what stands beside ``password`` there is none."""
_OF_ONE_TABLE = frozenset({"rows_of_one_table", "secrets_of_one_table"})
_MOST_STOPPED = 20
"""Tables that may reach a limit of their own before the file is left."""
_DICOM_INDEX = frozenset({"MainDicomTags", "DicomIdentifiers"})


class SqliteReader:
    """Emits :class:`PatientDataStore`, :class:`StoredSecret` and :class:`PasswordHash`."""

    info = ReaderInfo(
        "sqlite",
        "Patient data and secrets in SQLite databases",
        (PatientDataStore, StoredSecret, PasswordHash),
        ("SQLite 3 databases",),
        ("what was written last may stand in -wal beside the file, and is not read", "deleted rows are not read"),
    )
    signs = Signs(heads=(begins(MAGIC, *_LOG),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - the magic says it all
        """By the first sixteen bytes."""
        return Sureness.YES if head.startswith((MAGIC, *_LOG)) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Table by table; one that is broken or too long does not hide the others. Raises for the first that is."""
        if bytes(source.buffer[:4]) in _LOG:
            if source.size > _LOG_HEAD:
                raise Sealed("what was written last to the database beside it is in this file, and is not read")
            return
        stopped: list[Broken | LimitReached] = []
        budget = Budget()
        try:
            pages = Pages(source.buffer)
            for table in pages.tables():
                try:
                    _Reading(source, pages, table, emit, budget).table()
                except (Broken, LimitReached) as error:
                    _not_of_the_file(error, stopped)
        except Broken as error:
            stopped.append(error)
        for first in stopped[:1]:
            raise Malformed(first.what, offset=min(max(0, first.offset), source.size)) if isinstance(first, Broken) else first


def _not_of_the_file(error: Broken | LimitReached, stopped: list[Broken | LimitReached]) -> None:
    """Keep what ended one table only; a limit of the whole file is raised, and one of a table if too many were reached."""
    stopped.append(error)
    limits = [other for other in stopped if isinstance(other, LimitReached)]
    if isinstance(error, LimitReached) and (error.limit not in _OF_ONE_TABLE or len(limits) >= _MOST_STOPPED):
        raise error


class _Reading:
    """The reading of one table."""

    def __init__(self, source: BoundedSource, pages: Pages, table: Table, emit: Emit, budget: Budget) -> None:
        self._source, self._pages, self._table, self._emit = source, pages, table, emit
        self._weak = is_documentation(source.where().path)
        self._budget, self._told = budget, 0
        users = [column for column in table.columns if key_names.is_user(column)]
        self._user = key_names.related("user_name", [column for column in users if not column.lower().endswith("id")] or users)

    def table(self) -> None:
        """What the table holds."""
        if holds_patients(self._table.name, self._table.columns) or self._table.name in _DICOM_INDEX:
            count = self._pages.cells(self._table.root)
            name = f"{self._source.path.rsplit('/', 1)[-1]}: {self._table.name}"
            where = self._source.where(offset=(self._table.root - 1) * self._pages.size)
            self._emit(PatientDataStore(where, name[:128], count, encrypted=False))
        secrets = [i for i, column in enumerate(self._table.columns) if self._kind(column)]
        settings = self._settings()
        if secrets or settings:
            for number, row in enumerate(self._pages.rows(self._table.root)):
                if number >= _MOST_ROWS:
                    raise LimitReached("rows_of_one_table", _MOST_ROWS, number + 1)
                self._row(row, secrets, settings)

    def _kind(self, column: str) -> SecretKind | None:
        if _FLAG.search(key_names.plain(column)):
            return None
        hashed = _HASH_COLUMN.search(key_names.plain(column))
        return key_names.secret_kind(column, self._table.name) or (SecretKind.APPLICATION if hashed else None)

    def _settings(self) -> tuple[int, int] | None:
        """The columns of names and of values, if it is a table of settings."""
        words = [key_names.plain(column) for column in self._table.columns]
        if _WORDING.search(key_names.plain(self._table.name)) or any(map(_LANGUAGE.search, words)):
            return None
        names = [i for i, word in enumerate(words) if _NAMES.search(word)]
        values = [i for i, word in enumerate(words) if _VALUES.search(word) and i not in names]
        return (names[0], values[0]) if names and values else None

    def _row(self, row: Row, secrets: Sequence[int], settings: tuple[int, int] | None) -> None:
        for column, value, name in self._candidates(row, secrets, settings):
            kind = self._kind(name)
            if kind is None or value.lower() in NO_VALUE or len(value) > _LONGEST:
                continue
            self._told += 1
            if self._told > _MOST_SECRETS:
                raise LimitReached("secrets_of_one_table", _MOST_SECRETS, self._told)
            self._secret(row, column, name, value, kind)

    def _candidates(self, row: Row, secrets: Sequence[int], settings: tuple[int, int] | None) -> Iterator[tuple[str, str, str]]:
        """Column, text and the name that says what it is."""
        of_users = self._user or _USERS.search(key_names.plain(self._table.name))
        for i in secrets:
            value = row.values[i] if i < len(row.values) else None
            number = str(value) if isinstance(value, int) and value > _LEAST_PIN and of_users else ""
            yield self._table.columns[i], number or _text(row.values[i : i + 1]), self._table.columns[i]
        if settings:
            name = _text(row.values[settings[0] : settings[0] + 1])[:64]
            yield name, _text(row.values[settings[1] : settings[1] + 1]), name

    def _secret(self, row: Row, column: str, name: str, value: str, kind: SecretKind) -> None:
        where = self._source.where(offset=row.offset)
        user = self._user_of(row)
        confidence = Confidence.WEAK if self._weak else Confidence.CONFIRMED
        hashed = _HASH_COLUMN.search(key_names.plain(name)) is not None
        may_be_hash = hashed or kind is SecretKind.APPLICATION
        if may_be_hash and (scheme_of(value) not in {"", "empty", "des", "locked"} or _UNUSABLE.match(value)):
            self._emit(hash_fact(self._source, where, user or self._table.name, value, "sqlite", self._budget, confidence))
        elif (hashed and len(value) in _DIGESTS and _HEX.match(value)) or (may_be_hash and _OF_MYSQL.match(value)):
            scheme = _DIGESTS[len(value.removeprefix("*"))]
            redacted = self._source.redact(SecretKind.LOGIN, SecretForm.HASHED, value.lower(), known_default=_is_default(value.lower()))
            self._emit(PasswordHash(where, user or self._table.name, scheme, redacted, "sqlite", confidence))
        else:
            of_a_user = kind is SecretKind.APPLICATION and user and _USERS.search(key_names.plain(self._table.name))
            kind = SecretKind.LOGIN if of_a_user else kind
            redacted = stored(self._source, kind, wifi_form(value) if kind is SecretKind.WIFI else SecretForm.CLEARTEXT, value)
            subject = self._ssid_of(row) if kind is SecretKind.WIFI else user
            opens = key_names.service(name, self._table.name) if kind is SecretKind.APPLICATION else ""
            self._emit(
                StoredSecret(where, redacted, "sqlite", subject or self._table.name[:64], f"{self._table.name}.{column}"[:128], opens, confidence)
            )

    def _user_of(self, row: Row) -> str:
        return self._value_of(row, self._user)

    def _ssid_of(self, row: Row) -> str:
        return self._value_of(row, next((column for column in self._table.columns if key_names.is_ssid(column)), ""))

    def _value_of(self, row: Row, column: str) -> str:
        at = self._table.columns.index(column) if column else len(row.values)
        return _text(row.values[at : at + 1])[:64]


def _text(values: Sequence[Value]) -> str:
    """The one value as text, or an empty string: numbers are no passwords, bytes are none if they are no text."""
    value = values[0] if values else ""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace") if value.isascii() else ""
    return value if isinstance(value, str) and value.isprintable() else ""


def _is_default(digest: str) -> bool:
    """Whether a generic default has this digest."""
    plain = digest.removeprefix("*")
    made, guesses = _ALGORITHMS[len(plain)], (guess.encode() for guess in knowledge().generic_defaults())
    return any(made(made(guess).digest() if plain != digest else guess).hexdigest() == plain for guess in guesses)
