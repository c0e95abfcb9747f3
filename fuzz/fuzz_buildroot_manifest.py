"""Fuzz the reader ``buildroot_manifest``: ``python fuzz/fuzz_buildroot_manifest.py`` (with atheris), or ``python fuzz/run.py buildroot_manifest``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.buildroot_manifest import BuildrootManifestReader

TestOneInput = file_target(BuildrootManifestReader())

if __name__ == "__main__":
    main(TestOneInput)
