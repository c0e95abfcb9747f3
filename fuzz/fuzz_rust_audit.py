"""Fuzz the reader ``rust_audit``: ``python fuzz/fuzz_rust_audit.py`` (with atheris), or ``python fuzz/run.py rust_audit``."""

import zlib

from harness import main, pattern_target
from tests.unit.evidence.test_rust_audit import packed, sectioned

from asepsis.evidence.readers.packages.rust_audit import RustAuditReader

_FEED = pattern_target(RustAuditReader())
SEEDS = (sectioned(packed()), zlib.decompress(packed()))


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as a program, and as what its section holds."""
    _FEED(data)
    _FEED(sectioned(zlib.compress(data)))


if __name__ == "__main__":
    main(TestOneInput)
