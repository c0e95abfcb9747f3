"""Fuzz the reader ``called_script``: ``python fuzz/fuzz_called_script.py`` (with atheris), or ``python fuzz/run.py called_script``."""

from harness import file_target, main

from asepsis.evidence.readers.config.called_script import CalledScriptReader

TestOneInput = file_target(CalledScriptReader())

if __name__ == "__main__":
    main(TestOneInput)
