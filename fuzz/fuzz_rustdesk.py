"""Fuzz the reader ``rustdesk``: ``python fuzz/fuzz_rustdesk.py`` (with atheris), or ``python fuzz/run.py rustdesk``."""

from harness import file_target, main

from asepsis.evidence.readers.config.rustdesk import RustdeskReader

TestOneInput = file_target(RustdeskReader())

if __name__ == "__main__":
    main(TestOneInput)
