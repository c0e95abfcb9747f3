"""Fuzz the reader ``java_keystore``: ``python fuzz/fuzz_java_keystore.py`` (with atheris), or ``python fuzz/run.py java_keystore``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.java_keystore import JavaKeystoreReader

TestOneInput = pattern_target(JavaKeystoreReader())

if __name__ == "__main__":
    main(TestOneInput)
