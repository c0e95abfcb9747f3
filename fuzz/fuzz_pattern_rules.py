"""Fuzz the reader ``pattern_rules``: ``python fuzz/fuzz_pattern_rules.py`` (with atheris), or ``python fuzz/run.py pattern_rules``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.pattern_rules import PatternRulesReader
from asepsis.knowledge.pattern_rules import shipped_rules

TestOneInput = pattern_target(PatternRulesReader())
SEEDS = tuple(example.text.encode() for rule in shipped_rules() for example in rule.example)

if __name__ == "__main__":
    main(TestOneInput)
