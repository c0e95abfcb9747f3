"""Fuzz the decoder of DICOM: ``python fuzz/fuzz_wire_dicom.py`` (with atheris), or ``python fuzz/run.py wire_dicom``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_dicom import DIALOGUE, MIDDLE, QUERY
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.dicom import DicomDecoder

SEEDS = seeds(DIALOGUE, QUERY, MIDDLE)
TestOneInput = decoder_target(DicomDecoder())

if __name__ == "__main__":
    main(TestOneInput)
