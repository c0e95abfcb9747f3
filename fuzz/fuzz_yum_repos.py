"""Fuzz the reader ``yum_repos``: ``python fuzz/fuzz_yum_repos.py`` (with atheris), or ``python fuzz/run.py yum_repos``."""

from harness import file_target, main

from asepsis.evidence.readers.update.yum_repos import YumReposReader

TestOneInput = file_target(YumReposReader())

if __name__ == "__main__":
    main(TestOneInput)
