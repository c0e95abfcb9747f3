"""Fuzz the reader ``yocto_manifest``: ``python fuzz/fuzz_yocto_manifest.py`` (with atheris), or ``python fuzz/run.py yocto_manifest``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.yocto_manifest import YoctoManifestReader

TestOneInput = file_target(YoctoManifestReader(), "license.manifest")

if __name__ == "__main__":
    main(TestOneInput)
