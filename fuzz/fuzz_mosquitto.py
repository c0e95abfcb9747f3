"""Fuzz the reader ``mosquitto``: ``python fuzz/fuzz_mosquitto.py`` (with atheris), or ``python fuzz/run.py mosquitto``."""

from harness import file_target, main

from asepsis.evidence.readers.network.mosquitto import MosquittoReader

TestOneInput = file_target(MosquittoReader())

if __name__ == "__main__":
    main(TestOneInput)
