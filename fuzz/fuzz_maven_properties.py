"""Fuzz the reader ``maven_properties``: ``python fuzz/fuzz_maven_properties.py`` (with atheris), or ``python fuzz/run.py maven_properties``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.maven_properties import MavenPropertiesReader

TestOneInput = file_target(MavenPropertiesReader())

if __name__ == "__main__":
    main(TestOneInput)
