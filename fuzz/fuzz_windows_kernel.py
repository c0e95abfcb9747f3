"""Fuzz the reader ``windows_kernel``: ``python fuzz/fuzz_windows_kernel.py`` (with atheris), or ``python fuzz/run.py windows_kernel``."""

from harness import file_target, main
from tests.unit.evidence.test_windows_kernel import program

from asepsis.evidence.readers.windows.windows_kernel import WindowsKernelReader

TestOneInput = file_target(WindowsKernelReader(), "WINDOWS/system32/ntoskrnl.exe")
SEEDS = (program((6, 1, 7601, 1)), program((6, 0, 0, 0), "Microsoft Windows CE", wide=False), b"B000FF\n" + bytes(40))

if __name__ == "__main__":
    main(TestOneInput)
