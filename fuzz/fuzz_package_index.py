"""Fuzz the reader ``package_index``: ``python fuzz/fuzz_package_index.py`` (with atheris), or ``python fuzz/run.py package_index``."""

from harness import file_target, main

from asepsis.evidence.readers.update.package_index import PackageIndexReader

TestOneInput = file_target(PackageIndexReader())

if __name__ == "__main__":
    main(TestOneInput)
