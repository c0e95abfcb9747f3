"""Fuzz the reader ``ruby_gem``: ``python fuzz/fuzz_ruby_gem.py`` (with atheris), or ``python fuzz/run.py ruby_gem``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.ruby_gem import RubyGemReader

TestOneInput = file_target(RubyGemReader())

if __name__ == "__main__":
    main(TestOneInput)
