"""Fuzz the reader ``hosts_access``: ``python fuzz/fuzz_hosts_access.py`` (with atheris), or ``python fuzz/run.py hosts_access``."""

from harness import file_target, main

from asepsis.evidence.readers.config.hosts_access import HostsAccessReader

TestOneInput = file_target(HostsAccessReader())

if __name__ == "__main__":
    main(TestOneInput)
