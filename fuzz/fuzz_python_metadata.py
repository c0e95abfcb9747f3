"""Fuzz the reader ``python_metadata``: ``python fuzz/fuzz_python_metadata.py`` (with atheris), or ``python fuzz/run.py python_metadata``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.python_metadata import PythonMetadataReader

TestOneInput = file_target(PythonMetadataReader())

if __name__ == "__main__":
    main(TestOneInput)
