"""Fuzz the reader ``sqlite``: ``python fuzz/fuzz_sqlite.py`` (with atheris), or ``python fuzz/run.py sqlite``."""

import sqlite3

from harness import file_target, main

from asepsis.evidence.readers.embedded.sqlite import SqliteReader

_FEED = file_target(SqliteReader())


def _sound() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript("PRAGMA page_size=512; CREATE TABLE patient (name, birth_date, password); CREATE TABLE kv (name, value);")
    connection.executemany("INSERT INTO patient VALUES (?, ?, ?)", [("a" * i, "b", "c" * 600) for i in range(40)])
    connection.commit()
    return connection.serialize()


_SOUND = _sound()


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as changes to a sound database: three of them say where, the fourth what."""
    _FEED(data)
    changed = bytearray(_SOUND)
    for at in range(0, min(len(data) - 3, 400), 4):
        changed[int.from_bytes(data[at : at + 3], "big") % len(changed)] = data[at + 3]
    _FEED(bytes(changed))


if __name__ == "__main__":
    main(TestOneInput)
