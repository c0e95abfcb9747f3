"""Fuzz the reader ``debug_link``: ``python fuzz/fuzz_debug_link.py`` (with atheris), or ``python fuzz/run.py debug_link``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.debug_link import DebugLinkReader

TestOneInput = pattern_target(DebugLinkReader())
SEEDS = (b"\0python3.9-3.9.0-1.fc33.aarch64.debug\0", b"\0libfreerdp2.so.2-2.8.1-2.x86_64.debug\0")

if __name__ == "__main__":
    main(TestOneInput)
