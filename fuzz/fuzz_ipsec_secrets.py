"""Fuzz the reader ``ipsec_secrets``: ``python fuzz/fuzz_ipsec_secrets.py`` (with atheris), or ``python fuzz/run.py ipsec_secrets``."""

from harness import file_target, main

from asepsis.evidence.readers.network.ipsec_secrets import IpsecSecretsReader

TestOneInput = file_target(IpsecSecretsReader())

if __name__ == "__main__":
    main(TestOneInput)
