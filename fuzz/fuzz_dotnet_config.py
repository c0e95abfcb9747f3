"""Fuzz the reader ``dotnet_config``: ``python fuzz/fuzz_dotnet_config.py`` (with atheris), or ``python fuzz/run.py dotnet_config``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.dotnet_config import DotnetConfigReader

TestOneInput = file_target(DotnetConfigReader())

if __name__ == "__main__":
    main(TestOneInput)
