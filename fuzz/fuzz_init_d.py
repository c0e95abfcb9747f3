"""Fuzz the reader ``init_d``: ``python fuzz/fuzz_init_d.py`` (with atheris), or ``python fuzz/run.py init_d``."""

from harness import file_target, main

from asepsis.evidence.readers.config.init_d import InitScriptReader

TestOneInput = file_target(InitScriptReader())

if __name__ == "__main__":
    main(TestOneInput)
