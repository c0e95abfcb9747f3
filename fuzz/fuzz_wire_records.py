"""Fuzz what takes captures apart: ``python fuzz/fuzz_wire_records.py`` (with atheris), or ``python fuzz/run.py wire_records``."""

from harness import main
from tests.unit.evidence.wire.both_ways import told_alike
from tests.unit.evidence.wire.test_quick import dialogue, one_second
from wire_frames import CAPTURES, all_records

SEEDS = (*CAPTURES, one_second([*dialogue(2)]), one_second([*dialogue(1, vlan=True)]))


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """A capture gives no more bytes than are in it, unless it is compressed; both ways through it tell the same."""
    compressed = data[:2] == b"\x1f\x8b" or data[:4] == b"\x28\xb5\x2f\xfd"
    given = sum(len(record.data) for record in all_records(data))
    assert compressed or given <= len(data)
    told_alike(data)


if __name__ == "__main__":
    main(TestOneInput)
