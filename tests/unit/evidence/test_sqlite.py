"""SQLite databases, written here by SQLite itself and then damaged."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time

import pytest

from asepsis.evidence.look import Look
from asepsis.evidence.protocols.patient_data import holds_patients
from asepsis.evidence.protocols.sqlite_pages import columns, key_first
from asepsis.evidence.reader import Malformed, Sealed
from asepsis.evidence.readers.embedded.sqlite import SqliteReader
from asepsis.model.evidence import Cause
from asepsis.model.facts import Fact, PasswordHash, PatientDataStore, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import read_file, source_of

PATIENTS = "CREATE TABLE patients (id INTEGER PRIMARY KEY, last_name TEXT, birth_date TEXT, diagnosis TEXT)"


def database(*statements: str | tuple[str, list[tuple[object, ...]]], pragmas: tuple[str, ...] = ()) -> bytes:
    connection = sqlite3.connect(":memory:")
    for pragma in pragmas:
        connection.execute(pragma)
    for statement in statements:
        if isinstance(statement, str):
            connection.execute(statement)
        else:
            connection.executemany(*statement)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def patients(count: int, note: str = "x") -> tuple[str, list[tuple[object, ...]]]:
    return "INSERT INTO patients VALUES (?, ?, ?, ?)", [(i, f"Name {i}", "1950-01-01", note) for i in range(count)]


def facts(data: bytes, path: str = "opt/app/records.db") -> list[Fact]:
    return read_file(SqliteReader(), data, path)


@pytest.mark.parametrize(
    "pragmas", [(), ("PRAGMA page_size=512",), ("PRAGMA page_size=65536",), ("PRAGMA encoding='UTF-16le'",), ("PRAGMA encoding='UTF-16be'",)]
)
@pytest.mark.parametrize("count", [0, 1, 5000])
def test_patients_are_counted_and_never_named(count: int, pragmas: tuple[str, ...]):
    (store,) = facts(database(PATIENTS, patients(count), pragmas=pragmas))
    assert isinstance(store, PatientDataStore)
    assert (store.store, store.records, store.encrypted) == ("records.db: patients", count, False)


def test_rows_longer_than_a_page_are_counted_too():
    (store,) = facts(database(PATIENTS, patients(40, "long " * 3000)))
    assert store.records == 40


def test_a_password_of_a_user_in_clear_is_a_log_in():
    data = database(
        "CREATE TABLE users (id INTEGER, userName TEXT, password TEXT)", "INSERT INTO users VALUES (1, 'nurse', 'Zq7-drip'), (2, 'x', '')"
    )
    (secret,) = facts(data)
    assert isinstance(secret, StoredSecret)
    assert (secret.subject, secret.key_name, secret.secret.kind, secret.secret.form) == (
        "nurse",
        "users.password",
        SecretKind.LOGIN,
        SecretForm.CLEARTEXT,
    )
    assert secret.where.offset is not None
    assert b"Zq7-drip" in data[secret.where.offset : secret.where.offset + 40]


def test_a_pin_may_be_a_number():
    (secret,) = facts(database("CREATE TABLE staff (login TEXT, pin INTEGER)", "INSERT INTO staff VALUES ('nurse', 4711), ('x', 1)"))
    assert secret.secret.length == 4


@pytest.mark.parametrize(
    ("value", "scheme", "known"),
    [
        (hashlib.md5(b"admin").hexdigest(), "md5", True),
        (hashlib.sha1(b"Zq7-drip").hexdigest().upper(), "sha1", False),
        (hashlib.sha256(b"Zq7-drip").hexdigest(), "unknown", False),
        ("*" + hashlib.sha1(hashlib.sha1(b"Zq7-drip").digest()).hexdigest().upper(), "sha1", False),
        ("*4ACFE3202A5FF5CF467898FC58AAB1D615029441", "sha1", True),  # PASSWORD('admin') of MySQL 5.7
        ("$2b$12$" + "a" * 53, "bcrypt", None),
        ("pbkdf2_sha256$260000$saltsaltsalt$" + "b" * 43 + "=", "unknown", None),
        ("$P$B" + "c" * 30, "unknown", None),
        ("scrypt:32768:8:1$saltsaltsaltsalt$" + "d1" * 64, "unknown", None),
        ("pbkdf2:sha256:600000$saltsalt$" + "d1" * 32, "unknown", None),
        ("bcrypt_sha256$$2b$12$" + "a" * 53, "unknown", None),
        ("AQAAAAEAACcQAAAAE" + "E" * 67, "unknown", None),
    ],
)
def test_hashes_of_users_are_hashes(value: str, scheme: str, known: bool | None):
    (found,) = facts(database("CREATE TABLE user (name TEXT, password_hash TEXT)", ("INSERT INTO user VALUES (?, ?)", [("nurse", value)])))
    assert isinstance(found, PasswordHash)
    assert (found.scheme, found.secret.known_default, found.secret.form) == (scheme, known, SecretForm.HASHED)


def test_a_user_without_a_password_is_locked():
    data = database("CREATE TABLE auth_user (username TEXT, password TEXT)", ("INSERT INTO auth_user VALUES (?, ?)", [("robot", "!" + "aB" * 20)]))
    (found,) = facts(data)
    assert isinstance(found, PasswordHash)
    assert (found.scheme, found.secret.form) == ("locked", SecretForm.LOCKED)


def test_words_that_say_whether_there_is_a_secret_are_none():
    rows = [
        ("show_password", "hunter2x"),
        ("require_password", "yes"),
        ("has_password", "false"),
        ("requirePin", "disabled"),
        ("allow_blank_password", "off"),
        ("login/ask_password", "Always"),
        ("admin_password", "Never"),
        ("web_password", "1"),
        ("use_password", "on"),
        ("user_password", "Zq7-drip"),
        ("issue_password", "Zq8-drip"),
    ]
    found = facts(database("CREATE TABLE settings (name TEXT, value TEXT)", ("INSERT INTO settings VALUES (?, ?)", rows)))
    assert [fact.key_name for fact in found] == ["settings.user_password", "settings.issue_password"]


@pytest.mark.parametrize(
    ("rows", "limit"), [([("", "")] * 20_001, "rows_of_one_table"), ([("a", f"Zq7-drip-{i}") for i in range(101)], "secrets_of_one_table")]
)
def test_a_long_table_hides_no_later_one(rows: list[tuple[object, ...]], limit: str):
    data = database(
        "CREATE TABLE log (login TEXT, password TEXT)",
        ("INSERT INTO log VALUES (?, ?)", rows),
        PATIENTS,
        patients(3),
        "CREATE TABLE users (login TEXT, password TEXT)",
        "INSERT INTO users VALUES ('nurse', 'Zq7-pump')",
    )
    look = Look(source_of(data, "records.db"), 1000)
    look.with_readers([SqliteReader()])
    assert [fact.records for fact in look.facts if isinstance(fact, PatientDataStore)] == [3]
    assert [fact.key_name for fact in look.facts if isinstance(fact, StoredSecret)][-1] == "users.password"
    (problem,) = look.problems
    assert problem.cause is Cause.LIMIT_REACHED
    assert limit in problem.what


def test_a_limit_of_the_whole_file_ends_it():
    data = database("CREATE TABLE users (login TEXT, password TEXT)", ("INSERT INTO users VALUES (?, ?)", [("a", f"Zq7-{i}") for i in range(9)]))
    look = Look(source_of(data, "records.db"), 5)
    look.with_readers([SqliteReader()])
    assert len(look.facts) == 5
    (problem,) = look.problems
    assert "facts" in problem.what


def test_too_many_long_tables_end_the_file():
    rows = [("a", f"Zq7-drip-{i}") for i in range(101)]
    tables = [
        statement
        for i in range(21)
        for statement in (f"CREATE TABLE t{i:02} (login TEXT, password TEXT)", (f"INSERT INTO t{i:02} VALUES (?, ?)", rows))
    ]
    look = Look(source_of(database(*tables), "records.db"), 10_000)
    look.with_readers([SqliteReader()])
    assert {fact.key_name for fact in look.facts if isinstance(fact, StoredSecret)} == {f"t{i:02}.password" for i in range(20)}


def test_settings_name_their_secrets_in_another_column():
    rows = [("wifi_ssid", "ward 7"), ("wifiPassword", "Breathe-Deep-1"), ("mqtt_password", "${MQTT}"), ("password_length", "8"), ("volume", "secret")]
    found = facts(database("CREATE TABLE settings (name TEXT, value TEXT)", ("INSERT INTO settings VALUES (?, ?)", rows)))
    assert [(fact.key_name, fact.secret.kind, fact.secret.placeholder) for fact in found] == [
        ("settings.wifiPassword", SecretKind.WIFI, ""),
        ("settings.mqtt_password", SecretKind.APPLICATION, "template variable"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "translation (lang TEXT, name TEXT, value TEXT)",
        "entries (language_id TEXT, key TEXT, text TEXT)",
        "messages (id TEXT, key TEXT, text TEXT)",
        "permissions (id TEXT, name TEXT, value TEXT)",
    ],
)
def test_words_of_a_language_and_permissions_are_no_settings(table: str):
    rows = [("de", "login.password", "Kennwort"), ("de", "pin", "GET")]
    assert facts(database(f"CREATE TABLE {table}", (f"INSERT INTO {table.split(maxsplit=1)[0]} VALUES (?, ?, ?)", rows))) == []


def test_a_pin_of_an_operator_may_be_a_number_too():
    (pin,) = facts(database("CREATE TABLE operators (name TEXT, pin INTEGER)", "INSERT INTO operators VALUES ('nurse', 90210)"))
    assert isinstance(pin, StoredSecret)
    assert (pin.key_name, pin.secret.length) == ("operators.pin", 5)


def test_computed_columns_stand_in_no_record():
    made = "CREATE TABLE users (u TEXT, a TEXT AS (upper(u)), b TEXT GENERATED ALWAYS AS (u) STORED, password TEXT)"
    (secret,) = facts(database(made, "INSERT INTO users (u, password) VALUES ('x', 'Tq7-ward')"))
    assert isinstance(secret, StoredSecret)
    assert (secret.key_name, secret.secret.length) == ("users.password", 8)


def test_names_of_columns_may_have_spaces():
    (secret,) = facts(database('CREATE TABLE "Users" ("User Name" TEXT, "User Password" TEXT)', "INSERT INTO Users VALUES ('biomed', 'Tq7-ward')"))
    assert isinstance(secret, StoredSecret)
    assert secret.subject == "biomed"


def test_a_log_of_what_was_written_last_is_said_not_to_be_read():
    assert facts(b"\x37\x7f\x06\x82" + bytes(28), "opt/app/records.db-wal") == []
    with pytest.raises(Sealed):
        facts(b"\x37\x7f\x06\x83" + bytes(28) + bytes(24 + 4096), "opt/app/records.db-wal")


def test_a_wifi_password_belongs_to_the_network_beside_it():
    (found,) = facts(database("CREATE TABLE wifi (ssid TEXT, psk TEXT)", "INSERT INTO wifi VALUES ('ward 7', '" + "ab" * 32 + "')"))
    assert (found.subject, found.secret.form) == ("ward 7", SecretForm.DERIVED)


def test_ordinary_tables_say_nothing():
    data = database(
        "CREATE TABLE contacts (id INTEGER, name TEXT, email TEXT, phone TEXT)",
        "INSERT INTO contacts VALUES (1, 'a', 'b', 'c')",
        "CREATE TABLE pins (pin INTEGER, password_hint TEXT)",
        "INSERT INTO pins VALUES (13, 'secret')",
        "CREATE VIEW v AS SELECT name AS password FROM contacts",
    )
    assert facts(data) == []


@pytest.mark.parametrize("pragmas", [(), ("PRAGMA page_size=512",)])
@pytest.mark.parametrize("count", [0, 1, 90])
def test_tables_without_row_ids_are_read_like_others(count: int, pragmas: tuple[str, ...]):
    rows: list[tuple[object, ...]] = [(f"Zq7-drip-{i:03}", "note " * (i * 7), f"nurse {i:03}") for i in range(count)]
    data = database(
        "CREATE TABLE users (password TEXT, note TEXT, login TEXT, PRIMARY KEY (login COLLATE NOCASE DESC, note)) WITHOUT ROWID",
        ("INSERT INTO users VALUES (?, ?, ?)", rows),
        pragmas=pragmas,
    )
    found = facts(data)
    assert sorted((fact.subject, fact.secret.length, fact.key_name) for fact in found) == [
        (f"nurse {i:03}", 12, "users.password") for i in range(count)
    ]
    assert len({fact.secret.digest for fact in found}) == count


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_patients_without_row_ids_are_counted(count: int):
    (store,) = facts(database(PATIENTS + " WITHOUT ROWID", patients(count), pragmas=("PRAGMA page_size=512",)))
    assert store.records == count


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("CREATE TABLE t(a, b TEXT PRIMARY KEY, c) WITHOUT ROWID", ("b", "a", "c")),
        ("CREATE TABLE t(a, b, c, CONSTRAINT k PRIMARY KEY(C DESC, [a])) WITHOUT ROWID", ("c", "a", "b")),
        ("CREATE TABLE t(a DEFAULT (x, y), b, PRIMARY KEY (b, b), UNIQUE (a))", ("b", "a")),
        ('CREATE TABLE t("primary" INT, "key" TEXT, z PRIMARY KEY)', ("z", "primary", "key")),
        ("CREATE TABLE t(a, b)", ("a", "b")),
        ("PRIMARY KEY", ()),
        ("(,(,", ()),
    ],
)
def test_the_primary_key_comes_first_where_there_are_no_row_ids(sql: str, names: tuple[str, ...]):
    assert key_first(sql) == names


def test_a_table_whose_pages_are_of_no_kind_is_told():
    data = bytearray(database(PATIENTS, patients(3)))
    assert data[4096] == 0x0D
    data[4096] = 0
    with pytest.raises(Malformed, match="another kind"):
        facts(bytes(data))


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("CREATE TABLE t(a, b)", ("a", "b")),
        ('CREATE TABLE "x(y" ("pass word" TEXT DEFAULT (1, 2), [b c] INT, `d` CHECK (d IN (1,2)), PRIMARY KEY (a, b))', ("pass word", "b c", "d")),
        ("CREATE TABLE t(a /* , no */ INT, -- , none\n b DECIMAL(1, 2))", ("a", "b")),
        ("CREATE TABLE t AS SELECT", ()),
        ("((((((", ()),
    ],
)
def test_columns_of_a_statement(sql: str, names: tuple[str, ...]):
    assert columns(sql) == names


@pytest.mark.parametrize(
    ("table", "names", "is_one"),
    [
        ("person", ("vorname", "geburtsdatum"), True),
        ("sensors", ("temperature", "name", "email", "birthdate"), True),
        ("exams", ("id", "mrn", "modality"), True),
        ("results", ("name", "heart_rate", "spo2"), True),
        ("patient", ("id", "name"), True),
        ("contacts", ("first_name", "last_name", "email", "phone", "address"), False),
        ("users", ("username", "email", "password", "gender"), False),
        ("measurements", ("time", "heart_rate", "spo2"), False),
        ("files", ("name", "size", "weight"), False),
        ("beds", ("id", "ward"), False),
    ],
)
def test_which_tables_are_of_patients(table: str, names: tuple[str, ...], is_one: bool):
    assert holds_patients(table, names) is is_one


def test_what_is_cut_short_is_broken_after_what_could_be_read():
    data = database(PATIENTS, patients(3000), "CREATE TABLE users (login TEXT, password TEXT)", "INSERT INTO users VALUES ('a', 'Zq7-drip')")
    look = Look(source_of(data[: len(data) // 2], "records.db"), 100)
    look.with_readers([SqliteReader()])
    (problem,) = look.problems
    assert problem.cause is Cause.BROKEN_INPUT


@pytest.mark.parametrize("data", [b"SQLite format 3\0", b"SQLite format 3\0" + bytes(200), b"SQLite format 3\0\x10\0" + bytes(90)])
def test_a_header_alone_is_broken(data: bytes):
    with pytest.raises(Malformed):
        facts(data)


def test_a_tree_that_leads_in_a_circle_ends():
    data = bytearray(database(PATIENTS, patients(3000)))
    root = 4096
    assert data[root] == 5
    data[root + 8 : root + 12] = (2).to_bytes(4, "big")
    with pytest.raises(Malformed, match="circle"):
        facts(bytes(data))


def test_damage_anywhere_ends_soon_and_is_never_our_bug():
    dice, plain = (
        random.Random(4),
        database(PATIENTS, patients(400), "CREATE TABLE kv (name, value)", "INSERT INTO kv VALUES ('password', 'Zq7-drip')"),
    )
    started = time.monotonic()
    for _ in range(300):
        data = bytearray(plain)
        for _ in range(dice.randrange(1, 12)):
            data[dice.randrange(16, len(data))] = dice.choice((0, 1, 5, 13, 127, 128, 255))
        look = Look(source_of(bytes(data), "records.db"), 1000)
        look.with_readers([SqliteReader()])
        assert [problem for problem in look.problems if problem.cause is Cause.OUR_BUG] == []
    assert time.monotonic() - started < 60
