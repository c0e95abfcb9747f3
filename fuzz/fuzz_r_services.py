"""Fuzz the reader ``r_services``: ``python fuzz/fuzz_r_services.py`` (with atheris), or ``python fuzz/run.py r_services``."""

from harness import file_target, main

from asepsis.evidence.readers.config.r_services import RServicesReader

TestOneInput = file_target(RServicesReader())

if __name__ == "__main__":
    main(TestOneInput)
