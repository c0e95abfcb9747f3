"""Compile compiled_programs.c for every processor that is understood, and write the programs to compiled_programs.toml.

    python tests/unit/evidence/compile_programs.py

Needs Debian's cross compilers (gcc-{arm-linux-gnueabi,aarch64-linux-gnu,mips-linux-gnu,mipsel-linux-gnu,powerpc-linux-gnu,i686-linux-gnu},
gcc-mingw-w64, with their C libraries). The tests themselves only need the file that this writes.
"""

from __future__ import annotations

import base64
import subprocess
import tempfile
import zlib
from pathlib import Path

HERE = Path(__file__).parent
ELF = (
    "-nostartfiles",
    "-Wl,-e,begin",
    "-Wl,-z,noseparate-code",
    "-Wl,-z,max-page-size=4096",
    "-Wl,--build-id=none",
    "-fno-asynchronous-unwind-tables",
)
PE = ("-nostdlib", "-Wl,-e,begin", "-fno-asynchronous-unwind-tables")
FIXED = ("-fno-pie", "-no-pie")
STATIC = (
    "-static",
    "-fno-builtin",
    "-nostdlib",
    "-Wl,-e,begin",
    "-Wl,-z,max-page-size=4096",
    "-Wl,--build-id=none",
    "-fno-asynchronous-unwind-tables",
)
"""With :file:`compiled_libc.c` in the place of the C library."""
PROGRAMS = {
    "x86-64": ("gcc", "-O2", "-s", *ELF),
    "x86-64 at a fixed place": ("gcc", "-O2", "-s", *FIXED, *ELF),
    "x86-64 plainly compiled": ("gcc", "-O0", "-s", *ELF),
    "x86-64 with symbols": ("gcc", "-O2", *ELF),
    "x86": ("i686-linux-gnu-gcc", "-O2", "-s", *ELF),
    "x86 plainly compiled": ("i686-linux-gnu-gcc", "-O0", "-s", *ELF),
    "x86 at a fixed place": ("i686-linux-gnu-gcc", "-Os", "-s", *FIXED, *ELF),
    "ARM": ("arm-linux-gnueabi-gcc", "-O2", "-s", "-marm", *ELF),
    "ARM v7 at a fixed place": ("arm-linux-gnueabi-gcc", "-O2", "-s", "-marm", "-march=armv7-a", *FIXED, *ELF),
    "ARM, small": ("arm-linux-gnueabi-gcc", "-Os", "-s", "-marm", *FIXED, *ELF),
    "Thumb": ("arm-linux-gnueabi-gcc", "-Os", "-s", "-mthumb", "-march=armv7-a", *ELF),
    "Thumb at a fixed place": ("arm-linux-gnueabi-gcc", "-O0", "-s", "-mthumb", "-march=armv7-a", *FIXED, *ELF),
    "AArch64": ("aarch64-linux-gnu-gcc", "-O2", "-s", *ELF),
    "AArch64 without stubs": ("aarch64-linux-gnu-gcc", "-Os", "-s", "-fno-plt", *ELF),
    "MIPS": ("mips-linux-gnu-gcc", "-O2", "-s", *ELF),
    "MIPS plainly compiled": ("mipsel-linux-gnu-gcc", "-O0", "-s", *ELF),
    "MIPS at a fixed place": ("mipsel-linux-gnu-gcc", "-Os", "-s", "-mplt", "-mno-shared", *FIXED, *ELF),
    "MIPS, static": ("mips-linux-gnu-gcc", "-Os", *STATIC),
    "x86-64, static": ("gcc", "-Os", "-DCHOSEN", *STATIC),
    "x86, static": ("i686-linux-gnu-gcc", "-Os", "-DCHOSEN", *STATIC),
    "PowerPC at a fixed place": ("powerpc-linux-gnu-gcc", "-O2", "-s", *FIXED, *ELF),
    "Windows, 64 bit": ("x86_64-w64-mingw32-gcc", "-O2", "-s", *PE),
    "Windows, 32 bit": ("i686-w64-mingw32-gcc", "-O2", "-s", *PE),
}


def compiled(compiler: str, *options: str) -> bytes:
    """The program."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "program.exe")
        libraries = ["-lmsvcrt"] if "mingw" in compiler else []
        sources = [HERE / "compiled_programs.c", *([HERE / "compiled_libc.c"] if "-static" in options else [])]
        subprocess.run([compiler, *options, "-o", made, *sources, *libraries], check=True)
        return made.read_bytes()


def main() -> None:
    """Write all programs."""
    lines = ["# Written by compile_programs.py from compiled_programs.c: zlib, base64."]
    for name, (compiler, *options) in PROGRAMS.items():
        text = base64.b64encode(zlib.compress(compiled(compiler, *options), 9)).decode()
        lines.append(f'"{name}" = "{text}"')
    (HERE / "compiled_programs.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
