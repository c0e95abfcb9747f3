"""Fuzz the reader ``package_lists``: ``python fuzz/fuzz_package_lists.py`` (with atheris), or ``python fuzz/run.py package_lists``."""

from harness import file_target, main

from asepsis.evidence.readers.config.package_lists import PackageListsReader

TestOneInput = file_target(PackageListsReader())

if __name__ == "__main__":
    main(TestOneInput)
