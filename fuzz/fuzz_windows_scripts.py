"""Fuzz the reader ``windows_scripts``: ``python fuzz/fuzz_windows_scripts.py`` (with atheris), or ``python fuzz/run.py windows_scripts``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.windows_scripts import WindowsScriptsReader

TestOneInput = file_target(WindowsScriptsReader())

if __name__ == "__main__":
    main(TestOneInput)
