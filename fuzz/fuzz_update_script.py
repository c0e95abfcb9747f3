"""Fuzz the reader ``update_script``: ``python fuzz/fuzz_update_script.py`` (with atheris), or ``python fuzz/run.py update_script``."""

from harness import file_target, main

from asepsis.evidence.readers.config.update_script import UpdateScriptReader

TestOneInput = file_target(UpdateScriptReader())

if __name__ == "__main__":
    main(TestOneInput)
