"""Fuzz the reader ``anydesk``: ``python fuzz/fuzz_anydesk.py`` (with atheris), or ``python fuzz/run.py anydesk``."""

from harness import file_target, main

from asepsis.evidence.readers.config.anydesk import AnydeskReader

TestOneInput = file_target(AnydeskReader())

if __name__ == "__main__":
    main(TestOneInput)
