"""Fuzz the reader ``versions``: ``python fuzz/fuzz_versions.py`` (with atheris), or ``python fuzz/run.py versions``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.versions import VersionsReader
from asepsis.knowledge.signatures import shipped_signatures

TestOneInput = pattern_target(VersionsReader())
SEEDS = tuple(b"\x7fELF\0" + example.text.encode("latin-1") + b"\0" for part in shipped_signatures() for example in part.example)

if __name__ == "__main__":
    main(TestOneInput)
