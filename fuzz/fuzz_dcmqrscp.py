"""Fuzz the reader ``dcmqrscp``: ``python fuzz/fuzz_dcmqrscp.py`` (with atheris), or ``python fuzz/run.py dcmqrscp``."""

from harness import file_target, main

from asepsis.evidence.readers.clinical.dcmqrscp import DcmqrscpReader

TestOneInput = file_target(DcmqrscpReader())

if __name__ == "__main__":
    main(TestOneInput)
