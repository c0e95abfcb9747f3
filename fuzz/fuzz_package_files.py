"""Fuzz the reader ``package_files``: ``python fuzz/fuzz_package_files.py`` (with atheris), or ``python fuzz/run.py package_files``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.package_files import PackageFilesReader

TestOneInput = file_target(PackageFilesReader(), "var/lib/dpkg/info/a.list")

if __name__ == "__main__":
    main(TestOneInput)
