"""Fuzz the reader ``nginx``: ``python fuzz/fuzz_nginx.py`` (with atheris), or ``python fuzz/run.py nginx``."""

from harness import file_target, main

from asepsis.evidence.readers.config.nginx import NginxReader

TestOneInput = file_target(NginxReader())

if __name__ == "__main__":
    main(TestOneInput)
