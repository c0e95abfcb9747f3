"""Fuzz the reader ``wireguard``: ``python fuzz/fuzz_wireguard.py`` (with atheris), or ``python fuzz/run.py wireguard``."""

from harness import file_target, main

from asepsis.evidence.readers.network.wireguard import WireguardReader

TestOneInput = file_target(WireguardReader())

if __name__ == "__main__":
    main(TestOneInput)
