"""Fuzz the reader ``node_package``: ``python fuzz/fuzz_node_package.py`` (with atheris), or ``python fuzz/run.py node_package``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.node_package import NodePackageReader

TestOneInput = file_target(NodePackageReader())

if __name__ == "__main__":
    main(TestOneInput)
