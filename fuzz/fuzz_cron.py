"""Fuzz the reader ``cron``: ``python fuzz/fuzz_cron.py`` (with atheris), or ``python fuzz/run.py cron``."""

from harness import file_target, main

from asepsis.evidence.readers.config.cron import CronReader

TestOneInput = file_target(CronReader())

if __name__ == "__main__":
    main(TestOneInput)
