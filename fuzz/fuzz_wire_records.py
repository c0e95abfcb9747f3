"""Fuzz what takes captures apart: ``python fuzz/fuzz_wire_records.py`` (with atheris), or ``python fuzz/run.py wire_records``."""

from harness import main
from wire_frames import CAPTURES, all_records

SEEDS = CAPTURES


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """A capture gives no more bytes than are in it, unless it is compressed."""
    compressed = data[:2] == b"\x1f\x8b" or data[:4] == b"\x28\xb5\x2f\xfd"
    given = sum(len(record.data) for record in all_records(data))
    assert compressed or given <= len(data)


if __name__ == "__main__":
    main(TestOneInput)
