"""Fuzz the reader ``windows_kernel``: ``python fuzz/fuzz_windows_kernel.py`` (with atheris), or ``python fuzz/run.py windows_kernel``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.windows_kernel import WindowsKernelReader

TestOneInput = file_target(WindowsKernelReader())

if __name__ == "__main__":
    main(TestOneInput)
