"""Fuzz the reader ``openvpn``: ``python fuzz/fuzz_openvpn.py`` (with atheris), or ``python fuzz/run.py openvpn``."""

from harness import file_target, main

from asepsis.evidence.readers.network.openvpn import OpenvpnReader

TestOneInput = file_target(OpenvpnReader())

if __name__ == "__main__":
    main(TestOneInput)
