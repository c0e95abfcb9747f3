"""Fuzz the reader ``uci_firewall``: ``python fuzz/fuzz_uci_firewall.py`` (with atheris), or ``python fuzz/run.py uci_firewall``."""

from harness import file_target, main

from asepsis.evidence.readers.config.uci_firewall import UciFirewallReader

TestOneInput = file_target(UciFirewallReader())

if __name__ == "__main__":
    main(TestOneInput)
