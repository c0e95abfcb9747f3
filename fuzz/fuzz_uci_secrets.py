"""Fuzz the reader ``uci_secrets``: ``python fuzz/fuzz_uci_secrets.py`` (with atheris), or ``python fuzz/run.py uci_secrets``."""

from harness import file_target, main

from asepsis.evidence.readers.network.uci_secrets import UciSecretsReader

TestOneInput = file_target(UciSecretsReader())

if __name__ == "__main__":
    main(TestOneInput)
