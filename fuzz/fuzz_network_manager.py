"""Fuzz the reader ``network_manager``: ``python fuzz/fuzz_network_manager.py`` (with atheris), or ``python fuzz/run.py network_manager``."""

from harness import file_target, main

from asepsis.evidence.readers.config.network_manager import NetworkManagerReader

TestOneInput = file_target(NetworkManagerReader())

if __name__ == "__main__":
    main(TestOneInput)
