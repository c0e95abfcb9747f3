"""Fuzz the reader ``nss_keys``: ``python fuzz/fuzz_nss_keys.py`` (with atheris), or ``python fuzz/run.py nss_keys``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from harness import file_target, main
from tests.unit.evidence.test_nss_keys import PRIVATE, SECRET, aes_check, store, triple_des_check

from asepsis.evidence.readers.keys.nss_keys import NssKeysReader

TestOneInput = file_target(NssKeysReader(), "etc/pki/key4.db")


def _store(rows: list[tuple[object, ...]], password: tuple[str, bytes, bytes]) -> bytes:
    with TemporaryDirectory() as folder:
        return store(Path(folder), rows, page=512, meta=password)


SEEDS = (_store([PRIVATE, SECRET], aes_check(b"")), _store([PRIVATE], triple_des_check(b"a password")), b"\0\x06\x15\x61" + bytes(100))

if __name__ == "__main__":
    main(TestOneInput)
