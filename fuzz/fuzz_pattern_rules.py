"""Fuzz the reader ``pattern_rules``: ``python fuzz/fuzz_pattern_rules.py`` (with atheris), or ``python fuzz/run.py pattern_rules``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.pattern_rules import PatternRulesReader

TestOneInput = pattern_target(PatternRulesReader())

if __name__ == "__main__":
    main(TestOneInput)
