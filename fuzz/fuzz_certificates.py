"""Fuzz the reader ``certificates``: ``python fuzz/fuzz_certificates.py`` (with atheris), or ``python fuzz/run.py certificates``."""

from cryptography.hazmat.primitives.serialization import Encoding
from harness import main, pattern_target
from tests.unit.evidence.made_keys import ED
from tests.unit.evidence.test_certificates import made

from asepsis.evidence.readers.keys.certificates import CertificatesReader

TestOneInput = pattern_target(CertificatesReader())
CERTIFICATE = made("pump", "maker", key=ED, authority=True)
SEEDS = (
    CERTIFICATE.public_bytes(Encoding.DER),
    CERTIFICATE.public_bytes(Encoding.PEM),
    CERTIFICATE.public_bytes(Encoding.PEM).replace(b"\n", b"\\n"),
)

if __name__ == "__main__":
    main(TestOneInput)
