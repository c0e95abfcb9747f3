"""Fuzz the reader ``u_boot_env``: ``python fuzz/fuzz_u_boot_env.py`` (with atheris), or ``python fuzz/run.py u_boot_env``."""

import struct
import zlib

from harness import main, pattern_target

from asepsis.evidence.readers.embedded.u_boot_env import UBootEnvReader

_FEED = pattern_target(UBootEnvReader())


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as an environment with its checksum."""
    _FEED(data)
    body = (b"bootcmd=run a\0bootdelay=1\0a=" + data.replace(b"\n", b"\0")).ljust(0xFFC, b"\xff")
    body = body.ljust(-(-(len(body) + 4) // 256) * 256 - 4, b"\0")
    _FEED(struct.pack("<I", zlib.crc32(body)) + body)


if __name__ == "__main__":
    main(TestOneInput)
