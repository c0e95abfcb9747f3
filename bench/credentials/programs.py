"""Programs that are compiled while the corpus is built, and stubs for those that no compiler here can make."""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

HARDENED = ("-O2", "-fPIE", "-pie", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack")
BARE = ("-O1", "-fno-pie", "-no-pie", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-Wl,-z,norelro", "-Wl,-z,execstack")
PLAIN = ("-s", "-Wl,--build-id=none", "-w")


def compiled(source: str, *, hardened: bool = True) -> bytes:
    """The program of a C source. The file always has the same name in a folder of its own, so that the bytes do not depend on where."""
    compiler = shutil.which("gcc")
    if compiler is None:
        raise FileNotFoundError("gcc")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.c").write_text(source, encoding="utf-8")
        command = [compiler, *PLAIN, *(HARDENED if hardened else BARE), "-o", "program", "main.c"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return Path(folder, "program").read_bytes()


def pe_stub(strings: list[str]) -> bytes:
    """A 32-bit Windows program of one section that holds strings and returns."""
    text = b"\xc3" + b"\0" * 15 + b"".join(line.encode() + b"\0" for line in strings)
    size = (len(text) + 511) // 512 * 512
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x14C, 1, 0, 0, 0, 224, 0x102)
    optional = struct.pack("<HBBIIIIII", 0x10B, 9, 0, size, 0, 0, 0x1000, 0x1000, 0x2000)
    optional += struct.pack(
        "<IIIHHHHHHIIIIHHIIIIII", 0x400000, 0x1000, 512, 5, 1, 0, 0, 5, 1, 0, 0x3000, 512, 0, 2, 0, 0x100000, 4096, 0x100000, 4096, 0, 16
    )
    section = struct.pack("<8sIIIIIIHHI", b".text", len(text), 0x1000, size, 512, 0, 0, 0, 0, 0x60000020)
    return (dos + coff + optional + bytes(128) + section).ljust(512, b"\0") + text.ljust(size, b"\0")


def mcu(strings: list[str], seed: bytes) -> bytes:
    """A Cortex-M image: vectors, something like code, and strings in read-only data."""
    vectors = struct.pack("<16I", 0x20004000, *[0x08000101 + 32 * number for number in range(15)])
    import random

    draw = random.Random(seed)
    code = b"".join(struct.pack("<H", draw.choice((0x4770, 0xB510, 0xBD10, 0x2000, 0x4601, 0x6800, 0xE7FE, 0xD1F9))) for _ in range(4000))
    return vectors + code + b"".join(line.encode() + b"\0" for line in strings).ljust(2048, b"\0")
