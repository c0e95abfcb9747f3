"""Fuzz the reader ``unread_databases``: ``python fuzz/fuzz_unread_databases.py`` (with atheris), or ``python fuzz/run.py unread_databases``."""

from harness import file_target, main
from tests.unit.evidence.test_unread_databases import FIELDS, FIREBIRD

from asepsis.evidence.readers.embedded.unread_databases import UnreadDatabasesReader

_TARGETS = [file_target(UnreadDatabasesReader(), path) for path in ("a.fdb", "a.mdb")]
SEEDS = (
    FIREBIRD + b"\0PATIENT_ID\0LAST_NAME\0BIRTH_DATE",
    b"\0\1\0\0Standard Jet DB\0" + bytes(100) + b"\xff\0\xff".join(name.encode("utf-16-le") for name in FIELDS),
    bytes(range(256)) * 16,
)


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes under the names of both makers."""
    for target in _TARGETS:
        target(data)


if __name__ == "__main__":
    main(TestOneInput)
