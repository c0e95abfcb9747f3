"""Fuzz the reader ``certificates``: ``python fuzz/fuzz_certificates.py`` (with atheris), or ``python fuzz/run.py certificates``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.certificates import CertificatesReader

TestOneInput = pattern_target(CertificatesReader())

if __name__ == "__main__":
    main(TestOneInput)
