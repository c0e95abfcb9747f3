"""Fuzz the reader ``mirth_channel``: ``python fuzz/fuzz_mirth_channel.py`` (with atheris), or ``python fuzz/run.py mirth_channel``."""

from harness import file_target, main

from asepsis.evidence.readers.clinical.mirth_channel import MirthChannelReader

TestOneInput = file_target(MirthChannelReader())

if __name__ == "__main__":
    main(TestOneInput)
