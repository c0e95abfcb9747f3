"""Fuzz the reader ``teamviewer_conf``: ``python fuzz/fuzz_teamviewer_conf.py`` (with atheris), or ``python fuzz/run.py teamviewer_conf``."""

from harness import file_target, main

from asepsis.evidence.readers.config.teamviewer_conf import TeamviewerConfReader

TestOneInput = file_target(TeamviewerConfReader())

if __name__ == "__main__":
    main(TestOneInput)
