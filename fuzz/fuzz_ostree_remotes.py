"""Fuzz the reader ``ostree_remotes``: ``python fuzz/fuzz_ostree_remotes.py`` (with atheris), or ``python fuzz/run.py ostree_remotes``."""

from harness import file_target, main

from asepsis.evidence.readers.update.ostree_remotes import OstreeRemotesReader

TestOneInput = file_target(OstreeRemotesReader())

if __name__ == "__main__":
    main(TestOneInput)
