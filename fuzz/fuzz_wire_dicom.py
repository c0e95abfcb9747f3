"""Fuzz the decoder of DICOM: ``python fuzz/fuzz_wire_dicom.py`` (with atheris), or ``python fuzz/run.py wire_dicom``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_dicom import DIALOGUE, MIDDLE, QUERY
from wire_dialogue import MARK, dialogue_target, seed

from asepsis.evidence.wire.decoders.dicom import DicomDecoder

SEEDS = (seed(DIALOGUE), seed(QUERY), seed(MIDDLE), seed(DIALOGUE[:2]) + MARK + b"M\0\0\1\0" + seed(QUERY))
TestOneInput = dialogue_target(DicomDecoder())

if __name__ == "__main__":
    main(TestOneInput)
