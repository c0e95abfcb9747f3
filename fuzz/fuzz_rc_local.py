"""Fuzz the reader ``rc_local``: ``python fuzz/fuzz_rc_local.py`` (with atheris), or ``python fuzz/run.py rc_local``."""

from harness import file_target, main

from asepsis.evidence.readers.config.rc_local import RcLocalReader

TestOneInput = file_target(RcLocalReader())

if __name__ == "__main__":
    main(TestOneInput)
