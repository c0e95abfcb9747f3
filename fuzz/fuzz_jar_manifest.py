"""Fuzz the reader ``jar_manifest``: ``python fuzz/fuzz_jar_manifest.py`` (with atheris), or ``python fuzz/run.py jar_manifest``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.jar_manifest import JarManifestReader

TestOneInput = file_target(JarManifestReader(), "a-1.0.jar!META-INF/MANIFEST.MF")

if __name__ == "__main__":
    main(TestOneInput)
