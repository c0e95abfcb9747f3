"""Fuzz the reader ``orthanc``: ``python fuzz/fuzz_orthanc.py`` (with atheris), or ``python fuzz/run.py orthanc``."""

from harness import file_target, main

from asepsis.evidence.readers.config.orthanc import OrthancReader

TestOneInput = file_target(OrthancReader())

if __name__ == "__main__":
    main(TestOneInput)
