"""Fuzz the reader ``dotnet_deps``: ``python fuzz/fuzz_dotnet_deps.py`` (with atheris), or ``python fuzz/run.py dotnet_deps``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.dotnet_deps import DotnetDepsReader

TestOneInput = file_target(DotnetDepsReader())

if __name__ == "__main__":
    main(TestOneInput)
