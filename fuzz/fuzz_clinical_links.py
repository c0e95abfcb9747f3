"""Fuzz the reader ``clinical_links``: ``python fuzz/fuzz_clinical_links.py`` (with atheris), or ``python fuzz/run.py clinical_links``."""

from harness import file_target, main

from asepsis.evidence.readers.config.clinical_links import ClinicalLinksReader

TestOneInput = file_target(ClinicalLinksReader())

if __name__ == "__main__":
    main(TestOneInput)
